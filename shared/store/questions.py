"""What people were asked by a link in a mail, and what they answered."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime  # noqa: TC003 - rows become questions by these
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from sqlalchemy import func, insert, select, update

from shared import tables
from shared.store.chunks import Among, run_among
from shared.store.ledger import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Select

Kind = Literal["confirm", "naming", "silent"]
"""To confirm a story in one line; how to be named in one; what one's own side did for an order."""
State = Literal["asked", "answered", "declined", "expired"]
_Q: Final = tables.questions.c
_ABOUT = select(tables.questions).where(Among(_Q.subject)).order_by(_Q.asked_at, _Q.question_id)


@dataclass(frozen=True, slots=True)
class Question:
    """What one person was asked about one story or win."""

    question_id: str
    kind: Kind
    subject: str
    """The id of the story, or of the win."""
    person_id: str
    state: State
    asked_at: datetime
    due_on: date
    """The last day on which it may be answered, in the organisation's zone."""
    settled_at: datetime | None = None
    answer: str | None = None
    """A word: `confirmed`, `named`, `team`, `never`, `not_me`, `told`, `nothing`."""


def add(connection: Connection, question: Question) -> None:
    """Keep that someone is asked; the database refuses to have the same asked twice."""
    connection.execute(insert(tables.questions).values(asdict(question)))


def one(connection: Connection, question_id: str) -> Question | None:
    """One question, which nobody else settles until this transaction ends."""
    query = select(tables.questions).where(_Q.question_id == question_id).with_for_update()
    row = connection.execute(query).first()
    return None if row is None else Question(**row._mapping)  # noqa: SLF001 - its public way to a mapping


def about(connection: Connection, subjects: Iterable[str]) -> dict[str, list[Question]]:
    """The questions about each of these stories and wins, as they were asked."""
    found: dict[str, list[Question]] = {}
    for row in run_among(connection, _ABOUT, subjects):
        found.setdefault(row.subject, []).append(Question(**row._mapping))  # noqa: SLF001 - the same
    return found


class Heard(NamedTuple):
    """How one person was asked to be named in a story."""

    since: datetime | None
    """When the mail was handed over; None while it was not: nobody can object to what they were not told."""
    agreed_at: datetime | None
    """When they said yes; None where they said nothing, or no."""


def heard(connection: Connection, story_ids: Iterable[str], as_of: datetime) -> dict[str, dict[str, Heard]]:
    """Who was asked by an instant to be named, by story and person."""
    found: dict[str, dict[str, Heard]] = {}
    for row in run_among(connection, _HEARD, story_ids):
        if row.asked_at <= as_of:
            agreed = row.settled_at if row.answer == "named" and row.settled_at <= as_of else None
            since = row.changed_at if row.mail == "sent" else None if row.mail in OPEN else row.asked_at
            found.setdefault(row.subject, {})[row.person_id] = Heard(since, agreed)
    return found


_M: Final = tables.mails.c
_HEARD = (
    select(
        _Q.subject, _Q.person_id, _Q.asked_at, _Q.answer, _Q.settled_at, _M.changed_at, _M.state.label("mail")
    )
    .join(tables.mails, _M.mail_id == _Q.question_id, isouter=True)
    .where(Among(_Q.subject), _Q.kind == "naming")
)


def asked_since(connection: Connection, since: datetime) -> dict[str, int]:
    """How much each person was asked from an instant on."""
    query = select(_Q.person_id, func.count()).where(_Q.asked_at >= since).group_by(_Q.person_id)
    return {row[0]: row[1] for row in connection.execute(query)}


def listed(connection: Connection, most: int = 1000) -> list[Question]:
    """Questions, the newest first."""
    return _found(connection, _NEWEST.limit(most))


def listed_at(connection: Connection, as_of: datetime, today: date, most: int = 1000) -> list[Question]:
    """Those that had been asked by then, as they stood on that day."""
    return [
        each
        if each.settled_at is not None and each.settled_at <= as_of
        else replace(each, state="expired" if each.due_on < today else "asked", settled_at=None, answer=None)
        for each in _found(connection, _NEWEST.where(_Q.asked_at <= as_of).limit(most))
    ]


_NEWEST = select(tables.questions).order_by(_Q.asked_at.desc(), _Q.question_id)


def _found(connection: Connection, query: Select[Any]) -> list[Question]:
    return [Question(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001 - the same


def settle(connection: Connection, question_id: str, state: State, answer: str, now: datetime) -> None:
    """Keep an answer."""
    values = {"state": state, "answer": answer, "settled_at": now}
    own = _Q.question_id == question_id
    connection.execute(update(tables.questions).where(own).values(values))


def expire(connection: Connection, today: date) -> int:
    """Close the questions whose last day has passed; how many they are."""
    own = (_Q.state == "asked", _Q.due_on < today)
    return connection.execute(update(tables.questions).where(*own).values(state="expired")).rowcount
