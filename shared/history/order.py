"""The history of one order: a fold over its events, the same in any order of arrival."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from shared.events import customers, deliveries, orders
from shared.history.line import Closing, Line, Receipt, SortKey
from shared.history.outcomes import Basis, Outcome, outcomes, perfect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from shared.events.deliveries import ReturnAssessed, ReturnReceived
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
_RANK: dict[type, int] = {payload: rank for rank, payloads in enumerate(_SEQUENCE) for payload in payloads}
_LAST = len(_SEQUENCE)
BAD_CAUSES = ("quality", "transit_damage")


@dataclass(slots=True)
class Roadblock:
    """Something that stood in the way, and how it ended."""

    raised: Event[deliveries.RoadblockRaised]
    resolved: Event[deliveries.RoadblockResolved] | None = None


@dataclass(slots=True)
class Return:
    """Goods that came back, and what we found."""

    received: Event[ReturnReceived] | None = None
    assessed: Event[ReturnAssessed] | None = None


@dataclass(slots=True)
class Order:
    """One order with all that happened to it."""

    order_id: str
    rules: Rules
    zone: ZoneInfo
    """Of the ship-to, else the organisation's: business dates are dates in it."""
    events: list[AnyEvent] = field(default_factory=list)
    """In the order of the fold: by time, then as things follow each other within one instant."""
    placed: Event[orders.OrderPlaced] | None = None
    lines: dict[str, Line] = field(default_factory=dict)
    roadblocks: dict[str, Roadblock] = field(default_factory=dict)
    returns: dict[str, Return] = field(default_factory=dict)
    cancellations: list[Event[orders.OrderCancelled]] = field(default_factory=list)
    feedback: list[Event[customers.FeedbackReceived]] = field(default_factory=list)
    document_error: bool = False
    quarantined: str | None = None
    """Why the order is out of wins and KPIs until a correction mends it."""
    outcomes: dict[str, dict[Basis, Outcome]] = field(default_factory=dict)

    @property
    def customer_id(self) -> str | None:
        """Of the order as placed, else of the first event that names one."""
        if self.placed is not None:
            return self.placed.data.customer_id
        return next((getattr(event.data, "customer_id", None) for event in self.events), None)

    @property
    def value(self) -> Decimal | None:
        """Ordered quantity times unit price, in the order's currency; None while a price is missing."""
        prices = [line.placed.unit_price for line in self.lines.values()]
        if None in prices or not prices:
            return None
        return sum((line.ordered * (line.placed.unit_price or 0) for line in self.lines.values()), Decimal(0))

    @property
    def slips(self) -> int:
        """How often we moved a promise to a later day, over all lines."""
        return sum(line.slips for line in self.lines.values())

    @property
    def closed_at(self) -> datetime | None:
        """The last receipt by which a line closed; None while one is open or none was delivered."""
        lines = self.lines.values()
        if any(line.closing is None for line in lines):
            return None
        return max((line.closed_at for line in lines if line.closed_at is not None), default=None)

    @property
    def status(self) -> str:
        """`open`, `delivered`, `closed` (not all of it came) or `cancelled`."""
        ends = [line.closing.how if line.closing else None for line in self.lines.values()]
        if not ends or None in ends:
            return "open"
        if set(ends) == {"cancelled"}:
            return "cancelled"
        return "delivered" if set(ends) == {"filled"} else "closed"

    def perfect(self, line: Line, as_of: datetime) -> bool | None:
        """Whether a line was perfect as of an instant; None while a component is unknown."""
        told = {receipt.documents_ok for receipt in line.receipts}
        documents: bool | None = None
        if self.document_error or False in told:
            documents = False
        elif self.rules.documents_complete or (told and None not in told):
            documents = True
        return perfect(line, self.outcomes[line.placed.line_id]["first_commit"].at(as_of), documents)


