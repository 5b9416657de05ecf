"""The ledger of mails: every step of each, and only by whoever holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import (
    Boolean,
    Connection,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)

from shared import tables
from shared.store.bulk import insert_rows
from shared.store.chunks import Among, run_among
from shared.store.engine import fact, put_fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import ColumnElement, Row

STATES: Final = ("queued", "claimed", "started", "retry", "sent", "failed", "doubtful", "excluded")
OPEN: Final = ("queued", "claimed", "started", "retry")
WAITING: Final = ("queued", "retry")
_UNSENT: Final = ("queued", "retry", "claimed")
_PAUSED: Final = "mail_paused"
_M, _S = tables.mails.c, tables.sendings.c


class Held(NamedTuple):
    """A mail and the number of the attempt that holds it."""

    mail_id: str
    attempt: int


class Start(NamedTuple):
    """A mail about to be handed over, and the digest of its bytes."""

    held: Held
    digest: bytes


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an attempt; `due_at` is when a `retry` may be tried."""

    held: Held
    state: str
    reason: str
    due_at: datetime | None = None


def add_mails(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Freeze who gets it and who does not."""
    insert_rows(connection, tables.mails, rows)


def counts(connection: Connection, edition_id: str) -> dict[str, int]:
    """How many mails of an edition are in each state."""
    query = select(_M.state, func.count()).where(_M.edition_id == edition_id).group_by(_M.state)
    return dict.fromkeys(STATES, 0) | {row[0]: row[1] for row in connection.execute(query)}


def reasons(connection: Connection, edition_id: str) -> dict[str, int]:
    """Why how many were excluded."""
    query = select(_M.reason, func.count()).where(_M.edition_id == edition_id, _M.state == "excluded")
    return {row[0]: row[1] for row in connection.execute(query.group_by(_M.reason).order_by(_M.reason))}


def listed(
    connection: Connection,
    *,
    edition_id: str | None = None,
    kind: str | None = None,
    state: str | None = None,
    most: int = 1000,
) -> list[Row[Any]]:
    """Mails, by edition and id: all, or those of one edition, of one kind of edition, in one state."""
    query = select(tables.mails).order_by(_M.edition_id, _M.mail_id).limit(most)
    if edition_id is not None:
        query = query.where(_M.edition_id == edition_id)
    if kind is not None:
        query = query.where(of_kind(kind))
    return list(connection.execute(query if state is None else query.where(_M.state == state)))


def of_kind(kind: str) -> ColumnElement[bool]:
    """What a mail of an edition of this kind is known by."""
    return _M.edition_id.startswith(f"{kind}-", autoescape=True)


def mail(connection: Connection, mail_id: str) -> Row[Any] | None:
    """One mail."""
    return connection.execute(select(tables.mails).where(_M.mail_id == mail_id)).first()


def paused(connection: Connection) -> bool:
    """Whether nothing at all may be sent."""
    return bool(fact(connection, _PAUSED))


def pause(connection: Connection, on: bool) -> None:  # noqa: FBT001 - the switch itself
    """Stop all mail at once, or let it go on."""
    put_fact(connection, _PAUSED, "yes" if on else "")


def claim(
    connection: Connection, edition_id: str, now: datetime, lease: timedelta, most: int
) -> list[Row[Any]]:
    """Take mails that are due, each under a new number of attempt; what others took is left to them."""
    due = (
        select(_M.mail_id)
        .where(_M.edition_id == edition_id, _M.state.in_(WAITING), _M.due_at <= now, _going())
        .order_by(_M.due_at, _M.mail_id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    if paused(connection) or not (names := list(connection.scalars(due))):
        return []
    taken = {"state": "claimed", "attempt": _M.attempt + 1, "lease_until": now + lease, "changed_at": now}
    connection.execute(update(tables.mails).where(_M.mail_id.in_(names)).values(taken))
    return list(connection.execute(select(tables.mails).where(_M.mail_id.in_(names)).order_by(_M.mail_id)))


def start(connection: Connection, starts: Iterable[Start], now: datetime, lease: timedelta) -> set[Held]:
    """Write that these are about to be handed over; those that may not be any more are left out.

    A mail whose bytes differ from those of an earlier attempt may not.
    """
    asked = {held.mail_id: (held, digest) for held, digest in starts}
    rows: list[dict[str, Any]] = []
    for mail in run_among(connection, _MAY_START, asked):
        held, made = asked[mail.mail_id]
        ours = mail.state == "claimed" and mail.attempt == held.attempt and mail.lease_until > now
        if ours and mail.digest in (None, made):
            rows.append({"of": held.mail_id, "nth": held.attempt, "made": made})
            rows[-1] |= {"until": now + lease, "now": now}
    if rows:
        connection.execute(_START, rows)
    return {Held(row["of"], row["nth"]) for row in rows}


def finish(connection: Connection, results: Iterable[Result], now: datetime) -> None:
    """Write what became of attempts that had started; of those that no longer hold their mail, nothing."""
    _settle(connection, "started", results, now)


def put_back(connection: Connection, results: Iterable[Result], now: datetime) -> None:
    """The same of attempts that certainly sent nothing, since they had not started."""
    _settle(connection, "claimed", results, now)


def _settle(connection: Connection, before: str, results: Iterable[Result], now: datetime) -> None:
    rows: dict[bool, list[dict[str, Any]]] = {False: [], True: []}
    for each in results:
        row = {"of": each.held.mail_id, "nth": each.held.attempt, "before": before, "now": now}
        row |= {"then": each.state, "why": each.reason}
        row["back"] = before == "started" and each.state in WAITING
        again = each.due_at is not None
        rows[again].append({**row, "due": each.due_at} if again else row)
    for again, some in rows.items():
        if some:
            connection.execute(_SETTLE_AGAIN if again else _SETTLE, some)


def expire(connection: Connection, now: datetime) -> int:
    """Judge the mails of senders that ended: what had started is doubtful, the rest is queued again.

    Returns how many became doubtful.
    """
    over = _M.lease_until <= now
    left = {"lease_until": None, "changed_at": now}
    again = {"state": "queued", **left}
    connection.execute(update(tables.mails).where(_M.state == "claimed", over).values(again))
    doubt = {"state": "doubtful", "reason": "the sender ended in the middle", **left}
    return connection.execute(update(tables.mails).where(_M.state == "started", over).values(doubt)).rowcount


def settle(connection: Connection, mail_id: str, state: str, reason: str, now: datetime) -> bool:
    """Decide a doubtful mail; False where it is not doubtful."""
    values = {"state": state, "reason": reason, "changed_at": now, "due_at": now}
    own = and_(_M.mail_id == mail_id, _M.state == "doubtful")
    return bool(connection.execute(update(tables.mails).where(own).values(values)).rowcount)


def exclude(
    connection: Connection, person_id: str, reason: str, now: datetime, edition: str | None = None
) -> None:
    """Take a person's mails out that have not started, of one kind of edition or of all.

    What has started may be on its way; its reason says that it does not go again should it come back.
    """
    own = _M.person_id == person_id
    if edition is not None:
        of = select(tables.editions.c.edition_id).where(tables.editions.c.name == edition)
        own = and_(own, or_(_M.edition_id.in_(of), of_kind(edition)))  # which may be no edition
    started = _M.state == "started"
    values = {
        "state": case((started, "started"), else_="excluded"),
        "reason": reason,
        "lease_until": case((started, _M.lease_until), else_=None),
        "changed_at": now,
    }
    either = _M.state.in_((*_UNSENT, "started"))  # at once, for it may start meanwhile
    connection.execute(update(tables.mails).where(own, either).values(values))


def give_up(connection: Connection, edition_id: str, reason: str, now: datetime) -> int:
    """Take the mails of an edition out that have not started; how many."""
    values = {"state": "excluded", "reason": reason, "lease_until": None, "changed_at": now}
    own = and_(_M.edition_id == edition_id, _M.state.in_(_UNSENT))
    return connection.execute(update(tables.mails).where(own).values(values)).rowcount


def forget(connection: Connection, person_id: str) -> None:
    """Keep no address of a person whose mails are settled."""
    connection.execute(update(tables.mails).where(_M.person_id == person_id).values(recipient=None))


def next_due(connection: Connection, edition_ids: Sequence[str]) -> datetime | None:
    """When the next of their mails may be tried."""
    own = and_(_M.edition_id.in_(edition_ids), _M.state.in_(WAITING))
    due: datetime | None = connection.scalar(select(func.min(_M.due_at)).where(own))
    return due


def _going() -> ColumnElement[bool]:
    """Its sending is neither paused nor stopped."""
    return exists().where(_S.edition_id == _M.edition_id, _S.state == "sending")


_HELD: Final = exists().where(tables.facts.c.name == _PAUSED, tables.facts.c.value != "")
_OURS: Final = (_M.mail_id == bindparam("of"), _M.attempt == bindparam("nth"))
_MAY_START: Final = (
    select(_M.mail_id, _M.state, _M.attempt, _M.lease_until, _M.digest)
    .where(Among(_M.mail_id), _going(), ~_HELD)
    .with_for_update()
)
"""Its state is looked at by us, or SQLite would look for the mail among all that were claimed."""
_START: Final = (
    update(tables.mails)
    .where(*_OURS, _M.state == "claimed")
    .values(
        state="started",
        reason="",
        digest=bindparam("made"),
        lease_until=bindparam("until"),
        changed_at=bindparam("now"),
    )
)
_TAKEN_OUT: Final = and_(bindparam("back", type_=Boolean), _M.reason != "")
_SETTLE: Final = (
    update(tables.mails)
    .where(*_OURS, _M.state == bindparam("before"))
    .values(
        state=case((_TAKEN_OUT, "excluded"), else_=bindparam("then", type_=String)),
        reason=case((_TAKEN_OUT, _M.reason), else_=bindparam("why", type_=String)),
        lease_until=None,
        changed_at=bindparam("now"),
    )
)
_SETTLE_AGAIN: Final = _SETTLE.values(due_at=bindparam("due"))
"""Statements that run for many mails at once, and are compiled once."""
