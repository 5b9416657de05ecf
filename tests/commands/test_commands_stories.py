"""`tandem draft` and `tandem stories`: from a first draft to an approval, and each refusal in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shared.roles import MAY
from tests import make
from tests.bad_inputs import BAD_INPUTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands.conftest import Answer, Tandem

Json = dict[str, Any]
ROLES = {"TANDEM_ROLES": '{"p-ed": ["editor"], "p-ops": ["editor"]}'}
FILE = """+++
title = "A crate too tall to fly"
by = { person_id = "p-ops", department = "warehouse" }
order_ids = ["SO-1"]
thanks = [{ person_id = "p-sales", department = "sales" }]
+++

The forwarder called, and we repacked 7 crates.
"""


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.md"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.fixture
def story(tandem: Tandem, draft: Path) -> str:
    """A story that waits; its id."""
    told: str = tandem("draft", "submit", draft, "--json").json["story_id"]
    return told


@pytest.fixture
def traded(tandem: Tandem, events: Callable[..., Path]) -> None:
    order = [make.registered(), make.placed(), make.confirmed(), make.raised(), make.resolved()]
    assert tandem("import", events(*order, make.delivered(100, make.at("03-13")))).code == 0


@pytest.mark.usefixtures("traded")
def test_a_first_draft_says_what_is_known(tandem: Tandem, tmp_path: Path) -> None:
    begun = tandem("draft", "new", "--order", "SO-1")
    for known in (
        "C-1 Ltd, order SO-1, first promised for 12 March 2026.",
        "A transport failure was raised on 5 March 2026; 3 days of delay were foreseen.",
        "The sales team kept the customer informed.",
        "Delivered on 13 March 2026, 1 day after the first promise.",
        "## May we name you?",
    ):
        assert known in begun.out
    document = tandem("draft", "new", "--order", "SO-1", "--json").json
    assert (document["order_ids"], document["customer_id"], len(document["questions"])) == (
        ["SO-1"],
        "C-1",
        7,
    )
    by = 'by = { person_id = "", department = "" }'
    filled = begun.out.replace('title = ""', 'title = "A title"').replace(by, FILE.splitlines()[2])
    (tmp_path / "filled.md").write_text(filled, encoding="utf-8")
    told = tandem("draft", "submit", "filled.md", "--json").json
    shown = tandem("stories", "show", told["story_id"], "--json").json
    assert "## " not in shown["body"]
    assert shown["concerns"] == [], "facts back what Tandem filled in"


def test_of_an_order_that_nobody_knows_there_is_none(tandem: Tandem) -> None:
    answer = tandem("draft", "new", "--order", "SO-9")
    assert (answer.code, answer.err) == (1, "No order SO-9; check the id, and import its events\n")


def test_a_story_is_handed_in_as_of_then(tandem: Tandem, draft: Path) -> None:
    told = tandem("draft", "submit", draft, "--as-of", "2026-04-02T08:00:00Z", "--json").json
    shown = tandem("stories", "show", told["story_id"], "--json").json
    assert shown["waits_since"].startswith("2026-04-02T08:00:00")


def test_handed_in_twice_is_known(tandem: Tandem, draft: Path) -> None:
    first = tandem("draft", "submit", draft, "--json").json
    again = tandem("draft", "submit", draft, "--json").json
    assert (first["outcome"], again["outcome"]) == ("submitted", "known")
    assert first["draft_id"] == again["draft_id"]
    keyed = tandem("draft", "submit", draft, "--key", "k1", "--json").json
    assert keyed["draft_id"] != first["draft_id"]
    draft.write_text(FILE.replace("7", "8"), encoding="utf-8")
    other = tandem("draft", "submit", draft, "--key", "k1")
    assert (other.code, "under a new key" in other.err) == (1, True)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('"A crate too tall to fly"', '""', "title"),
        ('"A crate too tall to fly"', f'"{"x" * 151}"', "title"),
        ("warehouse", "cleaning", "by.department"),
        ('["SO-1"]', "[1]", "order_ids.0"),
        ("order_ids", "orders", "orders"),
        ("The forwarder called, and we repacked 7 crates.", "", "body"),
    ],
)
def test_what_is_wrong_is_named(tandem: Tandem, draft: Path, old: str, new: str, field: str) -> None:
    draft.write_text(FILE.replace(old, new), encoding="utf-8")
    answer = tandem("draft", "submit", draft, "--json")
    assert (answer.code, answer.json["field"]) == (1, field)
    plain = tandem("draft", "submit", draft)
    assert (plain.code, plain.out) == (1, "")
    assert plain.err.startswith(f"{field}: ")
    assert tandem("stories", "--json").json == []


@pytest.mark.parametrize("bad", [pytest.param(one.raw, id=one.name) for one in BAD_INPUTS[::20]])
def test_no_bad_input_becomes_a_draft(tandem: Tandem, tmp_path: Path, bad: bytes) -> None:
    (tmp_path / "bad").write_bytes(bad)
    answer = tandem("draft", "submit", "bad", "--json")
    assert answer.code == 1
    assert answer.json["reason"].isprintable()


def decide(tandem: Tandem, action: str, story: str, *more: str, **environment: str) -> Answer:
    return tandem("stories", action, story, *more, **(ROLES | environment))


@pytest.mark.usefixtures("traded")
def test_from_the_queue_to_an_approval(tandem: Tandem, story: str) -> None:
    [waiting] = tandem("stories", "--json").json
    assert (waiting["story_id"], waiting["state"], waiting["overdue"]) == (story, "submitted", False)
    shown = tandem("stories", "show", story, "--json").json
    assert shown["concerns"] == [{"kind": "figure", "text": "7", "stops": "reason"}]
    assert [gate["name"] for gate in shown["gates"] if not gate["passed"]] == ["confirmed_by_the_other_side"]
    by = ("--as", "p-sales", "--department", "sales")
    assert tandem("draft", "confirm", story.partition(":")[2], "--line", "So it was.", *by).code == 0
    refused = decide(tandem, "approve", story, "--as", "p-ed")
    assert (refused.code, "figure 7" in refused.err) == (1, True)
    approved = decide(
        tandem,
        "approve",
        story,
        "--as",
        "p-ed",
        "--hash",
        shown["hash"][:12],
        "--override",
        "counted",
        "--json",
    )
    assert approved.json == {"story_id": story, "state": "approved", "hash": shown["hash"]}
    assert tandem("stories", "--state", "submitted", "--json").json == []
    text = tandem("stories", "show", story)
    assert "approve by p-ed: counted (let stand: figure 7)" in text.out
    assert "yes  Someone else, of the other side, confirmed it within days." in text.out


@pytest.mark.usefixtures("traded")
@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("approve", "--as", "p-ops"), "another editor must approve it"),
        (("approve", "--as", "p-new"), "may not approve"),
        (("approve", "--as", "p-ed", "--hash", "0" * 32), "reads otherwise"),
        (("return", "--as", "p-ed", "--comment", " "), "say what to change"),
        (("retract", "--as", "p-ed", "--reason", ""), "say why"),
        (("object", "--as", "p-new"), "may not object"),
        (("merge", "--as", "p-ed", "--into", "nothing"), "no other story"),
        (("edit", "--as", "p-ed", "--title", "a\x1bb"), "title:"),
    ],
)
def test_refusals_say_what_to_do(tandem: Tandem, story: str, call: tuple[str, ...], said: str) -> None:
    action, *more = call
    answer = decide(tandem, action, story, *more)
    assert answer.code == 1
    assert said in answer.err
    assert answer.err.count("\n") == 1
    assert tandem("stories", "--json").json[0]["state"] == "submitted"


@pytest.mark.parametrize("action", ["approve", "return", "retract", "object", "merge", "edit"])
def test_of_a_story_that_is_not_there(tandem: Tandem, action: str) -> None:
    more = {
        "return": ["--comment", "x"],
        "retract": ["--reason", "x"],
        "merge": ["--into", "x"],
        "edit": ["--title", "x"],
    }
    answer = decide(tandem, action, "story-x", "--as", "p-ed", *more.get(action, []))
    assert (answer.code, answer.err) == (1, "There is no story story-x; tandem stories lists them\n")
    assert action in MAY


def test_returned_and_edited_and_merged(tandem: Tandem, story: str, tmp_path: Path) -> None:
    assert (
        decide(tandem, "return", story, "--as", "p-ed", "--comment", "Shorter").out
        == f"{story} is returned.\n"
    )
    (tmp_path / "text.md").write_text("We repacked.", encoding="utf-8")
    assert (
        decide(tandem, "edit", story, "--as", "p-ops", "--file", "text.md", "--json").json["state"]
        == "returned"
    )
    (tmp_path / "other.md").write_text(FILE.replace("7 crates", "it"), encoding="utf-8")
    other = tandem("draft", "submit", "other.md", "--json").json["story_id"]
    assert decide(tandem, "merge", story, "--as", "p-ed", "--into", other).code == 0
    assert decide(tandem, "object", other, "--as", "p-sales").code == 0
    assert "merged into it" in tandem("stories", "show", other).out


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("stories", "--state", "done"), "--state done: write one of draft,"),
        (("stories", "edit", "s", "--as", "p"), "Write --title, or --file"),
        (("stories", "approve", "s", "--as", " "), "--as is empty"),
        (("stories", "edit", "s", "--as", "p", "--file", "none.md"), "--file none.md: No such file"),
        (("draft", "submit", "none.md"), "none.md: No such file"),
    ],
)
def test_wrong_usage(tandem: Tandem, call: tuple[str, ...], said: str) -> None:
    answer = tandem(*call)
    assert answer.code == 2
    assert answer.err.startswith(said)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TANDEM_ROLES", '{"p": ["chief"]}'),
        ("TANDEM_ROLES", "p"),
        ("TANDEM_DEPUTIES", "p"),
        ("TANDEM_BRAND_LINK_HOSTS", '["https://x"]'),
        ("TANDEM_STORY_WAIT_DAYS", "0"),
    ],
)
def test_wrong_settings_are_named(tandem: Tandem, name: str, value: str) -> None:
    answer = tandem("stories", **{name: value})
    assert answer.code == 2
    assert answer.err.startswith(name[:12])