def fold(order_id: str, events: Iterable[AnyEvent], rules: Rules) -> Order:
    """Build the history of an order from the events in force."""
    order = Order(order_id, rules, rules.zone)
    keyed = sorted(((_key(event), event) for event in events), key=itemgetter(0))
    order.events = [event for _, event in keyed]
    _place(order, [event for event in order.events if isinstance(event.data, orders.OrderPlaced)])
    for key, event in keyed:
        if (step := _STEPS.get(type(event.data))) is not None:
            step(order, event, key)
    _finish(order)
    return order


def can_change(event: AnyEvent, currency: str | None, closed_at: datetime | None) -> bool:
    """Whether a new event can change anything about an order of this currency that closed then.

    What only contributes, such as a shipping, tells nothing while the order is open, nor after it closed.
    """
    data = event.data
    if data.corrects is not None:
        return True
    if isinstance(data, deliveries.InvoicePosted):
        return data.net_sales.currency != currency
    if type(data) in _STEPS or isinstance(data, orders.OrderPlaced):
        return True
    return closed_at is not None and event.time <= closed_at


def _key(event: AnyEvent) -> SortKey:
    return (event.time, _RANK.get(type(event.data), _LAST), event.source, event.id)


def _finish(order: Order) -> None:
    for line in order.lines.values():
        line.settle()
    for returned in order.returns.values():
        _book_return(order, returned)
    order.outcomes = {
        line_id: outcomes(line, order.zone, order.rules) for line_id, line in order.lines.items()
    }
    order.quarantined = order.quarantined or _quarantine(order)


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
    if any(_content(other) != _content(placed) for other in placings[1:]):
        order.quarantined = "placed twice: two order.placed with different content"
    if placed.data.ship_to.timezone is not None:
        order.zone = ZoneInfo(placed.data.ship_to.timezone)
    order.lines = {
        line.line_id: Line(line, line.qty, line.requested_on, line.requested_on) for line in placed.data.lines
    }


def _content(event: AnyEvent) -> dict[str, Any]:
    who = {"recorded_at", "actor", "participants", "backfill", "corrects"}
    return event.data.model_dump(exclude=who)  # type: ignore[no-any-return] # pydantic's own dump


def _line(order: Order, line_id: str) -> Line | None:
    """Find a line; one the order never had puts the order aside."""
    line = order.lines.get(line_id)
    if line is None and order.placed is not None:
        order.quarantined = order.quarantined or f"unknown line: {line_id} is not in the order"
    return line


def _changed(order: Order, event: Event[orders.OrderChanged], _key: SortKey) -> None:
    data = event.data
    if data.field == "currency" and order.placed and data.new != order.placed.data.currency:
        order.quarantined = order.quarantined or f"the currency changes to {data.new}"
    if data.initiator != "customer" or data.field not in ("qty", "requested_on"):
        return
    if (line := _line(order, data.line_id)) is None:
        return
    if data.field == "qty":
        line.ordered = data.new
    else:
        line.requested, line.first_commit, line.last_commit = data.new, None, None


def _confirmed(order: Order, event: Event[orders.OrderConfirmed], _key: SortKey) -> None:
    for confirmed in event.data.lines:
        if (line := _line(order, confirmed.line_id)) is None:
            continue
        line.committed_qty = confirmed.committed_qty
        if line.first_commit is None:
            line.first_commit = line.last_commit = confirmed.committed_on
        else:
            line.promise(confirmed.committed_on, by_customer=event.data.initiator == "customer")


def _promise_changed(order: Order, event: Event[orders.OrderPromiseChanged], _key: SortKey) -> None:
    if (line := _line(order, event.data.line_id)) is not None:
        line.promise(event.data.new_on, by_customer=event.data.initiator == "customer")


def _delivered(order: Order, event: Event[deliveries.DeliveryDelivered], key: SortKey) -> None:
    data = event.data
    for part in data.lines:
        if (line := _line(order, part.line_id)) is not None:
            line.receipts.append(
                Receipt(
                    key=key,
                    at=event.time,
                    source=event.source,
                    event_id=event.id,
                    shipment_id=data.shipment_id,
                    evidence=data.evidence,
                    accepted=part.accepted,
                    damaged=part.qty_damaged,
                    lot=part.lot,
                    documents_ok=part.documents_ok,
                )
            )


