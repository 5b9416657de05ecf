"""Orders: their rows, and the wins that the patterns see in them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from shared import tables
from shared.events.deliveries import DeliveryShipped
from shared.instants import microseconds
from shared.projecting import deeds, growth
from shared.projecting.standing import Standing
from shared.projecting.winning import find_wins
from shared.store import projections, recorders, rows
from shared.store.bulk import delete_rows, insert_rows, insert_stored
from shared.store.chunks import chunks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Table

    from shared.events.envelope import Event
    from shared.history.order import Order
    from shared.projecting.reading import Reading
    from shared.store.bulk import Stored
    from shared.store.groups import Groups

_KEPT = 5_000  # histories held between writing rows and looking for wins; beyond, they are read twice
_BY_ORDER = (tables.orders, tables.order_lines, tables.receipts, tables.shipments, tables.risks)


def project_orders(reading: Reading, order_ids: set[str], grown: Mapping[str, Sequence[Event[Any]]]) -> None:
    """Write the rows of these orders first, then look for wins: first orders depend on other orders.

    `grown` are orders in memory, with the new events that follow what they were.
    """
    spoilt, at_hand = growth.project(reading, {name: grown[name] for name in grown.keys() - order_ids})
    whole = order_ids | spoilt
    judged = whole | at_hand.keys()
    for some in chunks(sorted(whole)):
        histories = reading.histories(some)
        judged |= _write(reading, some, histories)
        if len(whole) <= _KEPT:
            at_hand |= histories
        else:
            reading.leave_events()
    judged |= _doubted(reading)
    for some in chunks(sorted(judged)):
        find_wins(reading, some, at_hand)
        _touch_stories(reading, some)
    reading.leave_events()


def _doubted(reading: Reading) -> set[str]:
    """The demanding orders of which something may have come back under no order, or under another one."""
    found: set[str] = set()
    customers = {customer_id for customer_id, _ in reading.astray if customer_id is not None}
    if customers:
        reading.hot.groups.load(reading.connection, customers)
        roots = {reading.hot.groups.root(customer_id) for customer_id in customers}
        found |= projections.demanding_orders(reading.connection, roots)
    products = {product_id for customer_id, product_id in reading.astray if customer_id is None}
    if products:
        recorders.must_be_alone(reading.connection)  # whose parts they are nobody knows
        found |= projections.demanding_orders_of(reading.connection, {p for p in products if p is not None})
    reading.astray.clear()
    return found


def _touch_stories(reading: Reading, order_ids: Sequence[str]) -> None:
    """Holds and people's own stories are judged by the orders they are about."""
    for kind, names in projections.holds_and_drafts_of(reading.connection, order_ids).items():
        for name in names:
            reading.agenda.put(kind, name, date.min)


def _write(reading: Reading, order_ids: Sequence[str], histories: Mapping[str, Order]) -> set[str]:
    """Write whole orders; return the orders that follow one that came, went or moved."""
    connection = reading.connection
    groups = reading.groups(histories.values())
    old = [name for name in order_ids if name not in reading.unwritten]
    before = projections.positions(connection, old) if old else {}
    _touch_places(reading, before, old)
    after = {name: _position(order, groups) for name, order in histories.items() if order.placed}
    moved = {name for name in order_ids if before.get(name) != after.get(name)}
    following = projections.neighbours(connection, moved & before.keys())
    if old:
        reading.totals.take(connection, old)
        for table in _BY_ORDER:
            delete_rows(connection, table.c.order_id, old)
        subjects = [f"order/{name}" for name in old]
        delete_rows(connection, tables.feedback.c.subject, subjects)
        deeds.delete(reading, subjects)
    _insert(reading, histories, groups)
    return following | projections.neighbours(connection, moved & after.keys())


def _insert(reading: Reading, histories: Mapping[str, Order], groups: Groups) -> None:
    made: dict[Table, list[Stored]] = defaultdict(list)
    feedback: list[dict[str, Any]] = []
    told: list[Event[Any]] = []
    for order in histories.values():
        counted, stands = groups.counted(order), None
        told += order.events
        feedback += rows.feedback_rows(order.feedback, counted=counted or order.placed is None)
        if order.placed is not None:
            made[tables.orders].append(
                rows.order_row(order, groups.root(order.placed.data.customer_id), counted=counted)
            )
            stands = Standing(microseconds(order.placed.time), order.placed.data.currency)
            for line_id, line in order.lines.items():
                row = rows.line_row(order, line_id, counted=counted)
                made[tables.order_lines].append(row)
                stands.lines[line_id] = reading.totals.put(row)
                received = [
                    rows.receipt_row(order, line_id, receipt, counted=counted) for receipt in line.receipts
                ]
                made[tables.receipts] += received
                stands.take(received)
            stands.charge(rows.invoice_rows(order.events))
            reading.totals.put_order(stands)
            for event in order.events:
                if isinstance(event.data, DeliveryShipped):
                    made[tables.shipments] += rows.shipment_rows(event)
            reading.touch(order, groups)
            if counted:
                made[tables.risks] += [rows.risk_row(order, block) for block in order.roadblocks.values()]
        reading.keep(order, stands)
    for table in _BY_ORDER:
        insert_stored(reading.connection, table, made[table])
    insert_rows(reading.connection, tables.feedback, feedback)
    deeds.write(reading, told)


def _touch_places(reading: Reading, before: Mapping[str, tuple[Any, ...]], old: Sequence[str]) -> None:
    """Where an order stood, the products it held and when it was due are judged without it now."""
    for root_id, _, placed_at in before.values():
        reading.agenda.put("customer", root_id, placed_at.astimezone(reading.rules.zone).date())
    for product_id, day in projections.products_of(reading.connection, old):
        reading.agenda.put("product", product_id, day)
    if (due := projections.earliest_due(reading.connection, old)) is not None:
        reading.agenda.put_due(due)
    _touch_stories(reading, old)


def _position(order: Order, groups: Groups) -> tuple[Any, ...]:
    """Where an order stands among those of its root."""
    assert order.placed is not None, "only placed orders stand anywhere"
    placed = order.placed
    return (groups.root(placed.data.customer_id), placed.data.kind, placed.time)
