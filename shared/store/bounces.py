"""What came back of mails, and how much that was none of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import exists, func, insert, select, update

from shared import tables

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection, Row

KINDS: Final = ("hard", "soft", "other", "complaint")
_B, _R, _M = tables.bounces.c, tables.refusals.c, tables.mails.c


def known(connection: Connection, mail_id: str, kind: str) -> bool:
    """Whether that came back of this mail before."""
    own = (_B.mail_id == mail_id, _B.kind == kind)
    return connection.scalar(select(_B.mail_id).where(*own)) is not None


def add(connection: Connection, row: dict[str, Any]) -> None:
    """Keep what came back."""
    connection.execute(insert(tables.bounces).values(row))


def count(connection: Connection, address: bytes, kind: str, since: datetime) -> int:
    """How much of a kind came back from an address since then, but for what an administrator undid."""
    own = (_B.address == address, _B.kind == kind, _B.at > since, _B.undone_at.is_(None))
    return connection.scalar(select(func.count()).where(*own)) or 0


def came(connection: Connection, since: datetime) -> int:
    """How much came back since then that says something of an address."""
    own = (_B.at > since, _B.kind != "other")
    return connection.scalar(select(func.count()).where(*own)) or 0


def undo(connection: Connection, address: bytes, now: datetime) -> None:
    """Let what came back from an address count no more."""
    own = update(tables.bounces).where(_B.address == address, _B.undone_at.is_(None))
    connection.execute(own.values(undone_at=now))


def listed(
    connection: Connection, kind: str | None = None, most: int = 1000, *, until: datetime | None = None
) -> list[Row[Any]]:
    """What came back, or had by an instant, the newest first."""
    query = select(tables.bounces).order_by(_B.at.desc(), _B.mail_id, _B.kind).limit(most)
    if until is not None:
        query = query.where(_B.at <= until)
    return list(connection.execute(query if kind is None else query.where(_B.kind == kind)))


def refuse(connection: Connection, day: date) -> None:
    """Count a report that none of our mails can have caused."""
    own = update(tables.refusals).where(_R.day == day).values(number=_R.number + 1)
    if not connection.execute(own).rowcount:
        connection.execute(insert(tables.refusals).values(day=day, number=1))


def refused(connection: Connection, since: date, until: date) -> int:
    """How many there were on these days."""
    return connection.scalar(select(func.sum(_R.number)).where(_R.day.between(since, until))) or 0


def refused_at_once(connection: Connection, most: int = 1000) -> list[Row[Any]]:
    """Mails that a relay refused for good while they were sent, and that nobody has judged yet."""
    judged = exists().where(_B.mail_id == _M.mail_id)
    query = select(tables.mails).where(_M.state == "failed", _M.reason.like("5%"), ~judged)
    return list(connection.execute(query.order_by(_M.mail_id).limit(most)))
