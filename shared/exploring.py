"""Wins as readers look for them: by month, pattern and status, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from sqlalchemy import and_, func, not_, or_, select

from shared import tables
from shared.store.chunks import Among, run_among
from shared.store.rows import win_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy import ColumnElement, Connection

    from shared.patterns.model import Win
    from shared.periods import Period

Status = Literal["provisional", "final", "revoked"]
STATUSES: tuple[Status, ...] = get_args(Status)
COUNTED = 2000
"""Nobody turns more pages; a month and a pattern find what lies further back."""
_W = tables.wins.c


class Wanted(NamedTuple):
    """Which wins: of the month in which they become final, of a pattern, of a status; of any where None."""

    month: Period | None = None
    pattern: str | None = None
    status: Status | None = None


def page_of(
    connection: Connection, wanted: Wanted, zone: ZoneInfo, now: datetime, first: int, most: int
) -> tuple[list[Win], int]:
    """So many wins from the `first` on, the newest first, and how many there are, counted up to `COUNTED`."""
    which = and_(*_conditions(wanted, zone, now))
    some = select(_W.win_id).where(which).limit(COUNTED).subquery()
    total = connection.scalar(select(func.count()).select_from(some)) or 0
    query = select(_W.body).where(which).order_by(_W.final_at.desc(), _W.win_id).limit(most).offset(first)
    return [win_of(body) for body in connection.scalars(query)], total


def one(connection: Connection, win_id: str) -> Win | None:
    """One win."""
    body = connection.scalar(select(_W.body).where(_W.win_id == win_id))
    return None if body is None else win_of(body)


def those(connection: Connection, win_ids: Iterable[str]) -> dict[str, Win]:
    """These wins by id, as far as they are there."""
    return {row.win_id: win_of(row.body) for row in run_among(connection, _THOSE, win_ids)}


_THOSE = select(_W.win_id, _W.body).where(Among(_W.win_id))


def _conditions(wanted: Wanted, zone: ZoneInfo, now: datetime) -> list[ColumnElement[bool]]:
    waiting = or_(_W.pending, _W.final_at > now)
    of_status: dict[Status | None, list[ColumnElement[bool]]] = {
        None: [],
        "revoked": [_W.reason.is_not(None)],
        "provisional": [_W.reason.is_(None), waiting],
        "final": [_W.reason.is_(None), not_(waiting)],
    }
    found = of_status[wanted.status]
    if wanted.pattern is not None:
        found = [*found, _W.pattern == wanted.pattern]
    if wanted.month is not None:
        start, end = wanted.month.starts_at(zone), wanted.month.ends_at(zone)
        found = [*found, _W.final_at >= start, _W.final_at < end]
    return found or [_W.win_id.is_not(None)]