def _line_closed(order: Order, event: Event[orders.OrderLineClosed], key: SortKey) -> None:
    if (line := _line(order, event.data.line_id)) is not None:
        line.endings.append(Closing(key, event.time, "closed"))


def _cancelled(order: Order, event: Event[orders.OrderCancelled], key: SortKey) -> None:
    order.cancellations.append(event)
    by_customer, no_stock = event.data.initiator == "customer", event.data.reason == "no_stock"
    for line_id in event.data.line_ids or tuple(order.lines):
        if (line := _line(order, line_id)) is not None:
            line.endings.append(Closing(key, event.time, "cancelled", by_customer, no_stock))


def _raised(order: Order, event: Event[deliveries.RoadblockRaised], _key: SortKey) -> None:
    order.roadblocks.setdefault(event.data.roadblock_id, Roadblock(event))
    for line_id in event.data.line_ids or tuple(order.lines):
        if (line := _line(order, line_id)) is not None:
            line.shortage |= event.data.category == "material_shortage"
            line.customer_site |= event.data.category == "customer_site"


def _resolved(order: Order, event: Event[deliveries.RoadblockResolved], _key: SortKey) -> None:
    roadblock = order.roadblocks.get(event.data.roadblock_id)
    if roadblock is not None:
        roadblock.resolved = event


def _returned(order: Order, event: Event[ReturnReceived], _key: SortKey) -> None:
    order.returns.setdefault(event.data.return_id, Return()).received = event


def _assessed(order: Order, event: Event[ReturnAssessed], _key: SortKey) -> None:
    order.returns.setdefault(event.data.return_id, Return()).assessed = event


def _book_return(order: Order, returned: Return) -> None:
    """Count a return on its line, and its faulty units on the receipts they came with."""
    if returned.received is None:
        return
    data = returned.received.data
    if (line := _line(order, data.line_id or "")) is None:
        return
    cause = returned.assessed.data.cause if returned.assessed else None
    line.returned += data.qty
    line.unassessed |= cause is None
    line.bad_returns |= cause in BAD_CAUSES
    if cause == "quality":
        _spread(line, data.qty, data.lot)


def _spread(line: Line, qty: Decimal, lot: str | None) -> None:
    """Take faulty units from the receipts of their lot first, then from the earliest."""
    for receipt in sorted(line.receipts, key=lambda r: (lot is None or r.lot != lot, r.key)):
        taken = min(qty, receipt.accepted - receipt.returned_bad)
        receipt.returned_bad += taken
        qty -= taken


def _feedback(order: Order, event: Event[customers.FeedbackReceived], _key: SortKey) -> None:
    order.feedback.append(event)


def _document_error(order: Order, _event: AnyEvent, _key: SortKey) -> None:
    order.document_error = True


def _invoiced(order: Order, event: Event[deliveries.InvoicePosted], _key: SortKey) -> None:
    currency = event.data.net_sales.currency
    if order.placed is not None and currency != order.placed.data.currency:
        order.quarantined = order.quarantined or f"the currency changes to {currency}"


_STEPS: dict[type, Callable[[Order, Any, SortKey], None]] = {
    orders.OrderChanged: _changed,
    orders.OrderConfirmed: _confirmed,
    orders.OrderPromiseChanged: _promise_changed,
    orders.OrderCancelled: _cancelled,
    orders.OrderLineClosed: _line_closed,
    deliveries.DeliveryDelivered: _delivered,
    deliveries.RoadblockRaised: _raised,
    deliveries.RoadblockResolved: _resolved,
    deliveries.ReturnReceived: _returned,
    deliveries.ReturnAssessed: _assessed,
    deliveries.DocumentErrorReported: _document_error,
    deliveries.InvoicePosted: _invoiced,
    customers.FeedbackReceived: _feedback,
}
