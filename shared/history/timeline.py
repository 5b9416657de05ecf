"""What an event says, in one line: without names, contacts or what people wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.events import customers, deliveries, drafts, forecasts, orders

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.events.envelope import Event


def tell(event: Event[Any]) -> str:
    """One line on an event, from its typed fields alone."""
    data = event.data
    text = _TEXTS.get(type(data), lambda _: event.type)(data)
    who = _who(data)
    return f"{text} ({who})" if who else text


def _who(data: Any) -> str:
    people = [*([data.actor] if data.actor else []), *data.participants]
    told = [f"{_spaced(p.department)}{f' as {_spaced(p.role)}' if p.role else ''}" for p in people]
    return ", ".join(dict.fromkeys(told))


def _spaced(code: str) -> str:
    return code.replace("_", " ")


def _lines(data: Any, quantity: str) -> str:
    return ", ".join(f"{getattr(line, quantity):f} of line {line.line_id}" for line in data.lines)


def _confirmed(data: orders.OrderConfirmed) -> str:
    days = sorted({line.committed_on.isoformat() for line in data.lines})
    return f"confirmed for {', '.join(days)}: {_lines(data, 'committed_qty')}"


def _placed(data: orders.OrderPlaced) -> str:
    days = sorted({line.requested_on.isoformat() for line in data.lines})
    return f"ordered {_lines(data, 'qty')}, requested for {', '.join(days)}"


def _raised(data: deliveries.RoadblockRaised) -> str:
    delay = data.predicted_delay_days
    later = f", {delay} days late predicted" if delay is not None else ""
    return f"roadblock {data.roadblock_id}: {data.category.replace('_', ' ')}, {data.severity}{later}"


def _feedback(data: customers.FeedbackReceived) -> str:
    score = "" if data.score is None else f" {data.score:f}"
    scale = "" if data.scale_max is None else f" of {data.scale_max:f}"
    return f"customer feedback: {data.kind}{score}{scale}"


def _planned(data: Any) -> str:
    whose = f" for {data.customer_id}" if data.customer_id else ""
    return f"{data.qty:f} of {data.product_id} in {data.period}{whose}"


def _intervened(data: deliveries.InterventionRecorded) -> str:
    about = data.order_id or data.product_id or data.week
    return f"intervention: {data.kind.replace('_', ' ')}{'' if data.order_id else f' for {about}'}"


_TEXTS: dict[type, Callable[[Any], str]] = {
    orders.OrderPlaced: _placed,
    orders.OrderConfirmed: _confirmed,
    orders.OrderChanged: lambda d: f"{d.initiator} changed {d.field} of line {d.line_id}",
    orders.OrderPromiseChanged: lambda d: f"{d.initiator} moved line {d.line_id} to {d.new_on}",
    orders.OrderCancelled: lambda d: f"{d.initiator} cancelled {', '.join(d.line_ids) or 'the order'}",
    orders.OrderLineClosed: lambda d: f"line {d.line_id} closed: {d.reason or 'no reason given'}",
    orders.OrderHoldPlaced: lambda d: f"{d.kind} hold {d.hold_id} placed",
    orders.OrderHoldReleased: lambda d: f"{d.kind} hold {d.hold_id} released",
    deliveries.DeliveryPlanned: lambda d: f"shipment {d.shipment_id} planned",
    deliveries.DeliveryShipped: lambda d: f"shipment {d.shipment_id} left: {_lines(d, 'qty')}",
    deliveries.DeliveryDelivered: lambda d: (
        f"accepted {_lines(d, 'accepted')}, shown by {d.evidence.replace('_', ' ')}"
    ),
    deliveries.RoadblockRaised: _raised,
    deliveries.RoadblockResolved: lambda d: (
        f"roadblock {d.roadblock_id} resolved: {d.outcome.replace('_', ' ')}"
    ),
    deliveries.InterventionRecorded: _intervened,
    deliveries.ReturnReceived: lambda d: f"return {d.return_id}: {d.qty:f} of line {d.line_id}",
    deliveries.ReturnAssessed: lambda d: f"return {d.return_id} assessed: {d.cause.replace('_', ' ')}",
    deliveries.DocumentErrorReported: lambda d: f"wrong document: {d.document.replace('_', ' ')}",
    deliveries.InvoicePosted: lambda d: f"{d.kind.replace('_', ' ')} {d.invoice_id} posted",
    customers.CustomerRegistered: lambda d: f"customer {d.customer_id} registered",
    customers.FeedbackReceived: _feedback,
    customers.CustomerMerged: lambda d: f"customer {d.customer_id} merged into {d.merged_into}",
    customers.OpportunityWon: lambda d: f"deal won: {d.value.amount:f} {d.value.currency}",
    forecasts.ForecastPublished: lambda d: f"{d.step} forecast {d.version_id}: {_planned(d)}",
    forecasts.DemandRecorded: lambda d: f"demand: {_planned(d)}",
    forecasts.ProductRegistered: lambda d: f"product {d.product_id} registered",
    forecasts.StockCounted: lambda d: f"stock counted: {d.qty:f} of {d.product_id}",
    drafts.DraftSubmitted: lambda d: f"story {d.draft_id} told, of {', '.join(d.order_ids) or 'no order'}",
    drafts.DraftConfirmed: lambda d: f"story {d.draft_id} confirmed",
}
