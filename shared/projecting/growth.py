"""Orders in memory to which something new happened: only what changed is written."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from shared import tables
from shared.events.customers import FeedbackReceived
from shared.events.deliveries import (
    DeliveryDelivered,
    DeliveryShipped,
    InvoicePosted,
    RoadblockRaised,
    RoadblockResolved,
)
from shared.history.folding import grow
from shared.projecting import deeds, totals
from shared.store import rows
from shared.store.bulk import insert_rows, upsert_stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Table

    from shared.events.envelope import Event
    from shared.history.order import Order
    from shared.projecting.reading import Reading
    from shared.store.bulk import Stored
    from shared.store.hot import HotOrder

    Made = dict[Table, list[Stored]]

_OF_RISKS = (RoadblockRaised, RoadblockResolved)
_TABLES = (tables.orders, tables.order_lines, tables.receipts, tables.shipments, tables.risks)


def project(reading: Reading, grown: Mapping[str, Sequence[Event[Any]]]) -> tuple[set[str], dict[str, Order]]:
    """Let orders grow and write what changed of them.

    Return those that must be rebuilt from all their events, and the others in which wins may have changed.
    """
    spoilt: set[str] = set()
    closed: dict[str, Order] = {}
    changed: list[tuple[HotOrder, list[str], Sequence[Event[Any]]]] = []
    for order_id, events in grown.items():
        held = reading.hot.get(order_id)
        lines = grow(held.order, events) if held is not None else None
        if held is None or lines is None or held.order.quarantined:
            spoilt.add(order_id)
        else:
            changed.append((held, lines, events))
            ended = held.closed_at or (lines and held.order.closed_at)
            if ended and not all(isinstance(event.data, InvoicePosted) for event in events):
                closed[order_id] = held.order
    for order_id in spoilt:
        reading.hot.forget(order_id)
    _write(reading, changed)
    return spoilt, closed


def _write(reading: Reading, changed: Sequence[tuple[HotOrder, list[str], Sequence[Event[Any]]]]) -> None:
    groups = reading.groups(held.order for held, _, _ in changed)
    made: Made = defaultdict(list)
    feedback: list[dict[str, Any]] = []
    told: list[Event[Any]] = []
    _find_counted(reading, [held for held, _, _ in changed if held.counted is None])
    for held, lines, events in changed:
        order, counted = held.order, groups.counted(held.order)
        assert held.counted is not None, "it was read"
        for line_id in lines:
            row = rows.line_row(order, line_id, counted=counted)
            made[tables.order_lines].append(row)
            held.counted.lines[line_id] = reading.totals.put(row, held.counted.lines.get(line_id))
        for event in events:
            held.counted.take(_add(made, order, event, counted=counted))
            if isinstance(event.data, FeedbackReceived):
                feedback += rows.feedback_rows([event], counted=counted)
        held.counted.charge(charged := list(rows.invoice_rows(events)))
        if lines or charged:
            reading.totals.put_order(held.counted)
        if counted and (lines or any(isinstance(event.data, _OF_RISKS) for event in events)):
            made[tables.risks] += [rows.risk_row(order, block) for block in order.roadblocks.values()]
        told += events
        reading.touch(order, groups)
        if lines and (held.closed_at, held.filled_at) != (ends := (order.closed_at, order.filled_at)):
            held.closed_at, held.filled_at = ends
            assert order.placed is not None, "only placed orders grow"
            root_id = groups.root(order.placed.data.customer_id)
            made[tables.orders].append(rows.order_row(order, root_id, counted=counted))
    for table in _TABLES:
        upsert_stored(reading.connection, table, made[table])
    insert_rows(reading.connection, tables.feedback, feedback)
    deeds.write(reading, told)


def _find_counted(reading: Reading, unknown: Sequence[HotOrder]) -> None:
    standing = totals.standing(reading.connection, [held.order.order_id for held in unknown])
    for held in unknown:
        held.counted = standing[held.order.order_id]


def _add(made: Made, order: Order, event: Event[Any], *, counted: bool) -> Sequence[Stored]:
    """Add the rows that one event brings; return the receipts among them."""
    data, received = event.data, list[Any]()
    if isinstance(data, DeliveryDelivered):
        received = [
            rows.receipt_row(order, part.line_id, receipt, counted=counted)
            for part in data.lines
            for receipt in order.lines[part.line_id].receipts
            if receipt.event_id == event.id
        ]
        made[tables.receipts] += received
    elif isinstance(data, DeliveryShipped):
        made[tables.shipments] += rows.shipment_rows(event)
    return received
