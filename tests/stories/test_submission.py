"""Stories as they are handed in: JSON or Markdown, the same fields, the same refusals."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events.catalogue import parse
from shared.events.decoding import Rejected
from shared.languages import languages
from shared.stories.submission import MOST_BYTES, confirmed, of_form, questions, read, submitted, words
from tests.bad_inputs import BAD_INPUTS
from tests.make import instant

Json = dict[str, Any]
NOW = instant("03-16")
BY = {"person_id": "p-ops", "department": "warehouse", "name": "Jonas Weber"}
FORM: Json = {"title": "A crate", "body": "We *repacked* it.", "by": BY, "order_ids": ["SO-1"]}
MARKDOWN = """+++
title = "A crate"
by = { person_id = "p-ops", department = "warehouse", name = "Jonas Weber" }
order_ids = ["SO-1"]
customer_id = ""
thanks = []
+++

We *repacked* it.
"""


def event(raw: bytes, key: str = "k") -> Any:
    return parse(submitted(read(raw), "tandem/cli", key, NOW))


def refused(raw: bytes) -> tuple[str, str]:
    with pytest.raises(Rejected) as caught:
        event(raw)
    return caught.value.field, caught.value.reason


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_markdown_and_json_say_the_same(newline: str, bom: bytes) -> None:
    raw = bom + MARKDOWN.replace("\n", newline).encode()
    assert read(raw) == read(bom + orjson.dumps(FORM))
    told = event(raw)
    assert (told.data.title, told.data.body, told.data.actor.person_id) == (
        "A crate",
        "We *repacked* it.",
        "p-ops",
    )
    assert told.data.order_ids == ("SO-1",)


def test_a_key_names_the_draft_and_its_own_id_comes_first() -> None:
    raw = orjson.dumps(FORM)
    one, same, other = event(raw), event(raw), event(raw, "other")
    assert (one.id, one.data.draft_id) == (same.id, same.data.draft_id)
    assert one.id != other.id
    assert event(orjson.dumps(FORM | {"draft_id": "D-7"})).data.draft_id == "D-7"


@pytest.mark.parametrize("language", languages())
def test_questions_and_what_was_not_answered_go(language: str) -> None:
    told = "".join(
        f"## {question}\n{answer}\n\n"
        for question, answer in zip(questions(language), "ab cd  ", strict=True)
    )
    assert read(orjson.dumps(FORM | {"body": told + "## My own\nend"})).data["body"].split() == [
        *"abcd", "##", "My", "own", "end",
    ]  # fmt: skip


def test_letters_are_composed() -> None:
    assert read(orjson.dumps(FORM | {"title": "Mu\u0308ller"})).data["title"] == "M\u00fcller"
    assert read(orjson.dumps(FORM | {"title": "Mu\u0308ller"})) == read(
        orjson.dumps(FORM | {"title": "Müller"})
    )


WRONG: list[tuple[Json, str]] = [
    ({"title": None}, "title"),
    ({"title": ""}, "title"),
    ({"title": "  "}, "title"),
    ({"title": "x" * 151}, "title"),
    ({"title": "a\r\nBcc: b@example.com"}, "title"),
    ({"title": "=?utf-8?q?=0D=0ABcc:?="}, "title"),
    ({"title": "a\u2028b"}, "title"),
    ({"title": "a\u0000b"}, "title"),
    ({"title": "a\u202eb"}, "title"),
    ({"title": 7}, "title"),
    ({"body": ""}, "body"),
    ({"body": " \n "}, "body"),
    ({"body": "## What did you do?\n"}, "body"),
    ({"body": "ü" * 10_241}, "body"),
    ({"body": "a\u0000b"}, "body"),
    ({"body": "a\u2067b"}, "body"),
    ({"body": None}, "body"),
    ({"by": None}, "by"),
    ({"by": "p-ops"}, "by"),
    ({"by": {"person_id": "p-ops"}}, "by.department"),
    ({"by": BY | {"department": "cleaning"}}, "by.department"),
    ({"by": BY | {"person_id": "p\u200b"}}, "by.person_id"),
    ({"order_ids": "SO-1"}, "order_ids"),
    ({"order_ids": [1]}, "order_ids.0"),
    ({"order_ids": ["u\u0308"]}, "data.order_ids.0"),
    ({"thanks": [{"person_id": "p"}]}, "thanks.0.department"),
    ({"draft_id": ""}, "draft_id"),
    ({"draft_id": "x" * 201}, "draft_id"),
    ({"state": "approved"}, "state"),
]


@pytest.mark.parametrize(("wrong", "field"), WRONG)
def test_what_is_wrong_is_named(wrong: Json, field: str) -> None:
    told, reason = refused(orjson.dumps(FORM | wrong))
    assert told == field.removeprefix("data.")
    assert reason.isprintable()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"junk",
        b"{",
        b"[1]",
        b'{"title": NaN}',
        b'{"title":"a","title":"b"}',
        b'{"title":"\\ud800"}',
        b'{"a":' * 5000,
        b"\xff\xfe",
        b"+++\ntitle = \n+++\ntext",
        b"+++\ntitle = 'x'\n",
        b"+++\nbody = 'x'\n+++\ntext",
        b"+++\ntitle = 99999999999999999999\n+++\ntext",
        b"+++\na = " + b"[" * 5000 + b"\n+++\ntext",
        b"x" * (MOST_BYTES + 1),
    ],
    ids=range(15),
)
def test_what_is_no_submission(raw: bytes) -> None:
    field, reason = refused(raw)
    assert field in {"", "title", "body"}
    assert reason


@pytest.mark.parametrize("bad", [pytest.param(one.raw, id=one.name) for one in BAD_INPUTS])
def test_no_bad_input_is_a_submission(bad: bytes) -> None:
    _, reason = refused(bad)
    assert reason.isprintable()


@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: f"+++\n{text}\n+++\nx".encode("utf-8", "replace"))
)
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with suppress(Rejected):
        event(raw)


FIELDS = {
    "title": st.text(max_size=200),
    "body": st.text(max_size=300),
    "by": st.just(BY),
    "order_ids": st.lists(st.text()),
}


@given(st.fixed_dictionaries(FIELDS))
def test_any_form_is_taken_or_refused(form: Json) -> None:
    with suppress(Rejected):
        told = parse(submitted(of_form(form), "tandem/cli", "k", NOW))
        assert told.data.title.strip()
        assert told.data.body.strip()


def test_changed_words_are_checked_like_those_of_a_submission() -> None:
    assert words(" Mu\u0308ller ", None) == {"title": "M\u00fcller"}
    for title, body in (("a\nb", None), (None, " "), (None, "\u202e"), ("x" * 151, "fine")):
        with pytest.raises(Rejected):
            words(title, body)


def test_a_confirmation_is_named_by_what_it_says() -> None:
    by = {"person_id": "p-sales", "department": "sales"}
    one = parse(confirmed("D-1", "So it was.", by, "tandem/cli", NOW))
    assert one.data.line == "So it was."
    assert one.id == parse(confirmed("D-1", " So it was. ", by, "tandem/cli", NOW)).id
    with pytest.raises(Rejected, match=r"by\.department"):
        confirmed("D-1", "So", {"person_id": "p"}, "tandem/cli", NOW)
