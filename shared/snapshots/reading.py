"""What a source has said, read from the journal: no second record of it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select

from shared import tables
from shared.snapshots.said import Said, Told
from shared.store.chunks import among, chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import ColumnElement, Connection, Row, Select

_J = tables.journal.c
_ORDERS = "order/"


def said_of(connection: Connection, source: str, subjects: dict[str, str]) -> dict[str, Said]:
    """What `source` said of each subject in `subjects`, by event id; of others than orders, of that event."""
    orders = sorted({subject for subject in subjects.values() if subject.startswith(_ORDERS)})
    others = sorted(name for name, subject in subjects.items() if not subject.startswith(_ORDERS))
    rows = list(_rows(connection, source, _J.subject, orders))
    found: dict[str, Said] = {subject: Said() for subject in orders}
    home: dict[str, str] = {row.id: row.subject for row in rows}
    for row in _rows(connection, source, _J.id, others):
        rows.append(row)
        home[row.id] = subjects[row.id]
    rows += (row for row in _rows(connection, source, _J.corrects_id, sorted(home)) if row.id not in home)
    for row in sorted(rows, key=lambda row: row.seq):
        subject = home.get(row.id) or home.get(row.corrects_id, "")
        found.setdefault(subject, Said()).add(Told(row.id, row.type, row.digest, orjson.loads(row.body)))
    return found


def _rows(
    connection: Connection, source: str, key: ColumnElement[Any], wanted: list[str]
) -> Iterator[Row[Any]]:
    columns = (_J.seq, _J.id, _J.type, _J.subject, _J.corrects_id, _J.digest, _J.body)
    for some in chunks(wanted):
        here = _J.source == source
        if key is _J.corrects_id:
            here &= _J.corrects_source == source
        query: Select[Any] = select(*columns).where(here, among(connection, key, some))
        yield from connection.execute(query)


def open_orders(connection: Connection, besides: Iterable[str]) -> Iterable[str]:
    """The orders that nothing has closed yet, as subjects."""
    query = select(tables.orders.c.order_id).where(tables.orders.c.closed_at.is_(None))
    return sorted({f"{_ORDERS}{name}" for name in connection.scalars(query)}.difference(besides))
