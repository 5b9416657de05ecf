"""What somebody must know, as it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import insert, select, update

from shared import tables

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

_A = tables.alerts.c


def listed(connection: Connection, *, resolved: bool = False) -> list[Row[Any]]:
    """Alerts that stand, or all, in order of time."""
    query = select(tables.alerts).order_by(_A.since, _A.kind, _A.about)
    return list(connection.execute(query if resolved else query.where(_A.resolved_at.is_(None))))


def find(connection: Connection, kind: str, about: str) -> Row[Any] | None:
    """One alert, also a resolved one."""
    return connection.execute(select(tables.alerts).where(_A.kind == kind, _A.about == about)).first()


def add(connection: Connection, kind: str, about: str, said: str, now: datetime) -> None:
    """Begin an alert; nobody knows of it yet."""
    row = {"kind": kind, "about": about, "said": said, "since": now, "told": "[]"}
    connection.execute(insert(tables.alerts).values(row))


def reopen(
    connection: Connection, kind: str, about: str, said: str, now: datetime, *, quietly: bool = False
) -> None:
    """Begin one that was resolved again; quietly where whoever knew of it needs not be told."""
    values: dict[str, Any] = {"said": said, "resolved_at": None}
    if not quietly:
        values |= {"since": now, "told": "[]"}
    connection.execute(_own(kind, about).values(values))


def resolve(connection: Connection, kind: str, about: str, now: datetime) -> None:
    """Note that it is over."""
    connection.execute(_own(kind, about).values(resolved_at=now))


def tell(connection: Connection, kind: str, about: str, person_id: str) -> None:
    """Note that somebody knows of it."""
    row = find(connection, kind, about)
    if row is not None:
        told = sorted({*orjson.loads(row.told), person_id})
        connection.execute(_own(kind, about).values(told=orjson.dumps(told).decode()))


def _own(kind: str, about: str) -> Any:
    return update(tables.alerts).where(_A.kind == kind, _A.about == about)
