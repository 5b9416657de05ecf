"""What an answer does: what the rules say, once, and nothing beside it."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from shared import publishing, tables
from shared.asking.answering import ANSWERS, AnsweringError, Reply, answer, opened
from shared.clearance import cleared
from shared.completeness import sources
from shared.events.catalogue import Rejected
from shared.mailing.links import sign
from shared.people.choosing import erase
from shared.people.reading import one
from shared.periods import Period
from shared.recording import record
from shared.rules import DEFAULTS
from shared.settling import settle
from shared.store.rows import win_of
from tests import make
from tests.asking.company import CLOSED, alone, asked, asker, company, deliver, open_, say
from tests.databases import opened as opened_store
from tests.desk import EDITOR, MONDAY, STORY, desk, hand_in, story, traded, trail
from tests.make import instant

if TYPE_CHECKING:
    from datetime import datetime

    from shared.patterns.model import Win
    from shared.store.engine import Store
    from shared.store.questions import Question

LATER = MONDAY + timedelta(hours=1)
FINAL = instant("05-04")
OWN = "story-roadblock_beaten:SO-1"
WIN_FINAL = instant("04-13", "00:00")


def win(store: Store, name: str) -> Win | None:
    column = tables.wins.c
    with store.reading() as connection:
        body = connection.scalar(select(column.body).where(column.win_id == name))
    return None if body is None else win_of(body)


def confirming(store: Store) -> Question:
    company(store)
    traded(store)
    hand_in(store)
    [question] = asked(store, LATER)
    return question


def naming(store: Store) -> Question:
    """Ana is asked, on the day on which the win is final, and her mail is sent at once."""
    company(store, "named")
    record(store, make.raw(make.win()), as_of=FINAL, rules=DEFAULTS)
    [question] = asked(store, WIN_FINAL)
    deliver(store, WIN_FINAL)
    return question


def silence(store: Store) -> Question:
    company(store)
    alone(store)
    [question] = asked(store, CLOSED)
    return question


def tellable(store: Store, as_of: datetime) -> list[str]:
    with store.reading() as connection:
        found = publishing.material(connection, Period.month(2026, 4), as_of, DEFAULTS, {}, "newsletter")
        found = cleared(connection, found, DEFAULTS)
    return [each.win_id for each in found.wins]


def test_a_confirmed_line_completes_the_win(store: Store) -> None:
    question = confirming(store)
    after = say(store, question, LATER, "confirmed", line="  So it was. ")
    assert (after.state, after.answer, after.settled_at) == ("answered", "confirmed", LATER)
    settle(store, as_of=FINAL, rules=DEFAULTS)
    found = win(store, "team_told:D-1")
    assert found is not None
    assert found.kind == "joint"
    assert [part.person_id for part in found.sales] == ["p-sales"]


def test_an_answer_is_given_once(store: Store) -> None:
    question = confirming(store)
    say(store, question, LATER, "confirmed", line="So it was.")
    assert not open_(store, question, LATER).is_open
    with pytest.raises(AnsweringError):
        say(store, question, LATER, "confirmed", line="Or not.")


def test_who_was_cut_off_before_the_answer_was_kept_gives_it_again(store: Store) -> None:
    """The event is there, the question is still open: the same line is the same event."""
    question = confirming(store)
    found = open_(store, question, LATER)
    answer(asker(store), found, Reply("confirmed", "So it was."), LATER)
    answer(asker(store), found, Reply("confirmed", "So it was."), LATER + timedelta(minutes=1))
    with store.reading() as connection:
        types = list(connection.scalars(select(tables.journal.c.type)))
    assert types.count("tandem.draft.confirmed.v1") == 1


def test_a_story_that_was_handed_in_anew_is_confirmed_anew_by_the_same_link(store: Store) -> None:
    question = confirming(store)
    say(store, question, LATER, "confirmed", line="So it was.")
    hand_in(store, LATER + timedelta(hours=1), body="Other words.")
    again = LATER + timedelta(hours=2)
    assert open_(store, question, again).is_open
    say(store, question, again, "confirmed", line="So it was, too.")
    assert not open_(store, question, again).is_open


def test_too_late_is_too_late(store: Store) -> None:
    question = confirming(store)
    late = instant("03-24", "00:00")
    assert asked(store, late) == []
    assert not open_(store, question, late).is_open
    with pytest.raises(AnsweringError):
        say(store, question, late, "confirmed", line="So it was.")


@pytest.mark.parametrize("line", ["", "   ", "x" * 501])
def test_a_line_that_is_none_is_refused_and_the_question_stays_open(store: Store, line: str) -> None:
    question = confirming(store)
    with pytest.raises(Rejected):
        say(store, question, LATER, "confirmed", line=line)
    assert open_(store, question, LATER).is_open


def test_it_was_not_me_brings_the_story_back_to_an_editor(store: Store) -> None:
    question = confirming(store)
    desk(store, LATER).approve(STORY, EDITOR)
    after = say(store, question, LATER + timedelta(minutes=1), "not_me", line="I was on leave.")
    assert after.state == "declined"
    assert story(store).state == "submitted"
    assert trail(store)[-1] == ("dispute", "p-sales", "submitted")
    [waiting] = desk(store, LATER).queue("submitted")
    _, dossier = desk(store, LATER).show(waiting.story.story_id)
    assert dossier.history[-1].note == "It was not me. I was on leave."


def test_silence_lets_a_story_name_who_wishes_to_be_named_after_the_days(store: Store) -> None:
    naming(store)
    assert tellable(store, instant("04-16")) == []
    assert tellable(store, instant("04-17")) == ["roadblock_beaten:SO-1"]


def test_the_days_begin_when_the_mail_was_sent(store: Store) -> None:
    company(store, "named")
    record(store, make.raw(make.win()), as_of=FINAL, rules=DEFAULTS)
    asked(store, WIN_FINAL)
    assert tellable(store, instant("04-20")) == [], "nobody objects to what they were not told"
    deliver(store, instant("04-21", "09:00"))
    assert tellable(store, instant("04-24", "09:00")) == []
    assert tellable(store, instant("04-25", "09:00")) == ["roadblock_beaten:SO-1"]


def test_who_agrees_need_not_be_waited_for(store: Store) -> None:
    question = naming(store)
    say(store, question, WIN_FINAL + timedelta(hours=1), "named")
    assert tellable(store, WIN_FINAL) == [], "as of before the answer"
    assert tellable(store, WIN_FINAL + timedelta(hours=2)) == ["roadblock_beaten:SO-1"]


def test_as_one_of_the_team_is_for_this_story_alone(store: Store) -> None:
    question = naming(store)
    say(store, question, WIN_FINAL + timedelta(hours=1), "team")
    assert trail(store, OWN)[-1] == ("object", "p-sales", "approved")
    with store.reading() as connection:
        assert one(connection, "p-sales").naming == "named"
    assert tellable(store, WIN_FINAL + timedelta(hours=2)) == ["roadblock_beaten:SO-1"], "it names nobody"


def test_named_nowhere_is_for_all_stories_and_can_be_said_at_any_time(store: Store) -> None:
    question = naming(store)
    say(store, question, WIN_FINAL + timedelta(hours=1), "named")
    after = say(store, question, instant("11-02"), "never")
    assert after.answer == "never"
    with store.reading() as connection:
        assert one(connection, "p-sales").naming == "never"


def test_a_story_by_rule_that_someone_disputes_waits_for_an_editor(store: Store) -> None:
    question = naming(store)
    say(store, question, WIN_FINAL + timedelta(hours=1), "not_me")
    assert tellable(store, instant("04-30")) == []
    desk(store, instant("04-30")).approve(OWN, EDITOR)
    assert tellable(store, instant("05-01")) == ["roadblock_beaten:SO-1"]


def told(store: Store, question: Question, **more: Any) -> Question:
    reply = {
        "line": "I asked the customer which half came first.",
        "deed": "priority_call",
        "day": date(2026, 3, 6),
    }
    return say(store, question, CLOSED + timedelta(hours=1), "told", **{**reply, **more})


def test_what_the_silent_side_tells_completes_the_win_for_less(store: Store) -> None:
    question = silence(store)
    before = win(store, "roadblock_beaten:SO-1")
    told(store, question)
    after = win(store, "roadblock_beaten:SO-1")
    assert before is not None
    assert after is not None
    assert (before.kind, before.side, after.kind) == ("highlight", "operations", "joint")
    assert [part.action for part in after.sales if part.weight == 1] == ["intervention.priority_call"]
    assert before.quality > after.quality == Decimal("0.6")
    with store.reading() as connection:
        assert [each.source for each in sources(connection, make.LATER)] == ["erp"], "no edition waits for it"


def test_what_a_system_saw_of_a_side_counts_in_full(store: Store) -> None:
    """Beside it, what the same side tells of itself takes nothing away."""
    question = silence(store)
    told(store, question)
    seen = make.intervened("2026-03-06T09:00:00+00:00", make.SALES)
    record(store, make.raw([seen]), as_of=CLOSED, rules=DEFAULTS)
    after = win(store, "roadblock_beaten:SO-1")
    assert after is not None
    assert after.quality > Decimal("0.6")


@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2026, 3, 8), None])
def test_a_deed_on_a_day_that_cannot_count_is_refused(store: Store, day: date | None) -> None:
    """The order was placed on 1 March, and nothing stood in its way any more on 7 March."""
    question = silence(store)
    with pytest.raises(Rejected, match="2026-03-01 to 2026-03-07"):
        told(store, question, day=day)


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 7)])
def test_a_deed_on_the_first_and_the_last_day_counts(store: Store, day: date) -> None:
    question = silence(store)
    told(store, question, day=day)
    found = win(store, "roadblock_beaten:SO-1")
    assert found is not None
    assert found.kind == "joint"


def test_a_deed_of_the_other_side_or_of_none_is_refused(store: Store) -> None:
    question = silence(store)
    for deed in ("overtime", "", "heroism"):
        with pytest.raises(Rejected, match="Choose what it was"):
            told(store, question, deed=deed)


def test_nothing_to_add_leaves_a_highlight(store: Store) -> None:
    question = silence(store)
    after = say(store, question, CLOSED + timedelta(hours=1), "nothing")
    assert after.state == "declined"
    found = win(store, "roadblock_beaten:SO-1")
    assert found is not None
    assert found.kind == "highlight"
    assert asked(store, CLOSED + timedelta(days=1)) == [], "the silent side is asked once"


def test_a_highlight_that_was_completed_otherwise_asks_nothing_any_more(store: Store) -> None:
    question = silence(store)
    seen = make.intervened("2026-03-06T09:00:00+00:00", make.SALES)
    record(store, make.raw([seen]), as_of=CLOSED, rules=DEFAULTS)
    found = open_(store, question, CLOSED)
    assert (found.told, found.is_open) == (None, False)


def test_links_of_others_and_of_people_who_are_gone_open_nothing(store: Store) -> None:
    question = confirming(store)
    for token in ("", "x" * 30, sign(store.secret, "preferences", question.question_id, "x")):
        assert opened(asker(store), token, LATER) is None
    assert opened(asker(store), sign(store.secret, "question", "0" * 20), LATER) is None
    erase(store, "p-sales", LATER, who="test")
    assert opened(asker(store), sign(store.secret, "question", question.question_id), LATER) is None


@given(line=st.text(max_size=600), word=st.sampled_from(sorted({*ANSWERS["confirm"], "other"})))
def test_any_line_is_taken_or_refused_with_a_reason(line: str, word: str) -> None:
    with closing(opened_store()) as store:
        question = confirming(store)
        why = ""
        try:
            say(store, question, LATER, word, line=line)
        except Rejected as rejected:
            why = rejected.reason
        assert open_(store, question, LATER).is_open == bool(why)
