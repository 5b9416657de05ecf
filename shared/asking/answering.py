"""Use case: who was asked answers by the link of the mail, without signing in.

First what an answer does, then that it was given: who is cut off in between answers again, with the same
effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shared.asking.completing import told as told_event
from shared.asking.telling import about
from shared.editing import Desk, EditingError
from shared.events.catalogue import Rejected
from shared.events.deliveries import ASKED
from shared.intake import INTAKE
from shared.isolating import record_apart
from shared.mailing.links import read
from shared.people.choosing import prefer
from shared.people.reading import those
from shared.projecting.reading import Reading
from shared.roles import Actor
from shared.store import people, questions
from shared.stories.review import story_id_of
from shared.submitting import confirm

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from shared.asking.asking import Asker
    from shared.asking.telling import About
    from shared.people.model import Person
    from shared.store.questions import Kind, Question, State

ANSWERS: Final[Mapping[Kind, Mapping[str, State]]] = {
    "confirm": {"confirmed": "answered", "not_me": "declined"},
    "naming": {"named": "answered", "team": "answered", "never": "answered", "not_me": "declined"},
    "silent": {"told": "answered", "nothing": "declined"},
}
"""What may be answered to a question of each kind, and what becomes of it."""
NAMINGS: Final = ("named", "team", "never")
"""Each allows less than the one before."""
MOST_OF_A_LINE: Final = 500


class AnsweringError(Exception):
    """An answer cannot be taken any more; the message says why."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A question whose link was opened, with who was asked, and whether it may be answered now."""

    question: Question
    person: Person
    told: About | None
    is_open: bool

    @property
    def namings(self) -> tuple[str, ...]:
        """How one may still be named: never more than one has allowed, for an objection stands."""
        given = {"not_me": "team"}.get(self.question.answer or "", self.question.answer)
        return NAMINGS[NAMINGS.index(given) :] if given in NAMINGS else NAMINGS


@dataclass(frozen=True, slots=True)
class Reply:
    """What a form says: a word of `ANSWERS`, a line, and of a deed its kind and its day."""

    answer: str
    line: str = ""
    deed: str = ""
    day: date | None = None


def opened(asker: Asker, token: str, now: datetime) -> Opened | None:
    """What a link asks of whom; None where we did not sign it, or the person is gone. Nothing changes."""
    match read(asker.store.secret, "question", token):
        case (name,):
            pass
        case _:
            return None
    with asker.store.reading() as connection:
        question = questions.one(connection, name)
        person = those(connection, [question.person_id]).get(question.person_id) if question else None
        if question is None or person is None or person.erased_at is not None:
            return None
        reading = Reading(connection, now, asker.rules)
        told = about(reading, question.kind, question.subject, person, asker.brand.hosts)
    today = now.astimezone(asker.rules.zone).date()
    return Opened(question, person, told, told is not None and _is_open(question, told, today))


def _is_open(question: Question, told: About, today: date) -> bool:
    """One may always object to being named; a story that was handed in anew may be confirmed anew."""
    if question.kind == "naming":
        return True
    if question.kind == "silent":
        return question.settled_at is None and today <= question.due_on
    again = (
        told.told_at is not None and question.settled_at is not None and told.told_at > question.settled_at
    )
    return (again or question.settled_at is None) and today <= (told.due_on or question.due_on)


def answer(asker: Asker, found: Opened, reply: Reply, now: datetime) -> None:
    """Do what the answer says, and keep that it was given. Raises Rejected, which names the field.

    AnsweringError says that it is too late, or that there is nothing to answer any more.
    """
    question = found.question
    if reply.answer not in ANSWERS[question.kind]:
        raise Rejected("answer", "Choose one of the answers")
    if not found.is_open:
        raise AnsweringError("This was answered, or it is too late for an answer")
    try:
        _DO[question.kind](asker, found, reply, now)
    except EditingError as error:
        raise AnsweringError(str(error)) from None
    state = ANSWERS[question.kind][reply.answer]
    with asker.store.noting() as connection:
        questions.settle(connection, question.question_id, state, reply.answer, now)
        who = f"{found.person.person_id} by link"
        people.decided(connection, now, who, "answer", question.subject, reply.answer)


def _confirm(asker: Asker, found: Opened, reply: Reply, now: datetime) -> None:
    if reply.answer == "not_me":
        _dispute(asker, found, reply, now)
        return
    by = {"person_id": found.person.person_id, "department": found.person.department}
    draft_id = found.question.subject.removeprefix(story_id_of(""))
    confirm(asker.store, draft_id, _line(reply), by, via=ASKED, now=now, rules=asker.rules)


def _name(asker: Asker, found: Opened, reply: Reply, now: datetime) -> None:
    if reply.answer == "not_me":
        _dispute(asker, found, reply, now)
        return
    if reply.answer not in found.namings:
        raise Rejected("answer", "It was said before that this story names less; that stands")
    if reply.answer == "named":
        return
    desk, person_id = Desk(asker.store, now, asker.rules), found.person.person_id
    desk.object(found.question.subject, Actor(person_id), reply.line)
    if reply.answer == "never":
        prefer(asker.store, person_id, now, who=f"{person_id} by link", naming="never")


def _dispute(asker: Asker, found: Opened, reply: Reply, now: datetime) -> None:
    reason = f"It was not me. {reply.line}".strip()
    Desk(asker.store, now, asker.rules).dispute(found.question.subject, Actor(found.person.person_id), reason)


def _complete(asker: Asker, found: Opened, reply: Reply, now: datetime) -> None:
    if reply.answer == "nothing":
        return
    told = found.told
    assert told is not None, "only what is there is open"
    assert told.days is not None, "a highlight has days"
    if reply.deed not in told.deeds:
        raise Rejected("deed", "Choose what it was")
    if reply.day is None or not told.days[0] <= reply.day <= told.days[1]:
        raise Rejected("day", f"Write a day from {told.days[0]} to {told.days[1]}")
    line = _line(reply)
    with asker.store.reading() as connection:
        order = Reading(connection, now, asker.rules).history(told.order_ids[0])
    name = found.question.question_id
    raw = told_event(order, found.person, name, line, reply.deed, reply.day, now)
    report = record_apart(asker.store, [raw], as_of=now, rules=asker.rules, intake=INTAKE)
    if report.rejects:
        raise Rejected(report.rejects[0].field.removeprefix("data."), report.rejects[0].reason)


def _line(reply: Reply) -> str:
    line = reply.line.strip()
    if not line:
        raise Rejected("line", "Write one line")
    if len(line) > MOST_OF_A_LINE:
        raise Rejected("line", f"Write at most {MOST_OF_A_LINE} characters")
    return line


_DO: Final = {"confirm": _confirm, "naming": _name, "silent": _complete}
