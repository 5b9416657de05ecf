"""What a source has said, read from the journal: no second record of it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from sqlalchemy import bindparam, select

from shared import tables
from shared.snapshots.said import Said, Told
from shared.store.chunks import Among, run_among

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

_J = tables.journal.c
_ORDERS = "order/"
_TOLD = select(_J.seq, _J.id, _J.type, _J.subject, _J.corrects_id, _J.digest, _J.body).where(
    _J.source == bindparam("name")
)
_OF_SUBJECTS = _TOLD.where(Among(_J.subject))
_OF_NAMES = _TOLD.where(Among(_J.id))
_CORRECTING = _TOLD.where(_J.corrects_source == bindparam("name"), Among(_J.corrects_id))


def said_of(connection: Connection, source: str, subjects: dict[str, str]) -> dict[str, Said]:
    """What `source` said of each subject in `subjects`, by event id; of others than orders, of that event."""
    orders = sorted({subject for subject in subjects.values() if subject.startswith(_ORDERS)})
    others = sorted(name for name, subject in subjects.items() if not subject.startswith(_ORDERS))
    rows = list(run_among(connection, _OF_SUBJECTS, orders, name=source))
    found: dict[str, Said] = {subject: Said() for subject in orders}
    home: dict[str, str] = {row.id: row.subject for row in rows}
    for row in run_among(connection, _OF_NAMES, others, name=source):
        rows.append(row)
        home[row.id] = subjects[row.id]
    correcting = run_among(connection, _CORRECTING, home, name=source)
    rows += [row for row in correcting if row.id not in home]
    for row in sorted(rows, key=lambda row: row.seq):
        subject = home.get(row.id) or home.get(row.corrects_id, "")
        found.setdefault(subject, Said()).add(Told(row.id, row.type, row.digest, orjson.loads(row.body)))
    return found


def open_orders(connection: Connection, besides: Iterable[str]) -> Iterable[str]:
    """The orders that nothing has closed yet, as subjects."""
    query = select(tables.orders.c.order_id).where(tables.orders.c.closed_at.is_(None))
    return sorted({f"{_ORDERS}{name}" for name in connection.scalars(query)}.difference(besides))
