"""The fold: events in force become an order, the same in any order of arrival."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from shared.events import customers, deliveries, orders
from shared.history.line import Line, SortKey
from shared.history.order import BAD_CAUSES, Order, Return
from shared.history.outcomes import outcomes
from shared.history.shipping import ship
from shared.history.steps import STEPS, line_of
from shared.instants import microseconds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from decimal import Decimal

    from shared.events.envelope import Event
    from shared.rules import Rules

    AnyEvent = Event[Any]

_SEQUENCE = (
    (orders.OrderPlaced,),
    (orders.OrderChanged,),
    (orders.OrderConfirmed,),
    (orders.OrderPromiseChanged,),
    (orders.OrderHoldPlaced, orders.OrderHoldReleased),
    (deliveries.DeliveryPlanned,),
    (deliveries.RoadblockRaised, deliveries.RoadblockResolved),
    (deliveries.InterventionRecorded,),
    (deliveries.DeliveryShipped,),
    (deliveries.DeliveryDelivered,),
    (orders.OrderLineClosed,),
    (deliveries.ReturnReceived, deliveries.ReturnAssessed),
    (orders.OrderCancelled,),
    (customers.FeedbackReceived,),
)
"""How things follow each other within one instant."""
_RANK: dict[type, int] = {payload: rank for rank, payloads in enumerate(_SEQUENCE) for payload in payloads}
_LAST = len(_SEQUENCE)


_HAPPENING = {*STEPS, orders.OrderPlaced}
"""What changes an order."""
_TOLD = {
    orders.OrderHoldPlaced,
    orders.OrderHoldReleased,
    deliveries.DeliveryShipped,
}
"""What makes a row of its own without being a step."""
_CHANGING = _HAPPENING | _TOLD
_ANYWHERE = (deliveries.InvoicePosted, deliveries.InterventionRecorded)
"""What means the same wherever it stands."""


def fold(order_id: str, events: Iterable[AnyEvent], rules: Rules) -> Order:
    """Build the history of an order from the events in force."""
    order = Order(order_id, rules, rules.zone)
    keyed = sorted(((_key(event), event) for event in events), key=itemgetter(0))
    order.events = [event for _, event in keyed]
    _place(order, [event for event in order.events if isinstance(event.data, orders.OrderPlaced)])
    for key, event in keyed:
        _happen(order, event, key)
        if isinstance(event.data, deliveries.DeliveryShipped):
            ship(order, event)
    for line in order.lines.values():
        line.settle()
    for returned in order.returns.values():
        _book_return(order, returned)
    order.outcomes = {
        line_id: outcomes(line, order.zone, order.rules) for line_id, line in order.lines.items()
    }
    order.quarantined = order.quarantined or _quarantine(order)
    return order


def grow(order: Order, events: Iterable[AnyEvent]) -> list[str] | None:
    """Let new events happen to an order, as if it had been folded with them; `order.events` stays as it is.

    Return the lines that changed or left. None where an event does not simply follow the others: then the
    order is spoilt, and must be folded from all its events.
    """
    keyed = [(_key(event), event) for event in events]
    left = set[str]()
    for key, event in sorted(keyed, key=itemgetter(0)) if len(keyed) > 1 else keyed:
        if isinstance(event.data, deliveries.DeliveryShipped):
            left |= ship(order, event)
        elif type(event.data) in _HAPPENING:
            if not _follows(order, event, key):
                return None
            _happen(order, event, key)
    changed = [(line_id, line) for line_id, line in order.lines.items() if not line.settled]
    for line_id, line in changed:
        line.settle()
        order.outcomes[line_id] = outcomes(line, order.zone, order.rules)
    settled = [line_id for line_id, _ in changed]
    return settled + sorted(left.difference(settled))


def _follows(order: Order, event: AnyEvent, key: SortKey) -> bool:
    """Whether an event only adds to what the order is already.

    A return is booked on all receipts, and of two sources one receipt counts: both are looked at as a whole.
    """
    data = event.data
    if order.quarantined or order.returns or order.latest is None:
        return False
    if key < order.latest and not isinstance(data, _ANYWHERE):
        return False
    if data.corrects or isinstance(data, _SEEN_WHOLE):
        return False
    told = isinstance(data, deliveries.DeliveryDelivered)
    return not told or all(r.source == event.source for line in order.lines.values() for r in line.receipts)


_SEEN_WHOLE = (orders.OrderPlaced, deliveries.ReturnReceived, deliveries.ReturnAssessed)


def _happen(order: Order, event: AnyEvent, key: SortKey) -> None:
    if (step := STEPS.get(type(event.data))) is not None:
        step(order, event, key)
        if order.latest is None or (order.latest < key and not isinstance(event.data, _ANYWHERE)):
            order.latest = key


def can_change(event: AnyEvent, closed_at: datetime | None) -> bool:
    """Whether a new event can change anything about an order that closed then.

    What only contributes, such as a plan, tells nothing while the order is open, nor after it closed.
    """
    if type(event.data) in _CHANGING or event.data.corrects is not None:
        return True
    return closed_at is not None and event.time <= closed_at


def _key(event: AnyEvent) -> SortKey:
    return (microseconds(event.time), _RANK.get(type(event.data), _LAST), event.source, event.id)


def _quarantine(order: Order) -> str | None:
    """What only shows once several events are known."""
    if order.placed is None:
        return "not placed yet: no order.placed has come"
    for line in order.lines.values():
        if any(receipt.at < order.placed.time for receipt in line.receipts):
            return f"delivered before placed: line {line.placed.line_id}"
        if line.returned > line.accepted:
            return f"more returned than accepted: line {line.placed.line_id}"
    return None


def _place(order: Order, placings: list[Event[orders.OrderPlaced]]) -> None:
    """Open the order with its lines; a second placing with other content puts it aside."""
    if not placings:
        return
    order.placed = placed = placings[0]
    order.latest = _key(placed)
    if any(_content(other) != _content(placed) for other in placings[1:]):
        order.quarantined = "placed twice: two order.placed with different content"
    if placed.data.ship_to.timezone is not None:
        order.zone = ZoneInfo(placed.data.ship_to.timezone)
    order.lines = {
        line.line_id: Line(line, line.qty, line.requested_on, line.requested_on, loaded=placed.data.backfill)
        for line in placed.data.lines
    }


def _content(event: Event[orders.OrderPlaced]) -> dict[str, Any]:
    """What was placed: not who told it, nor in which order its lines stand."""
    who = {"recorded_at", "actor", "participants", "backfill", "corrects"}
    told: dict[str, Any] = event.data.model_dump(exclude=who)
    return {**told, "lines": {line["line_id"]: line for line in told["lines"]}}


def _book_return(order: Order, returned: Return) -> None:
    """Count a return on its lines, and its faulty units on the receipts they came with."""
    cause = returned.assessed.data.cause if returned.assessed else None
    for event in returned.received:
        if (line := line_of(order, event.data.line_id or "")) is None:
            continue
        line.returned += event.data.qty
        line.unassessed |= cause is None
        line.bad_returns |= cause in BAD_CAUSES
        _spread(line, event.data.qty, event.data.lot, "returned")
        if cause == "quality":
            _spread(line, event.data.qty, event.data.lot, "returned_bad")


def _spread(line: Line, qty: Decimal, lot: str | None, on: Literal["returned", "returned_bad"]) -> None:
    """Take units from the receipts of their lot first, then from the earliest."""
    for receipt in sorted(line.receipts, key=lambda r: (lot is None or r.lot != lot, r.key)):
        booked = getattr(receipt, on)
        taken = min(qty, receipt.accepted - booked)
        setattr(receipt, on, booked + taken)
        qty -= taken
