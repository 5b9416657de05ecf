"""From the plan of an order to its events, each with an id of its own."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from services.simulator.envelope import Event, event, money, number, source_of
from services.simulator.plan import Plan, Receipt, Roadblock, Step, Turn
from services.simulator.season import ORGANISATION

if TYPE_CHECKING:
    from collections.abc import Iterator

_COST_OF_GOODS = {
    "Seal kits": 58, "Valves": 63, "Pumps": 68, "Fittings": 61, "Filters": 57, "Actuators": 66,
    "Compounds": 60,
}  # fmt: skip
"""Percent of the price."""


def play(plan: Plan) -> list[Event]:
    """All events of the order, in the order of its story."""
    counts: Counter[str] = Counter()
    return [_tell(plan, turn, counts) for turn in _story(plan)]


def _tell(plan: Plan, turn: Turn, counts: Counter[str]) -> Event:
    counts[turn.kind] += 1
    data: dict[str, Any] = {"customer_id": plan.customer.customer_id}
    if turn.about_order:
        data["order_id"] = plan.order_id
    data |= turn.data
    data |= {"initiator": turn.initiator, "backfill": plan.backfill or None}
    data["actor"] = turn.actor.wire(_role(turn.kind)) if turn.actor else None
    if turn.participants:
        data["participants"] = [person.wire(role) for person, role in turn.participants]
    if turn.corrects:
        kind, nth = turn.corrects
        data["corrects"] = {"source": source_of(kind), "id": _id(plan, kind, nth)}
    if turn.recorded_at:
        data["recorded_at"] = turn.recorded_at.isoformat()
    subject = f"order/{plan.order_id}" if turn.about_order else f"customer/{plan.customer.customer_id}"
    source = turn.source or source_of(turn.kind)
    return event(turn.kind, _id(plan, turn.kind, counts[turn.kind]), turn.at, subject, data, source)


def _id(plan: Plan, kind: str, nth: int) -> str:
    return f"{plan.order_id}.{kind}.{nth}"


def _role(kind: str) -> str | None:
    return {"order.placed": "order_taker", "order.confirmed": "planner", "delivery.planned": "planner",
            "delivery.shipped": "shipper", "intervention.recorded": "performer"}.get(kind)  # fmt: skip


def _story(plan: Plan) -> Iterator[Turn]:
    yield _placed(plan)
    if plan.confirmed_at:
        yield _confirmed(plan)
    for nth, receipt in enumerate(plan.receipts, 1):
        yield from _shipment(plan, receipt, f"SH-{plan.order_id[3:]}-{nth}")
    for nth, roadblock in enumerate(plan.roadblocks, 1):
        yield from _roadblock(plan, roadblock, f"RB-{plan.order_id[3:]}-{nth}")
    if plan.invoiced and plan.receipts:
        yield _invoice(plan)
    yield from plan.turns


def _placed(plan: Plan) -> Turn:
    site = plan.customer.site
    lines = []
    for line in plan.lines:
        lines.append({
            "line_id": line.line_id, "product_id": line.product.product_id, "qty": number(line.qty),
            "uom": line.product.uom, "unit_price": f"{line.price:.2f}",
            "requested_on": line.requested.isoformat(),
        })  # fmt: skip
        if line.under or line.over:
            lines[-1] |= {"under_tolerance": line.under, "over_tolerance": line.over}
        if line.early_days is not None:
            lines[-1]["early_tolerance_days"] = line.early_days
        if line.product.special_requirements:
            lines[-1]["special_requirement"] = True
    data = {
        "kind": plan.kind, "currency": site.currency, "strategic": plan.strategic or None,
        "ship_to": {"timezone": site.timezone, "country": site.country, "site": site.city}, "lines": lines,
    }  # fmt: skip
    owner = [] if plan.backfill else [(plan.customer.owner, "account_owner")]
    return Turn("order.placed", plan.placed_at, data, plan.taker, initiator="customer", participants=owner)


def _confirmed(plan: Plan) -> Turn:
    assert plan.confirmed_at
    lines = [
        {
            "line_id": line.line_id,
            "committed_on": line.due.isoformat(),
            "committed_qty": number(line.qty if line.committed_qty is None else line.committed_qty),
        }
        for line in plan.lines
    ]
    return Turn("order.confirmed", plan.confirmed_at, {"lines": lines}, plan.confirmer)


def _shipment(plan: Plan, receipt: Receipt, shipment_id: str) -> Iterator[Turn]:
    lines = [{"line_id": line, "qty": number(qty)} for line, qty in receipt.qty.items()]
    if receipt.planned:
        start = plan.confirmed_at or plan.placed_at
        at = start + (receipt.shipped_at - start) / 2
        planned = {"shipment_id": shipment_id, "lines": lines, "planned_on": receipt.at.date().isoformat(),
                   "carrier": receipt.carrier}  # fmt: skip
        yield Turn("delivery.planned", at.replace(second=0, microsecond=0), planned, plan.planner)
    if receipt.scanned:
        left = [line | {"lot": receipt.lot_number} for line in lines]
        shipped = {"shipment_id": shipment_id, "lines": left}
        yield Turn("delivery.shipped", receipt.shipped_at, shipped, receipt.shipper)
    data = delivered(receipt, shipment_id)
    late = receipt.at + timedelta(days=receipt.days_until_recorded) if receipt.days_until_recorded else None
    yield Turn("delivery.delivered", receipt.at, data, receipt.receiver, recorded_at=late)


def delivered(receipt: Receipt, shipment_id: str) -> dict[str, Any]:
    """The data of a `delivery.delivered`; a correction tells it again."""
    lines: list[dict[str, Any]] = []
    for line_id, qty in receipt.qty.items():
        line: dict[str, Any] = {"line_id": line_id, "qty_delivered": number(qty)}
        if receipt.damaged.get(line_id):
            line["qty_damaged"] = number(receipt.damaged[line_id])
        if receipt.documents_ok is not None:
            line["documents_ok"] = receipt.documents_ok
        lines.append(line)
    return {"shipment_id": shipment_id, "lines": lines, "evidence": receipt.evidence}


def _roadblock(plan: Plan, block: Roadblock, roadblock_id: str) -> Iterator[Turn]:
    raised = {
        "roadblock_id": roadblock_id, "category": block.category, "severity": block.severity,
        "predicted_delay_days": block.days, "description": block.description,
        "detected_by": "human" if block.raised_by.is_human else "system",
        "caused_by": block.caused_by.wire() if block.caused_by else None,
    }  # fmt: skip
    yield Turn("delivery.roadblock_raised", block.raised_at, raised, block.raised_by)
    for nth, step in enumerate(block.steps, 1):
        yield intervention(step, f"IV-{roadblock_id[3:]}-{nth}", plan.customer.site.currency, roadblock_id)
    if block.resolved_at:
        resolved = {
            "roadblock_id": roadblock_id, "outcome": block.outcome, "action": block.action,
            "cost": money(block.cost, plan.customer.site.currency) if block.cost else None,
        }  # fmt: skip
        yield Turn("delivery.roadblock_resolved", block.resolved_at, resolved, participants=block.resolvers)


def intervention(step: Step, id_: str, currency: str, roadblock_id: str | None = None) -> Turn:
    """The turn that records a step."""
    data = {
        "intervention_id": id_, "kind": step.kind, "premium": step.premium or None, "cause": step.cause,
        "cost": money(step.cost, currency) if step.cost else None, "roadblock_id": roadblock_id,
        "description": step.description,
    }  # fmt: skip
    return Turn("intervention.recorded", step.at, data, step.person)


def _invoice(plan: Plan) -> Turn:
    currency = plan.customer.site.currency
    received: Counter[str] = Counter()
    for receipt in plan.receipts:
        for line_id, qty in receipt.qty.items():
            received[line_id] += qty  # type: ignore[assignment] # a Counter of decimals
    sales = cost = Decimal()
    for line in plan.lines:
        amount = min(Decimal(received[line.line_id]), line.qty) * line.price
        sales += amount
        cost += amount * (plan.cost_percent or _COST_OF_GOODS[line.product.family]) / 100
    premium = sum((s.cost for b in plan.roadblocks for s in b.steps if s.premium and s.cost), Decimal())
    data = {
        "invoice_id": f"INV-{plan.order_id[3:]}", "net_sales": money(sales, currency),
        "cost_of_goods": money(cost, currency),
        "premium_freight": money(premium, currency) if premium else None,
    }  # fmt: skip
    at = plan.closed_at.astimezone(ORGANISATION) + timedelta(hours=20)
    return Turn("invoice.posted", at.replace(second=0, microsecond=0), data)
