"""Ordinary orders: mostly fine, sometimes late, short, changed or rescued by one side alone."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from services.simulator import mishaps
from services.simulator.booking import book, least_lead
from services.simulator.lifecycle import intervention
from services.simulator.obstacles import OBSTACLES
from services.simulator.people import MAILBOX, TRACKING, someone
from services.simulator.plan import Plan, Step, Turn
from services.simulator.rescue import block
from services.simulator.season import clock, moment, workday, workday_before
from services.simulator.texts import DOCUMENT_ERRORS, HOLD_REASONS
from services.simulator.turns import (
    cancelled,
    complained,
    complimented,
    customer_changes_quantity,
    customer_changes_request,
    customer_moves,
    receipt_corrected,
    retracted,
    returned,
    surveyed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from services.simulator.customers import Customer
    from services.simulator.dice import Dice

Side = Literal["sales", "operations"]
_MISS = 0.068
_MISHAPS: dict[Callable[[Plan, Dice], None], float] = {
    mishaps.late: 42, mishaps.slipped: 24, mishaps.split: 18, mishaps.short: 11, mishaps.out_of_stock: 5,
}  # fmt: skip
_RETURN_CAUSES = {
    "quality": 42, "transit_damage": 15, "wrong_item": 12, "over_shipment": 5, "changed_mind": 16,
    "no_fault_found": 10,
}  # fmt: skip
_CSAT_GOOD = {5: 52, 4: 39, 3: 6, 2: 2, 1: 1}
_CSAT_BAD = {5: 10, 4: 28, 3: 30, 2: 20, 1: 12}
NPS_GOOD = {10: 29, 9: 27, 8: 20, 7: 12, 6: 5, 5: 3, 4: 2, 3: 1, 1: 1}
NPS_BAD = {10: 5, 9: 10, 8: 22, 7: 20, 6: 18, 5: 12, 4: 8, 2: 5}


class Ordinary(NamedTuple):
    """An ordinary order; `side`: the one side that rescued it alone."""

    plan: Plan
    side: Side | None


def ordinary(dice: Dice, customer: Customer, order_id: str, placed_on: date, trouble: float) -> Ordinary:
    """An order as they come; `trouble` is how much goes wrong at the time, 1 being usual."""
    lead = least_lead(customer) + dice.weighted({0: 20, 4: 30, 9: 25, 16: 15, 30: 10}) + dice.between(0, 3)
    due = workday(placed_on + timedelta(days=lead))
    plan = book(dice, customer, order_id, placed_on, due, by_people=False)
    if dice.chance(0.13):
        for line in plan.lines:
            line.requested = workday_before(line.due, dice.between(1, 6))
    if customer.is_internal:
        plan.kind = "intercompany"
    if dice.chance(_MISS * trouble):
        _miss(plan, dice)
        side = None
    else:
        side = _incident(plan, dice)
    if plan.receipts and side is None:
        _aftermath(plan, dice, trouble)
    return Ordinary(plan, side)


def _miss(plan: Plan, dice: Dice) -> None:
    dice.weighted(_MISHAPS)(plan, dice)
    if not plan.receipts:
        return
    if dice.chance(0.6):
        found = block(dice, plan, operations=dice.between(0, 2), sales=int(dice.chance(0.4)))
        found.outcome = "late"
        found.action = f"{found.action}; not in time"
        if dice.chance(0.15):
            found.caused_by = someone(dice, "production", "planning", "sales")
    if dice.chance(0.12):
        complained(plan, dice)
    _asked(plan, dice, 0.3, _CSAT_BAD, NPS_BAD)


def _incident(plan: Plan, dice: Dice) -> Side | None:
    """What may happen to an order that is on time all the same; the side that saved it, if one did."""
    kind = dice.weighted({
        "none": 85.0, "operations": 2.2, "sales": 0.4, "false_alarm": 1.0, "noise": 1.6, "moved": 1.8,
        "requested": 1.2, "quantity": 2.6, "cancelled": 1.7, "hold": 2.0, "step": 3.0,
    })  # fmt: skip
    match kind:
        case "operations":
            block(dice, plan, operations=dice.between(1, 3))
            return "operations"
        case "sales":
            block(dice, plan, sales=1)
            return "sales"
        case "false_alarm":
            block(dice, plan).outcome = "false_alarm"
        case "noise":
            _noise(plan, dice)
        case "cancelled":
            at = clock(dice, workday(plan.placed_at.date() + timedelta(days=4)), plan.placed_at.tzinfo)  # type: ignore[arg-type] # our zone
            cancelled(plan, at, "customer", "customer", MAILBOX)
        case "hold":
            _hold(plan, dice)
        case "step":
            _extra_effort(plan, dice)
        case "none":
            pass
        case _:
            _changed_by_customer(plan, dice, kind)
    return None


def _noise(plan: Plan, dice: Dice) -> None:
    """The tracking system cries wolf, and takes it back itself."""
    found = block(dice, plan, obstacle=next(o for o in OBSTACLES if o.on_the_way))
    found.raised_by, found.severity, found.days = TRACKING, "low", dice.between(0, 1)
    found.resolvers = [(TRACKING, "resolver")]
    found.action = "Position received again"


def _changed_by_customer(plan: Plan, dice: Dice, kind: str) -> None:
    assert plan.confirmed_at
    at = clock(dice, workday(plan.confirmed_at.date() + timedelta(days=1)), plan.placed_at.tzinfo)  # type: ignore[arg-type] # our zone
    if kind == "quantity":
        customer_changes_quantity(plan, dice, at, plan.lines[0].qty + plan.lines[0].product.quantity(dice))
        return
    new_on = workday(plan.due + timedelta(days=dice.between(3, 12)))
    if kind == "moved":
        customer_moves(plan, dice, at, new_on, someone(dice, "customer_service"))
    else:
        customer_changes_request(plan, dice, at, new_on)
    mishaps.arrives(plan, dice, new_on)


def _hold(plan: Plan, dice: Dice) -> None:
    assert plan.confirmed_at
    kind = dice.pick(("credit", "quality", "export", "documents"))
    placed = plan.confirmed_at + timedelta(hours=dice.between(3, 20))
    released = placed + (plan.receipts[0].shipped_at - placed) / 2
    data = {"hold_id": f"HLD-{plan.order_id[3:]}", "kind": kind, "reason": dice.pick(HOLD_REASONS)}
    if kind == "quality":
        data["product_id"] = plan.lines[0].product.product_id
    who = someone(dice, "quality" if kind == "quality" else "finance")
    plan.turns.append(Turn("order.hold_placed", placed, data, who))
    plan.turns.append(Turn("order.hold_released", released.replace(second=0, microsecond=0), data, who))


def _extra_effort(plan: Plan, dice: Dice) -> None:
    """An intervention without a roadblock: nobody raised one."""
    assert plan.confirmed_at
    obstacle = dice.pick(OBSTACLES)
    kind, department, text = dice.pick(obstacle.operations)
    at = moment(dice, plan.confirmed_at + timedelta(hours=1), plan.receipts[0].shipped_at)
    text = text.format(product=plan.lines[0].product.name)
    premium = kind in {"expedite", "overtime", "alternative_carrier"}
    cost = Decimal(dice.between(8, 90) * 10) if premium else None
    step = Step(at, kind, someone(dice, department), text, obstacle.cause, premium, cost)
    plan.turns.append(intervention(step, f"IV-{plan.order_id[3:]}-0", plan.customer.site.currency))


def _aftermath(plan: Plan, dice: Dice, trouble: float) -> None:
    """Returns, papers, answers and late bookings, after an order nobody had to rescue."""
    if dice.chance(0.045 * trouble):
        cause = dice.weighted(_RETURN_CAUSES)
        returned(plan, dice, dice.between(3, 26), cause if dice.chance(0.96) else None)
    if dice.chance(0.008):
        mishaps.damaged(plan)
    if dice.chance(0.018):
        document = dice.pick(tuple(DOCUMENT_ERRORS))
        at = plan.closed_at + timedelta(days=1, hours=1)
        error = {"document": document, "error": dice.pick(DOCUMENT_ERRORS[document])}
        plan.turns.append(Turn("document.error_reported", at, error))
        plan.receipts[0].documents_ok = None
    _booked_late(plan, dice)
    _asked(plan, dice, 0.22, _CSAT_GOOD, NPS_GOOD)
    if dice.chance(0.005 * trouble):
        complained(plan, dice)
    elif dice.chance(0.015):
        complimented(plan, dice)


def _booked_late(plan: Plan, dice: Dice) -> None:
    if dice.chance(0.02):
        plan.receipts[0].days_until_recorded = dice.between(1, 5)
    elif dice.chance(0.006):
        receipt_corrected(plan, 2, at=plan.receipts[0].at - timedelta(minutes=dice.between(5, 50)))
    elif dice.chance(0.003) and plan.invoiced:
        retracted(plan, "invoice.posted", 1, plan.closed_at + timedelta(days=3), "Posted to a test company")


def _asked(plan: Plan, dice: Dice, share: float, csat: Mapping[int, float], nps: Mapping[int, float]) -> None:
    if dice.chance(share):
        surveyed(plan, dice, "csat", dice.weighted(csat))
    elif dice.chance(share / 3):
        surveyed(plan, dice, "nps", dice.weighted(nps))
