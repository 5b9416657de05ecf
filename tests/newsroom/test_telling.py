"""Telling a story over HTTP: nothing that was written is lost, and one story comes of it."""

from __future__ import annotations

import html
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import escape
from sqlalchemy import text as sql

from services.newsroom.web.tries import HANDED_IN
from shared import tables
from shared.editing import Desk
from shared.people import choosing
from shared.roles import Actor
from shared.rules import DEFAULTS
from shared.store import sign_ins, stories
from shared.stories.manuscript import loaded
from tests import make
from tests.newsroom.visiting import browser, sign_in
from tests.newsroom.writing import STORY, company, jpeg, writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.stories.review import Story
    from tests.http.newsroom import Newsroom

MINE = "We drove it over, in the lunch break."
AWAY = {"sec-fetch-site": "cross-site"}


@pytest.fixture(autouse=True)
def _company(newsroom: Newsroom) -> None:
    company(newsroom)


def told(newsroom: Newsroom) -> list[Story]:
    with newsroom.store.reading() as connection:
        return stories.listed(connection)


def desk(newsroom: Newsroom) -> Desk:
    return Desk(newsroom.store, datetime.now(UTC), DEFAULTS)


EDITOR = Actor("editor", frozenset({"reporter", "editor"}))


def test_an_order_is_found_as_one_types(newsroom: Newsroom) -> None:
    weber = sign_in(newsroom, "p-weber")
    for text in ("SO-1", "so-1", "nordl", "NORDLICHT P", "O-1"):
        for path in (f"/tell?q={text}", f"/tell/orders?q={text}"):
            page = weber.get(path).text
            assert 'value="SO-1"' in page, path
            assert "Nordlicht Pumps" in page
            assert "SO-2" not in page


def test_marks_are_not_needed_to_find_a_customer(newsroom: Newsroom) -> None:
    assert 'value="SO-2"' in sign_in(newsroom, "p-weber").get("/tell/orders?q=muller").text


def test_what_is_not_found_is_said(newsroom: Newsroom) -> None:
    weber = sign_in(newsroom, "p-weber")
    for text in ("", "x", "zzz", "%25%25", "__", "''", "%00", "\\\\", "%F0%9F%9A%9A%F0%9F%9A%9A"):
        for path in (f"/tell/orders?q={text}", f"/tell/people?q={text}&for=thanks"):
            answer = weber.get(path)
            assert answer.status_code in {200, 422}, path
            assert "choice" not in answer.text


def test_a_confidential_customer_is_found_by_number_alone(newsroom: Newsroom) -> None:
    secret = make.registered("C-1", name="Nordlicht Pumps", confidential=True, time=make.at("03-15"))
    newsroom.send(secret)
    newsroom.app.state.called.forget()
    weber = sign_in(newsroom, "p-weber")
    assert "SO-1" not in weber.get("/tell/orders?q=nordlicht").text
    by_number = weber.get("/tell/orders?q=SO-1").text
    assert 'value="SO-1"' in by_number
    assert "Nordlicht" not in by_number


def test_colleagues_are_found_by_name_without_their_address(newsroom: Newsroom) -> None:
    weber = sign_in(newsroom, "p-weber")
    found = weber.get("/tell/people?q=ruiz&for=witness").text
    assert "Ana Ruiz" in found
    assert "@" not in found
    assert "p-lin" not in weber.get("/tell/people?q=mei&for=witness").text, "of the same side"
    assert "p-lin" in weber.get("/tell/people?q=mei&for=thanks").text
    assert "p-weber" not in weber.get("/tell/people?q=jonas&for=thanks").text, "oneself"


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ("p-weber", ("first promised for 12 March 2026", "was raised on", "The sales team", "Delivered on")),
        ("p-lin", ("zuerst zugesagt für den 12. März 2026", "gemeldet", "Das Vertriebsteam", "Geliefert am")),
    ],
)
def test_what_is_known_is_filled_in(newsroom: Newsroom, person: str, said: tuple[str, ...]) -> None:
    page = writer(newsroom, person).page()
    for words in said:
        assert words in page
    assert "logistics team" not in page, "the own side tells itself what it did"


def test_who_took_part_is_there_to_choose(newsroom: Newsroom) -> None:
    people = "person_id,email,name,department\np-sales,s@example.com,Sam Sales,sales\n"
    choosing_from = people + "p-ops,o@example.com,Olli Ops,logistics\n"
    from shared.people.importing import import_people  # noqa: PLC0415 - for this test alone

    import_people(newsroom.store, choosing_from.encode(), make.LATER)
    page = writer(newsroom).page()
    assert re.search(r'type="radio" name="witness" value="p-sales"', page)
    assert not re.search(r'type="radio" name="witness" value="p-ops"', page)
    assert re.search(r'type="checkbox" name="thanks" value="p-ops"', page)


