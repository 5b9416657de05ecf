"""Who is asked what: what only that person can say, once, and never against anybody's will."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.asking.asking import ask, plan
from shared.asking.model import Asking, working_days_before
from shared.mailing.deciding import pause
from shared.mailing.post import Headers, Post
from shared.people.choosing import erase, prefer
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store import ledger, sendings
from shared.submitting import confirm
from shared.workdays import after_working_days
from tests import make
from tests.asking.company import CLOSED, alone, asked, asker, company, deliver, say, why_not
from tests.desk import EDITOR, HELPER, MONDAY, STORY, desk, hand_in, traded
from tests.make import at, instant

if TYPE_CHECKING:
    from shared.store.engine import Store

LATER = MONDAY + timedelta(hours=1)
FINAL = instant("05-04")


def told(store: Store, naming: str = "team", **changes: Any) -> None:
    company(store, naming)
    traded(store)
    hand_in(store, **changes)


def mails(store: Store) -> list[Any]:
    with store.reading() as connection:
        return ledger.listed(connection)


def test_whom_a_draft_thanks_of_the_other_side_is_asked_to_confirm_it(store: Store) -> None:
    told(store)
    [question] = asked(store, LATER)
    assert (question.kind, question.subject, question.person_id) == ("confirm", STORY, "p-sales")
    assert question.due_on == instant("03-23").date(), "as long as its pattern takes a confirmation"
    [mail] = mails(store)
    assert (mail.mail_id, mail.recipient) == (question.question_id, "Ana Ruiz <ana@example.com>")


def test_nobody_is_asked_the_same_twice(store: Store) -> None:
    told(store)
    assert len(asked(store, LATER)) == 1
    assert [asked(store, LATER + timedelta(days=days)) for days in range(9)] == [[]] * 9
    hand_in(store, MONDAY + timedelta(days=1), body="Other words.")
    assert asked(store, MONDAY + timedelta(days=1, hours=1)) == []
    assert len(mails(store)) == 1


def test_two_who_ask_at_the_same_time_ask_once(store: Store) -> None:
    told(store)
    first, second = plan(asker(store), LATER), plan(asker(store), LATER)
    assert first.asked == second.asked
    assert len(ask(asker(store), LATER).asked) == 1
    assert ask(asker(store), LATER).asked == []
    assert len(mails(store)) == 1


def test_one_is_asked_at_a_time_and_the_next_once_that_one_declined(store: Store) -> None:
    told(store, thanks=[HELPER, {"person_id": "p-more", "department": "sales"}])
    [first] = asked(store, LATER)
    assert asked(store, LATER) == []
    say(store, first, LATER, "not_me")
    [second] = asked(store, LATER + timedelta(hours=1))
    assert (first.person_id, second.person_id) == ("p-sales", "p-more")


def test_what_was_confirmed_otherwise_asks_nobody(store: Store) -> None:
    told(store)
    confirm(store, "D-1", "So it was.", make.SALES, via="tandem/cli", now=LATER, rules=DEFAULTS)
    assert asked(store, LATER + timedelta(hours=1)) == []


def test_a_draft_that_nobody_can_confirm_any_more_asks_nobody(store: Store) -> None:
    told(store)
    assert asked(store, instant("03-24", "00:00")) == []


@pytest.mark.parametrize(
    ("person", "why"),
    [
        ("p-ghost", "is not on the list of people, or has no address"),
        ("p-ops", "is not of the side that is asked, which is sales"),
    ],
)
def test_whom_a_draft_names_wrongly_is_not_asked(store: Store, person: str, why: str) -> None:
    told(
        store,
        thanks=[{"person_id": person, "department": "sales"}],
        by={**make.OPERATIONS, "person_id": "p-9"},
    )
    assert why_not(store, LATER) == [(person, why)]


def test_who_does_not_want_questions_is_not_asked(store: Store) -> None:
    told(store)
    prefer(store, "p-sales", LATER, who="ana", subscriptions={"questions": "never"})
    assert why_not(store, LATER) == [("p-sales", "wants no questions")]
    assert mails(store) == []


def test_unsubscribing_takes_a_question_out_that_is_queued(store: Store) -> None:
    told(store)
    assert asked(store, LATER)
    prefer(store, "p-sales", LATER, who="ana", subscriptions={"questions": "never"})
    assert [each.state for each in mails(store)] == ["excluded"]


def test_who_was_erased_or_is_not_allowed_is_not_asked(store: Store) -> None:
    told(store)
    allowed = Post(Headers(public_url="https://t.example.com"), allowed=("example.org",))
    assert why_not(store, LATER, post=allowed) == [("p-sales", "is not on the list of allowed addresses")]
    erase(store, "p-sales", LATER, who="test")
    assert [person for person, _ in why_not(store, LATER)] == ["p-sales"]
    assert mails(store) == []


def test_nothing_is_asked_without_an_address_of_ours_or_while_mail_is_paused(store: Store) -> None:
    told(store)
    assert asked(store, LATER, post=Post()) == []
    pause(store, None, LATER, who="test")
    assert asked(store, LATER) == []


def test_nobody_is_asked_more_than_so_often_in_a_month(store: Store) -> None:
    told(store)
    assert asked(store, LATER, asking=Asking(most_a_month=0)) == []
    assert len(asked(store, LATER, asking=Asking(most_a_month=1))) == 1
    hand_in(store, LATER, draft_id="D-2", title="Another one")
    day = LATER + timedelta(days=1)
    assert why_not(store, day, asking=Asking(most_a_month=1)) == [("p-sales", "was asked 1 times in 30 days")]
    assert len(asked(store, day, asking=Asking(most_a_month=2))) == 1


def test_a_person_gets_one_mail_a_round(store: Store) -> None:
    told(store)
    hand_in(store, draft_id="D-2", title="Another one")
    rounds = [len(asked(store, LATER + timedelta(minutes=minute))) for minute in range(3)]
    assert rounds == [1, 1, 0]


def test_the_silent_side_of_a_highlight_is_asked(store: Store) -> None:
    company(store)
    alone(store)
    [question] = asked(store, CLOSED)
    assert (question.kind, question.subject) == ("silent", "roadblock_beaten:SO-1")
    assert question.person_id == "p-sales", "who took the order, where nobody owns the account"


def test_the_owner_of_the_account_is_asked_before_who_took_the_order(store: Store) -> None:
    company(store)
    owner = {"person_id": "p-more", "department": "sales", "role": "account_owner"}
    alone(store, "SO-1", make.registered(account_owner=owner))
    assert [each.person_id for each in asked(store, CLOSED)] == ["p-more"]


@pytest.mark.parametrize(("day", "questions"), [("03-12", 1), ("03-25", 1), ("03-26", 0)])
def test_nobody_is_asked_about_what_is_long_over(store: Store, day: str, questions: int) -> None:
    """SO-1 was delivered on 11 March; ten working days later is 25 March."""
    company(store)
    alone(store)
    assert len(asked(store, instant(day))) == questions


def test_what_was_loaded_as_history_asks_nobody(store: Store) -> None:
    company(store)
    late = make.intervened(at("03-06"), make.OPERATIONS, backfill=True)
    alone(store, "SO-1", late)
    assert asked(store, CLOSED) == []


def test_a_joint_win_asks_nobody_what_they_did(store: Store) -> None:
    company(store)
    record(store, make.raw(make.win()), as_of=CLOSED, rules=DEFAULTS)
    assert asked(store, CLOSED) == []


def test_whom_a_story_would_name_gets_a_preview(store: Store) -> None:
    company(store, "named")
    record(store, make.raw(make.win()), as_of=FINAL, rules=DEFAULTS)
    final = instant("04-13", "00:00")
    [question] = asked(store, final)
    assert (question.kind, question.subject) == ("naming", "story-roadblock_beaten:SO-1")
    assert question.due_on == after_working_days(final.date(), 3, DEFAULTS)
    assert asked(store, final + timedelta(days=1)) == []


def test_whom_an_approved_draft_would_name_gets_a_preview(store: Store) -> None:
    told(store, "named")
    [confirming] = asked(store, LATER)
    desk(store, LATER).approve(STORY, EDITOR)
    [naming] = asked(store, LATER + timedelta(minutes=1))
    assert (confirming.kind, naming.kind) == ("confirm", "naming")


def test_whom_nothing_names_gets_no_preview(store: Store) -> None:
    company(store, "team")
    record(store, make.raw(make.win()), as_of=FINAL, rules=DEFAULTS)
    assert asked(store, instant("04-13", "00:00")) == []


def test_stories_too_weak_to_be_told_ask_nobody(store: Store) -> None:
    company(store, "named")
    record(store, make.raw(make.win()), as_of=FINAL, rules=DEFAULTS)
    strong = replace(asker(store).choice, least_score=100)
    assert asked(store, instant("04-13", "00:00"), choice=strong) == []


def test_mails_leave_by_the_ledger_as_all_mails_do(store: Store) -> None:
    told(store)
    asked(store, LATER)
    deliver(store, LATER)
    [mail] = mails(store)
    assert mail.state == "sent"
    with store.reading() as connection:
        [sending] = sendings.listed(connection)
    assert (sending.state, sending.candidates) == ("completed", 1)


@given(day=st.dates(), days=st.integers(0, 30))
def test_working_days_back_and_forth(day: Any, days: int) -> None:
    if day.year > 1900:
        back = working_days_before(day, days, DEFAULTS)
        passed = sum(DEFAULTS.works_on(back + timedelta(days=n)) for n in range((day - back).days))
        assert passed == days
