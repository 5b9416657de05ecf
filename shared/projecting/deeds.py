"""What was done, held and returned: rows of single events, whatever subject they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared import tables
from shared.store import projections, rows
from shared.store.bulk import delete_rows, insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shared.events.envelope import Event
    from shared.projecting.reading import Reading

_TABLES = (tables.interventions, tables.holds, tables.returns)


def delete(reading: Reading, subjects: Sequence[str]) -> None:
    """Take out the rows of these subjects."""
    reading.astray.update(projections.astray(reading.connection, subjects))
    for table in _TABLES:
        delete_rows(reading.connection, table.c.subject, subjects)


def write(reading: Reading, events: Iterable[Event[Any]]) -> None:
    """Write the rows of events in force; a return comes with all that is known of it."""
    events = list(events)
    insert_rows(reading.connection, tables.interventions, list(rows.intervention_rows(events)))
    insert_rows(reading.connection, tables.holds, list(rows.hold_rows(events)))
    returned = rows.return_rows(events)
    insert_rows(reading.connection, tables.returns, returned)
    reading.astray.update(
        (row["customer_id"], row["product_id"])
        for row in returned
        if row["lot"] is not None or row["order_id"] is None
    )