def test_beginning_twice_goes_on_with_the_same(newsroom: Newsroom) -> None:
    assert writer(newsroom).path == writer(newsroom).path != writer(newsroom, order="SO-2").path


def test_a_story_is_handed_in_by_the_one_use_case(newsroom: Newsroom) -> None:
    answer = writer(newsroom).send("hand-in")
    assert answer.status_code == 303
    [story] = told(newsroom)
    assert answer.headers["location"] == f"/tell?told={story.subject.removeprefix('draft/')}"
    assert (story.state, story.via, story.submitted_by and story.submitted_by.person_id) == (
        "submitted", "tandem/newsroom", "p-weber",
    )  # fmt: skip
    assert story.content.title == STORY["title"]
    assert story.content.body == STORY["answer-2"]
    assert (story.content.order_ids, story.content.customer_id) == (("SO-1",), "C-1")
    assert [each.person_id for each in story.content.named] == ["p-ruiz"]
    assert [(each.person_id, each.department) for each in story.content.thanks] == [
        ("p-ruiz", "sales"), ("p-lin", "logistics"),
    ]  # fmt: skip


def test_a_double_click_tells_one_story(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    with ThreadPoolExecutor(4) as clicks:
        answers = list(clicks.map(lambda _: weber.send("hand-in"), range(4)))
    assert {(each.status_code, each.headers.get("location")) for each in answers} == {
        (303, f"/tell?told={told(newsroom)[0].subject.removeprefix('draft/')}")
    }
    assert len(told(newsroom)) == 1
    with newsroom.store.reading() as connection:
        sent = sql("SELECT count(*) FROM journal WHERE type = 'tandem.draft.submitted.v1'")
        assert connection.scalar(sent) == 1


def test_other_words_are_a_new_version_which_is_read_anew(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    weber.send("hand-in")
    desk(newsroom).approve(told(newsroom)[0].story_id, EDITOR)
    assert "approved" in weber.browser.get("/tell").text
    weber.send("hand-in", title="Another crate")
    [story] = told(newsroom)
    assert (story.state, story.content.title) == ("submitted", "Another crate")
    weber.send("hand-in", title=STORY["title"])
    assert told(newsroom)[0].content.title == STORY["title"], "back to the first words is a version, too"


def test_what_is_returned_shows_why_and_is_handed_in_again(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    weber.send("hand-in")
    desk(newsroom).give_back(told(newsroom)[0].story_id, EDITOR, "Which <hall>?")
    for path in ("/tell", weber.path):
        page = weber.browser.get(path).text
        assert "sent back to you" in page
        assert "Which &lt;hall&gt;?" in page
    assert "1 story of yours was sent back" in weber.browser.get("/").text
    again = weber.send("hand-in")
    assert again.status_code == 422
    assert "Nothing changed since it was sent back" in again.text
    assert weber.send("hand-in", title="Hall 4").status_code == 303
    assert told(newsroom)[0].state == "submitted"


def test_an_editors_words_are_what_one_goes_on_with(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    weber.send("hand-in")
    desk(newsroom).edit(told(newsroom)[0].story_id, EDITOR, body="The editor's words.")
    page = weber.page()
    assert "The editor&#39;s words." in page
    assert "There is another version" in page
    assert STORY["answer-2"] in html.unescape(page)


def test_a_story_that_came_another_way_is_changed_here(newsroom: Newsroom) -> None:
    form = (
        b'{"title": "By file", "body": "Words.", "by": {"person_id": "p-weber", "department": "warehouse"},'
    )
    headers = {"content-type": "application/json"}
    made = newsroom.client.post(
        "/v1/drafts", content=form + b'"order_ids": ["SO-1"]}', headers=headers
    ).json()
    weber = sign_in(newsroom, "p-weber")
    assert "By file" in weber.get("/tell").text
    opened = weber.post("/tell", {"csrf": weber.csrf("/tell"), "story": made["story_id"]})
    assert "Words." in weber.get(opened.headers["location"]).text
    ruiz = sign_in(newsroom, "p-ruiz")
    stolen = ruiz.post("/tell", {"csrf": ruiz.csrf("/tell"), "story": made["story_id"]})
    assert stolen.status_code == 404


WRONG = [
    ({"title": " "}, "Write a headline"),
    ({"title": "x" * 200}, "150"),
    ({"title": "=?utf-8?q?x?="}, "=?"),
    ({"title": "two\nlines"}, "Characters that control"),
    ({"answer-2": ""}, "Say in a few sentences"),
    ({"answer-2": "x" * 30_000}, "the most is 20480"),
    ({"answer-2": "word " * 501}, "at most 500 are told"),
    ({"answer-2": "\u202eevil"}, "shows text in another order"),
    ({"answer-2": "[" * 500}, "opening brackets"),
    ({"order": ""}, "Choose the order"),
    ({"order": "SO-99"}, "Choose again"),
    ({"witness": "nobody"}, "Choose again"),
    ({"witness": "p-lin"}, "of your side"),
    ({"thanks": ["p-ruiz", "p-boss"]}, "Choose again"),
]


def test_what_is_wrong_is_said_beside_it_and_kept(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    for fields, said in WRONG:
        weber.told.update(STORY)
        answer = weber.send("hand-in", **{"answer-4": MINE, **fields})
        assert answer.status_code == 422, fields
        [(field, why)] = re.findall(r'<p class="wrong" id="wrong-([^"]+)">(.*?)</p>', answer.text, re.DOTALL)
        assert field == next(iter(fields))
        assert said in html.unescape(why)
        assert MINE in html.unescape(answer.text)
        assert MINE in html.unescape(weber.page()), "and it is kept"
        newsroom.tries.forget()
    assert told(newsroom) == []


def test_who_is_of_no_side_is_told_so(newsroom: Newsroom) -> None:
    answer = writer(newsroom, "p-boss").send("hand-in", witness="", thanks=[])
    assert answer.status_code == 422
    assert "neither Sales nor Operations" in answer.text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8, deadline=None)
@given(st.fixed_dictionaries({name: st.text(max_size=200) for name in ("title", "answer-0", "answer-4")}))
def test_any_text_is_kept_as_it_was_written(newsroom: Newsroom, fields: dict[str, str]) -> None:
    newsroom.tries.forget()
    weber = writer(newsroom)
    assert weber.send(to="/saved", **fields).status_code == 200
    kept = loaded(newsroom.rows(tables.manuscripts)[-1]["words"])
    typed = {name: text.replace("\r\n", "\n").replace("\r", "\n") for name, text in fields.items()}
    assert (kept.title, kept.answers[0], kept.answers[4]) == (
        typed["title"], typed["answer-0"], typed["answer-4"],
    )  # fmt: skip
    for do in ("preview", "hand-in"):
        assert weber.send(do).status_code in {200, 303, 422}
    with newsroom.store.writing() as connection:
        connection.execute(tables.manuscripts.delete())


def test_markup_is_text_wherever_it_is_shown(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    for text in ("<script>alert(1)</script>", '"><img src=x onerror=y>', "</textarea><b>", "{{ 7*7 }}"):
        page = weber.send("preview", title=text, **{"answer-2": text}).text + weber.browser.get("/tell").text
        assert page.count(str(escape(text))) >= 3, text
        assert text == str(escape(text)) or text not in page


def test_a_preview_shows_markdown_and_keeps_the_words(newsroom: Newsroom) -> None:
    answer = writer(newsroom).send("preview")
    assert "<strong>we</strong>" in answer.text
    assert STORY["title"] in answer.text
    assert told(newsroom) == []


def test_enter_in_a_field_looks_for_what_it_says(newsroom: Newsroom) -> None:
    answer = writer(newsroom).send(
        "save", **{"find-thanks": "mei", "find-order": "SO-2", "find-witness": "ana"}
    )
    assert 'name="thanks" value="p-lin"' in answer.text
    assert 'value="take-order:SO-2"' in answer.text


def test_another_order_fills_in_what_nobody_wrote(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    known = html.unescape(weber.page())
    first = re.findall(r'name="answer-0"[^>]*>\n(.*?)</textarea>', known)[0]
    weber.send("take-order:SO-2", **{"answer-0": first, "answer-4": MINE})
    page = html.unescape(weber.page())
    assert "Müller, order SO-2" in page
    assert MINE in page


def test_whoever_is_signed_out_is_back_with_the_text(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    weber.send("save")
    with newsroom.store.noting() as connection:
        sign_ins.end_all(connection, "p-weber")
    for do, to in (("hand-in", ""), ("save", "/saved")):
        answer = weber.send(do, to, **{"answer-4": f"{MINE} {do}"})
        assert answer.headers["location"] == f"/sign-in?next={weber.path}"
        again = sign_in(newsroom, "p-weber")
        page = html.unescape(again.get(weber.path).text)
        assert f"{MINE} {do}</textarea>" in page
        with newsroom.store.noting() as connection:
            sign_ins.end_all(connection, "p-weber")
    assert told(newsroom) == []


def test_our_code_is_told_where_to_sign_in(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    with newsroom.store.noting() as connection:
        sign_ins.end_all(connection, "p-weber")
    headers = {"accept": "application/json", "sec-fetch-site": "same-origin"}
    answer = weber.browser.http.post(f"{weber.path}/saved", data=weber.told, headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"sign_in": f"/sign-in?next={weber.path}"})


def test_signing_in_anew_in_another_window_loses_nothing(newsroom: Newsroom) -> None:
    old, new = writer(newsroom), sign_in(newsroom, "p-weber")
    old.browser.http.cookies = new.http.cookies
    answer = old.send("hand-in", **{"answer-4": MINE})
    assert answer.headers["location"] == f"{old.path}?back=1"
    assert MINE in html.unescape(new.get(old.path).text)
    assert told(newsroom) == []


def test_the_version_that_was_put_aside_comes_back(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    weber.send("save", **{"answer-4": "first"})
    weber.browser.post(weber.path, {**weber.told, "csrf": "stale", "answer-4": "second"})
    assert ">\nsecond</textarea>" in weber.page()
    weber.send("other-version", **{"answer-4": "second"})
    assert ">\nfirst</textarea>" in weber.page()


def test_another_site_changes_nothing(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    weber.send("save")
    for to in ("", "/saved", "/photos"):
        fields = {"csrf": weber.csrf, **weber.told, "answer-4": "evil"}
        assert weber.browser.post(weber.path + to, fields, **AWAY).status_code == 403
    assert "evil" not in weber.page()


@contextmanager
def refusing(newsroom: Newsroom, table: str, what: str) -> Iterator[None]:
    """A database that does not take changes to a table now."""
    trigger = (
        f"CREATE TRIGGER full_{table} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    )
    with newsroom.store.noting() as connection:
        connection.execute(sql(trigger))
    yield
    with newsroom.store.noting() as connection:
        connection.execute(sql(f"DROP TRIGGER full_{table}"))


def test_where_the_database_refuses_the_page_keeps_the_text(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    with refusing(newsroom, "manuscripts", "UPDATE"):
        answer = weber.send("hand-in", **{"answer-4": MINE})
        assert weber.send(to="/saved").status_code == 503
    assert answer.status_code == 503
    assert MINE in html.unescape(answer.text)
    assert "send it again in a minute" in answer.text
    assert weber.send("hand-in").status_code == 303


def test_more_than_anyone_hands_in_is_kept_for_later(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    for _ in range(30):
        newsroom.tries.of_writer(HANDED_IN, "story p-weber")
    answer = weber.send("hand-in", title="One more crate")
    assert answer.status_code == 429
    assert "One more crate" in answer.text
    assert "One more crate" in weber.page()


def test_what_was_begun_can_be_thrown_away_but_not_what_was_handed_in(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    assert weber.send("discard").headers["location"] == "/tell"
    assert weber.browser.get(weber.path).status_code == 404
    other = writer(newsroom)
    other.send("hand-in")
    other.send("discard")
    assert other.browser.get(other.path).status_code == 200


def test_nobody_sees_or_changes_what_another_writes(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    weber.upload(jpeg())
    [photo] = weber.photos()
    for role in ("reporter", "editor", "publisher", "leader", "admin", "auditor"):
        other = sign_in(newsroom, role)
        csrf = other.csrf("/")
        assert other.get(weber.path).status_code == 404
        assert other.get(f"/photos/{photo}").status_code == 404
        for to in ("", "/saved", "/photos"):
            answer = other.post(weber.path + to, {"csrf": csrf, "do": "hand-in", **weber.told, "title": "x"})
            assert answer.status_code == 404
        assert weber.path not in other.get("/tell").text
    assert told(newsroom) == []
    assert browser(newsroom).get(weber.path).status_code == 303


def test_who_says_may_we_name_you_is_named_from_then_on(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    weber.send("save", naming="never")
    assert _naming(newsroom) == "named", "only what is handed in counts"
    weber.send("hand-in", naming="never")
    assert _naming(newsroom) == "never"


def test_who_is_erased_leaves_no_text(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    weber.upload(jpeg())
    weber.send("save", **{"answer-4": MINE})
    choosing.erase(newsroom.store, "p-weber", make.LATER, who="admin")
    assert newsroom.rows(tables.manuscripts) == newsroom.rows(tables.photos) == []


def _naming(newsroom: Newsroom) -> str:
    [found] = [row for row in newsroom.rows(tables.people) if row["person_id"] == "p-weber"]
    return str(found["naming"])
