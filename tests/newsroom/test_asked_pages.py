"""The page behind a mail that asks one thing: a GET shows it, a POST answers it, no text is lost."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared import tables
from shared.asking.answering import NAMINGS
from shared.mailing.links import sign
from shared.people.choosing import prefer
from shared.people.reading import one
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store import questions
from shared.store.questions import Question
from tests import make
from tests.asking.company import alone, asked, company
from tests.desk import EDITOR, FORM, STORY, desk, hand_in, traded
from tests.newsroom.visiting import Browser, browser, leave, sign_in

if TYPE_CHECKING:
    import httpx

    from shared.store.questions import Kind
    from tests.http.newsroom import Newsroom

NOW = datetime.now(UTC)


def link(newsroom: Newsroom, question: Question) -> str:
    return f"/asked/{sign(newsroom.store.secret, 'question', question.question_id)}"


def confirming(newsroom: Newsroom, **changes: object) -> Question:
    company(newsroom.store)
    traded(newsroom.store)
    hand_in(newsroom.store, NOW, **changes)
    [question] = asked(newsroom.store, NOW)
    return question


def put(newsroom: Newsroom, kind: Kind, subject: str, days: int = 5) -> Question:
    """A question asked today about what happened in spring."""
    question = Question("q" * 20, kind, subject, "p-sales", "asked", NOW, NOW.date() + timedelta(days=days))
    with newsroom.store.noting() as connection:
        questions.add(connection, question)
    return question


def naming(newsroom: Newsroom) -> Question:
    company(newsroom.store, "named")
    record(newsroom.store, make.raw(make.win()), as_of=make.LATER, rules=DEFAULTS)
    return put(newsroom, "naming", "story-roadblock_beaten:SO-1")


def silence(newsroom: Newsroom, days: int = 5) -> Question:
    company(newsroom.store)
    alone(newsroom.store)
    return put(newsroom, "silent", "roadblock_beaten:SO-1", days)


def send(visitor: Browser, path: str, **fields: str) -> httpx.Response:
    return visitor.post(path, {"csrf": visitor.csrf(path), **fields})


def answered(newsroom: Newsroom) -> list[tuple[str, str | None]]:
    return [(row["state"], row["answer"]) for row in newsroom.rows(tables.questions)]


def test_a_scanner_that_follows_the_link_changes_nothing(newsroom: Newsroom) -> None:
    path = link(newsroom, confirming(newsroom))
    before = [newsroom.rows(each) for each in tables.metadata.sorted_tables]
    for _ in range(3):
        assert browser(newsroom).get(path).status_code == 200
    browser(newsroom).http.head(path)
    assert [newsroom.rows(each) for each in tables.metadata.sorted_tables] == before


def test_a_line_is_confirmed_without_signing_in(newsroom: Newsroom) -> None:
    path = link(newsroom, confirming(newsroom))
    visitor = browser(newsroom)
    page = visitor.get(path).text
    assert "Ana Ruiz" in page, "who is asked reads their own name, whatever others may"
    assert "A crate too tall to fly" in page
    answer = send(visitor, path, answer="confirmed", line="So it was.")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done=1")
    assert "You confirmed it." in visitor.get(f"{path}?done=1").text
    assert answered(newsroom) == [("answered", "confirmed")]
    assert "tandem.draft.confirmed.v1" in [row["type"] for row in newsroom.rows(tables.journal)]
    assert visitor.get("/").status_code == 303, "the link signs nobody in"


def test_a_link_that_was_used_says_so_and_what_to_do(newsroom: Newsroom) -> None:
    path = link(newsroom, confirming(newsroom))
    visitor = browser(newsroom)
    token = visitor.csrf(path)
    send(visitor, path, answer="confirmed", line="So it was.")
    again = visitor.post(path, {"csrf": token, "answer": "confirmed", "line": "Twice."})
    assert again.status_code == 410
    assert "answer the mail" in again.text
    assert "<form" not in again.text.partition("<main")[2]


def test_a_link_that_is_too_old_says_so(newsroom: Newsroom) -> None:
    path = link(newsroom, silence(newsroom, days=-1))
    page = browser(newsroom).get(path)
    assert page.status_code == 200
    assert "It is too late for an answer" in page.text
    assert "answer the mail" in page.text


@pytest.mark.parametrize("token", ["x", "x" * 3000, "%00", "..%2f..", "AAAA", "%F0%9F%98%80"])
def test_a_link_that_is_not_ours_opens_nothing(newsroom: Newsroom, token: str) -> None:
    assert browser(newsroom).get(f"/asked/{token}").status_code == 404


def test_what_cannot_be_taken_is_shown_again_with_all_that_was_written(newsroom: Newsroom) -> None:
    path = link(newsroom, silence(newsroom))
    visitor = browser(newsroom)
    written = {"answer": "told", "line": 'We <b>called</b> "them".', "deed": "heads_up", "day": "2026-03-30"}
    page = send(visitor, path, **written)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert "We &lt;b&gt;called&lt;/b&gt; &#34;them&#34;." in page.text
    assert '<option value="heads_up" selected>' in page.text
    assert answered(newsroom) == [("asked", None)]
    assert send(visitor, path, **{**written, "day": "2026-03-06"}).status_code == 303
    assert answered(newsroom) == [("answered", "told")]


@pytest.mark.parametrize("field", ["answer", "deed", "day"])
def test_fields_that_no_form_of_ours_sends_are_refused(newsroom: Newsroom, field: str) -> None:
    path = link(newsroom, silence(newsroom))
    good = {"answer": "told", "line": "We called.", "deed": "heads_up", "day": "2026-03-06"}
    for bad in ("", "x", "2026-02-30", "\u202e", "\x00"):
        page = send(browser(newsroom), path, **{**good, field: bad})
        assert page.status_code == 422, bad
    assert answered(newsroom) == [("asked", None)]


def test_a_forged_answer_changes_nothing(newsroom: Newsroom) -> None:
    path = link(newsroom, confirming(newsroom))
    fields = {"answer": "confirmed", "line": "So it was."}
    assert browser(newsroom).post(path, {**fields, "csrf": "0" * 64}).status_code == 403
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert browser(newsroom).post(path, fields, **elsewhere).status_code == 403
    assert answered(newsroom) == [("asked", None)]


@pytest.mark.parametrize("word", ["named", "team", "never", "not_me"])
def test_how_to_be_named_is_chosen_and_chosen_otherwise(newsroom: Newsroom, word: str) -> None:
    path = link(newsroom, naming(newsroom))
    visitor = browser(newsroom)
    assert "Ana Ruiz" in visitor.get(path).text
    for each in ("named", word):
        assert send(visitor, path, answer=each).status_code == 303
    assert answered(newsroom) == [("declined" if word == "not_me" else "answered", word)]
    with newsroom.store.reading() as connection:
        assert one(connection, "p-sales").naming == ("never" if word == "never" else "named")
    assert visitor.get(path).status_code == 200


@pytest.mark.parametrize(
    ("said", "left"), [("team", ["team", "never"]), ("not_me", ["team", "never"]), ("never", [])]
)
def test_what_was_objected_to_is_not_offered_again(newsroom: Newsroom, said: str, left: list[str]) -> None:
    """An objection stands: "you may be named in it" would not be true."""
    path, visitor = link(newsroom, naming(newsroom)), browser(newsroom)
    assert re.findall(r'name="answer" value="(\w+)" required', visitor.get(path).text) == list(NAMINGS)
    send(visitor, path, answer=said)
    assert re.findall(r'name="answer" value="(\w+)" required', visitor.get(path).text) == left
    late = send(visitor, path, answer="named")
    assert late.status_code == 422
    assert "You may be named in it" not in late.text
    assert answered(newsroom) == [("declined" if said == "not_me" else "answered", said)]


def test_the_page_speaks_the_language_of_who_is_asked(newsroom: Newsroom) -> None:
    question = confirming(newsroom)
    prefer(newsroom.store, "p-sales", NOW, who="ana", language="de")
    page = browser(newsroom).get(link(newsroom, question)).text
    assert '<html lang="de">' in page
    assert "War es so?" in page


def test_what_was_taken_back_asks_nothing(newsroom: Newsroom) -> None:
    company(newsroom.store)
    path = link(newsroom, put(newsroom, "naming", "story-roadblock_beaten:SO-9"))
    page = browser(newsroom).get(path)
    assert page.status_code == 200
    assert "There is nothing to answer any more" in page.text


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf"]), min_size=1, max_size=80)


@settings(max_examples=6)
@given(text=TEXT, line=st.text(max_size=80))
def test_any_text_is_shown_as_text(opened: Newsroom, text: str, line: str) -> None:
    """What a draft says, and what is answered, whatever they hold."""
    opened.forget()
    question = confirming(opened, body=f"{text} <script>alert(1)</script> {{{{7+7}}}}")
    path, visitor = link(opened, question), browser(opened)
    page = visitor.get(path)
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "{{7+7}}" in unescape(page.text)
    sent = send(visitor, path, answer="confirmed", line=line)
    leave()
    assert sent.status_code in {303, 422}
    assert answered(opened) == [("answered", "confirmed") if sent.status_code == 303 else ("asked", None)]


def test_it_is_about_the_story_as_it_reads_now(newsroom: Newsroom) -> None:
    question = confirming(newsroom)
    hand_in(newsroom.store, NOW + timedelta(seconds=1), body="Quite other words.")
    page = browser(newsroom).get(link(newsroom, question)).text
    assert "Quite other words." in page
    assert FORM["body"][:20] not in page


def test_the_days_that_count_are_on_the_page(newsroom: Newsroom) -> None:
    page = browser(newsroom).get(link(newsroom, silence(newsroom))).text
    assert f'min="{date(2026, 3, 1)}" max="{date(2026, 3, 7)}"' in page


def test_an_editor_sees_who_said_that_it_was_someone_else(newsroom: Newsroom) -> None:
    path = link(newsroom, confirming(newsroom))
    send(browser(newsroom), path, answer="not_me", line="I was on leave.")
    page = sign_in(newsroom, "editor").get(f"/desk/stories/{STORY}").text
    assert "said that it was someone else" in page
    assert "I was on leave." in page


def test_the_link_of_a_question_unsubscribes_from_questions_alone(newsroom: Newsroom) -> None:
    """One click in a mail program; nobody is asked after that."""
    company(newsroom.store)
    path = f"/preferences/{sign(newsroom.store.secret, 'preferences', 'p-sales', 'questions')}"
    assert "Questions that only you can answer" in newsroom.client.get(path).text
    assert newsroom.client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with newsroom.store.reading() as connection:
        assert one(connection, "p-sales").subscriptions == {"questions": "never"}
    traded(newsroom.store)
    hand_in(newsroom.store, NOW)
    assert asked(newsroom.store, NOW) == []


def test_the_desk_shows_who_agreed_and_whose_mail_has_not_left(newsroom: Newsroom) -> None:
    """A story that was approved just now and names Ana, who is asked."""
    company(newsroom.store, "named")
    traded(newsroom.store)
    then = NOW - timedelta(minutes=9)
    hand_in(newsroom.store, then)
    desk(newsroom.store, then).approve(STORY, EDITOR)
    found = [each for minute in (1, 2) for each in asked(newsroom.store, then + timedelta(minutes=minute))]
    [question] = [each for each in found if each.kind == "naming"]
    editor = sign_in(newsroom, "editor")
    assert "waits for the mail that asks" in editor.get(f"/desk/stories/{STORY}").text
    send(browser(newsroom), link(newsroom, question), answer="named")
    assert "agreed" in editor.get(f"/desk/stories/{STORY}").text.partition('id="people"')[2]
