"""The typed facts a story may state of an order, and the events that prove them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from shared.events import deliveries, orders
from shared.history.line import EVIDENCE
from shared.patterns.model import Contribution, EventRef

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.history.line import Line
    from shared.patterns.case import Finding, OrderCase


def facts(case: OrderCase, finding: Finding) -> dict[str, Any]:
    """Ids, ISO dates, decimal strings: what JSON can hold and a reader can check."""
    order = case.order
    assert order.placed is not None, "only placed orders make a case"
    placed = order.placed.data
    delivered = case.closed_at.astimezone(order.zone)
    due = max(line.first_commit for line in order.lines.values() if line.first_commit is not None)
    blocks = [_roadblock(case, block) for block in finding.roadblocks]
    return {
        "order_id": order.order_id,
        "customer_id": placed.customer_id,
        "placed_on": order.placed.time.astimezone(order.zone).date().isoformat(),
        "due_on": due.isoformat(),
        "delivered_at": delivered.isoformat(),
        "days_early": max(timedelta(), due - delivered.date()).days,
        "lines": len(order.lines),
        "quantities": _quantities(order.lines.values()),
        "order_value": None
        if order.value is None
        else {"amount": f"{order.value:.2f}", "currency": placed.currency},
        "strategic": placed.strategic,
        "on_requested_date": all(
            score.otif is not False
            for of_line in order.outcomes.values()
            if (score := of_line["requested"].at(case.closed_at)).status == "scored"
        ),
        "evidence": _weakest_proof(order.lines.values()),
        "return_window_days": case.rules.return_window_days,
        "roadblocks": blocks,
        "predicted_delay_days": sum(block["predicted_delay_days"] or 0 for block in blocks),
        "csat": _satisfaction(case),
        "site": placed.ship_to.site,
        "country": placed.ship_to.country,
    }


def evidence(case: OrderCase, finding: Finding, parts: Iterable[Contribution]) -> tuple[EventRef, ...]:
    """The events a win rests on, in order of time."""
    telling = (
        orders.OrderPlaced,
        orders.OrderConfirmed,
        orders.OrderPromiseChanged,
        deliveries.DeliveryDelivered,
    )
    refs = {
        EventRef(event.source, event.id): event.time
        for event in case.order.events
        if isinstance(event.data, telling) and event.time <= case.closed_at
    }
    refs |= {EventRef(event.source, event.id): event.time for event in finding.registrations}
    for block in finding.roadblocks:
        for event in (block.raised, block.resolved):
            if event is not None:
                refs[EventRef(event.source, event.id)] = event.time
    refs |= {part.event: part.time for part in parts}
    return tuple(sorted(refs, key=lambda ref: (refs[ref], ref)))


def _roadblock(case: OrderCase, block: Any) -> dict[str, Any]:
    values = case.roadblock_values(block)
    names = ("roadblock_id", "severity", "predicted_delay_days", "raised_at", "resolved_at", "detected_by")
    return {"category": block.raised.data.category, **{name: values[name] for name in names}}


def _quantities(lines: Iterable[Line]) -> list[dict[str, str]]:
    """The ordered quantity of each unit of measure: different units are never summed."""
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[line.placed.uom] = sums.get(line.placed.uom, Decimal(0)) + line.ordered
    return [{"qty": f"{qty.normalize():f}", "uom": uom} for uom, qty in sorted(sums.items())]


def _weakest_proof(lines: Iterable[Line]) -> str:
    told = [receipt.evidence for line in lines for receipt in line.receipts if receipt.accepted > 0]
    return max(told, key=EVIDENCE.index)


def _satisfaction(case: OrderCase) -> dict[str, str] | None:
    answers = [event.data for event in case.order.feedback if event.data.kind == "csat"]
    if not answers:
        return None
    last = answers[-1]
    return {name: f"{getattr(last, name).normalize():f}" for name in ("score", "scale_min", "scale_max")}
