"""What the patterns look at: closed, normal orders of outside customers, nothing amiss."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shared.events.customers import CustomerRegistered
from shared.history.account import is_first
from shared.patterns.case import OrderCase, ReturnedElsewhere
from shared.store import journal, projections

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shared.events.envelope import Event
    from shared.history.order import Order
    from shared.projecting.reading import Reading
    from shared.store.groups import Groups


def cases(reading: Reading, histories: Iterable[Order], groups: Groups) -> list[OrderCase]:
    """Gather what is known around each order that can make a win, in a few queries for all."""
    orders = {
        order.order_id: (order, customer_id)
        for order in histories
        if order.closed_at
        and not order.quarantined
        and order.placed
        and order.placed.data.kind == "normal"
        and not groups.internal(customer_id := order.placed.data.customer_id)
    }
    if not orders:
        return []
    prior = projections.prior_orders(reading.connection, orders)
    first = {
        name: is_first(order.placed.time, prior.get(name), groups.root_account(customer_id), reading.rules)
        for name, (order, customer_id) in orders.items()
        if order.placed
    }
    new = {customer_id for name, (_, customer_id) in orders.items() if first[name]}
    registered = reading.in_force("customer", new) if new else {}
    against = loose_feedback(reading, orders.values(), groups)
    returned = _returned(reading, orders.values(), groups)
    return [
        OrderCase(
            order,
            is_first=first[name],
            prior_at=prior.get(name),
            account=groups.root_account(customer_id),
            registrations=tuple(_registrations(registered, customer_id)) if first[name] else (),
            loose_feedback=tuple(against.get(name, ())),
            returned_elsewhere=tuple(returned.get(name, ())),
        )
        for name, (order, customer_id) in orders.items()
    ]


def _registrations(registered: Mapping[str, list[Event[Any]]], customer_id: str) -> Iterable[Event[Any]]:
    events = registered.get(customer_id, ())
    return (event for event in events if isinstance(event.data, CustomerRegistered))


def loose_feedback(
    reading: Reading, orders: Iterable[tuple[Order, str]], groups: Groups
) -> dict[str, list[Event[Any]]]:
    """Feedback against a customer's orders that closed shortly before, by order."""
    window = timedelta(days=reading.rules.feedback_window_days)
    merged = {order.order_id: (order.closed_at, groups.merged(customer_id)) for order, customer_id in orders}
    told = projections.loose_contradictions(reading.connection, {name for _, name in merged.values()})
    if not told:
        return {}
    events = journal.named(reading.connection, {key for said in told.values() for key, _ in said})
    return {
        order_id: [
            events[key]
            for key, said_at in told.get(customer_id, ())
            if closed_at and closed_at <= said_at <= closed_at + window
        ]
        for order_id, (closed_at, customer_id) in merged.items()
    }


def _returned(
    reading: Reading, orders: Iterable[tuple[Order, str]], groups: Groups
) -> dict[str, list[ReturnedElsewhere]]:
    """What came back under no order, or under another one, and may be of a demanding order, by order."""
    demanding = {
        order.order_id: (groups.root(customer_id), products)
        for order, customer_id in orders
        if (
            products := {
                line.placed.product_id for line in order.lines.values() if line.placed.special_requirement
            }
        )
    }
    if not demanding:
        return {}
    roots = {root for root, _ in demanding.values()}
    every = {product_id for _, products in demanding.values() for product_id in products}
    found: dict[str, list[ReturnedElsewhere]] = defaultdict(list)
    for row in projections.returned_astray(reading.connection, roots, every):
        root, back = row[0], ReturnedElsewhere._make(row[1:])
        for order_id, (customer, products) in demanding.items():
            if root in {None, customer} and back.order_id != order_id and back.product_id in products:
                found[order_id].append(back)
    return found
