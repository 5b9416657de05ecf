"""What was done, held and returned: rows of single events, whatever subject they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared import tables
from shared.store import rows
from shared.store.bulk import delete_rows, insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from shared.events.envelope import Event

_TABLES = (tables.interventions, tables.holds, tables.returns)


def delete(connection: Connection, subjects: Sequence[str]) -> None:
    """Take out the rows of these subjects."""
    for table in _TABLES:
        delete_rows(connection, table.c.subject, subjects)


def write(connection: Connection, events: Iterable[Event[Any]]) -> None:
    """Write the rows of events in force; a return comes with all that is known of it."""
    events = list(events)
    insert_rows(connection, tables.interventions, list(rows.intervention_rows(events)))
    insert_rows(connection, tables.holds, list(rows.hold_rows(events)))
    insert_rows(connection, tables.returns, rows.return_rows(events))
