"""What was done, held, returned and flown in: rows of single events, whatever subject they belong to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from shared import tables
from shared.events.deliveries import InterventionRecorded, InvoicePosted, ReturnAssessed, ReturnReceived
from shared.events.orders import OrderHoldPlaced, OrderHoldReleased
from shared.periods import Period
from shared.store import projections, rows
from shared.store.bulk import delete_rows, insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from shared.events.envelope import Event
    from shared.projecting.agenda import Agenda
    from shared.projecting.reading import Reading

_TABLES = (tables.interventions, tables.holds, tables.returns, tables.invoices)
_OF_DEEDS = {
    InterventionRecorded,
    InvoicePosted,
    OrderHoldPlaced,
    OrderHoldReleased,
    ReturnAssessed,
    ReturnReceived,
}
_ZONES = timedelta(days=2)
"""An instant's date differs by less between any two time zones."""


def delete(reading: Reading, subjects: Sequence[str]) -> None:
    """Take out the rows of these subjects; what they were part of is judged without them."""
    reading.astray.update(projections.astray(reading.connection, subjects))
    for at, week in projections.deeds_of(reading.connection, subjects):
        _touch(reading.agenda, at, week)
    for table in _TABLES:
        delete_rows(reading.connection, table.c.subject, subjects)


def write(reading: Reading, events: Iterable[Event[Any]]) -> None:
    """Write the rows of events in force; a return comes with all that is known of it."""
    events = [event for event in events if type(event.data) in _OF_DEEDS]
    done, returned = list(rows.intervention_rows(events)), rows.return_rows(events)
    held, paid = list(rows.hold_rows(events)), list(rows.invoice_rows(events))
    insert_rows(reading.connection, tables.interventions, done)
    insert_rows(reading.connection, tables.holds, held)
    insert_rows(reading.connection, tables.returns, returned)
    insert_rows(reading.connection, tables.invoices, paid)
    for row in done:
        _touch(reading.agenda, row["time"], row["week"])
    for row in paid:
        if row["premium_freight"] is not None:
            _touch(reading.agenda, row["time"], None)
    for row in held:
        reading.agenda.put("hold", row["hold_id"], date.min)
    reading.astray.update(
        (row["customer_id"], row["product_id"])
        for row in returned
        if row["lot"] is not None or row["order_id"] is None
    )


def _touch(agenda: Agenda, at: datetime, week: str | None) -> None:
    """What was done counts in its quarter, and in the week that it is about."""
    agenda.put("quarter", "", at.date() - _ZONES)
    if week is not None:
        agenda.put("week", "", Period.parse(week).start)
