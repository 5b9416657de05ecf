"""What each type of event does to an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.events import customers, deliveries, orders
from shared.history.line import Closing, Line, Receipt, SortKey
from shared.history.order import Return, Roadblock

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.events.envelope import Event
    from shared.history.order import Order


def line_of(order: Order, line_id: str, *, loaded: bool = False) -> Line | None:
    """Find a line that something happens to; one the order never had puts the order aside."""
    line = order.lines.get(line_id)
    if line is not None:
        line.settled = False
        line.loaded |= loaded
    elif order.placed is not None:
        order.quarantined = order.quarantined or f"unknown line: {line_id} is not in the order"
    return line


def _changed(order: Order, event: Event[orders.OrderChanged], _key: SortKey) -> None:
    data = event.data
    if data.field == "currency" and order.placed and data.new != order.placed.data.currency:
        order.quarantined = order.quarantined or f"the currency changes to {data.new}"
    if data.inside_frozen_fence and (fenced := order.lines.get(data.line_id)) is not None:
        fenced.fence_changes += 1
        fenced.settled = False
    if data.initiator != "customer" or data.field not in ("qty", "requested_on"):
        return
    if (line := line_of(order, data.line_id, loaded=data.backfill)) is None:
        return
    if data.field == "qty":
        line.ordered = data.new
    else:
        line.requested, line.first_commit, line.last_commit = data.new, None, None


def _confirmed(order: Order, event: Event[orders.OrderConfirmed], _key: SortKey) -> None:
    for confirmed in event.data.lines:
        if (line := line_of(order, confirmed.line_id, loaded=event.data.backfill)) is None:
            continue
        line.committed_qty = confirmed.committed_qty
        if line.first_commit is None:
            line.commit(confirmed.committed_on)
        else:
            line.promise(confirmed.committed_on, by_customer=event.data.initiator == "customer")


def _promise_changed(order: Order, event: Event[orders.OrderPromiseChanged], _key: SortKey) -> None:
    order.moves.append(event)
    if (line := line_of(order, event.data.line_id, loaded=event.data.backfill)) is not None:
        line.promise(event.data.new_on, by_customer=event.data.initiator == "customer")


def _delivered(order: Order, event: Event[deliveries.DeliveryDelivered], key: SortKey) -> None:
    data = event.data
    for part in data.lines:
        if (line := line_of(order, part.line_id, loaded=data.backfill)) is not None:
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
    if (line := line_of(order, event.data.line_id, loaded=event.data.backfill)) is not None:
        line.endings.append(Closing(key, event.time, "closed"))


def _cancelled(order: Order, event: Event[orders.OrderCancelled], key: SortKey) -> None:
    order.cancellations.append(event)
    by_customer, no_stock = event.data.initiator == "customer", event.data.reason == "no_stock"
    for line_id in event.data.line_ids or tuple(order.lines):
        if (line := line_of(order, line_id)) is not None:
            line.endings.append(Closing(key, event.time, "cancelled", by_customer, no_stock))


def _raised(order: Order, event: Event[deliveries.RoadblockRaised], _key: SortKey) -> None:
    order.roadblocks.setdefault(event.data.roadblock_id, Roadblock(event))
    for line_id in event.data.line_ids or tuple(order.lines):
        if (line := line_of(order, line_id, loaded=event.data.backfill)) is not None:
            line.shortage |= event.data.category == "material_shortage"
            line.customer_site |= event.data.category == "customer_site"


def _resolved(order: Order, event: Event[deliveries.RoadblockResolved], _key: SortKey) -> None:
    roadblock = order.roadblocks.get(event.data.roadblock_id)
    if roadblock is not None:
        roadblock.resolved = event


def _intervened(order: Order, event: Event[deliveries.InterventionRecorded], _key: SortKey) -> None:
    order.intervened.add(event.data.kind)


def _returned(order: Order, event: Event[deliveries.ReturnReceived], _key: SortKey) -> None:
    received = order.returns.setdefault(event.data.return_id, Return()).received
    if all(e.source == event.source for e in received if e.data.line_id == event.data.line_id):
        received.append(event)  # of two sources that tell of one return, the first counts


def _assessed(order: Order, event: Event[deliveries.ReturnAssessed], _key: SortKey) -> None:
    order.returns.setdefault(event.data.return_id, Return()).assessed = event


def _feedback(order: Order, event: Event[customers.FeedbackReceived], _key: SortKey) -> None:
    order.feedback.append(event)


def _document_error(order: Order, _event: Event[Any], _key: SortKey) -> None:
    order.document_error = True
    for line in order.lines.values():
        line.settled = False


def _invoiced(order: Order, event: Event[deliveries.InvoicePosted], _key: SortKey) -> None:
    currency = event.data.net_sales.currency
    if order.placed is not None and currency != order.placed.data.currency:
        order.quarantined = order.quarantined or f"the currency changes to {currency}"


STEPS: dict[type, Callable[[Order, Any, SortKey], None]] = {
    orders.OrderChanged: _changed,
    orders.OrderConfirmed: _confirmed,
    orders.OrderPromiseChanged: _promise_changed,
    orders.OrderCancelled: _cancelled,
    orders.OrderLineClosed: _line_closed,
    deliveries.DeliveryDelivered: _delivered,
    deliveries.RoadblockRaised: _raised,
    deliveries.RoadblockResolved: _resolved,
    deliveries.InterventionRecorded: _intervened,
    deliveries.ReturnReceived: _returned,
    deliveries.ReturnAssessed: _assessed,
    deliveries.DocumentErrorReported: _document_error,
    deliveries.InvoicePosted: _invoiced,
    customers.FeedbackReceived: _feedback,
}
