"""How an order fails its first promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from services.simulator.booking import shipped
from services.simulator.plan import Plan, Turn
from services.simulator.season import clock, start_of, workday
from services.simulator.turns import cancelled, slip

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from services.simulator.dice import Dice


def arrives(plan: Plan, dice: Dice, day: date) -> None:
    """The first shipment arrives on `day` instead."""
    receipt = plan.receipts[0]
    receipt.at = clock(dice, day, plan.customer.site.zone, 8, 16)
    receipt.shipped_at = shipped(dice, plan, day)


def late(plan: Plan, dice: Dice) -> None:
    """Everything comes a few days late, and nobody moved the promise."""
    arrives(plan, dice, workday(plan.due + timedelta(days=dice.between(1, 8))))


def slipped(plan: Plan, dice: Dice) -> None:
    """We move the promise, and mostly keep the new one."""
    new_on = workday(plan.due + timedelta(days=dice.between(2, 10)))
    slip(plan, dice, _before_due(plan, dice), new_on)
    arrives(plan, dice, workday(new_on + timedelta(days=0 if dice.chance(0.85) else 2)))


def split(plan: Plan, dice: Dice) -> None:
    """One line comes in two shipments, the second after the due day; sometimes confirmed that way."""
    line, first = plan.lines[0], plan.receipts[0]
    now = part(line.qty, dice.between(35, 85))
    if line.qty - now <= 0:
        late(plan, dice)
        return
    if dice.chance(0.4):
        line.committed_qty = now
    day = workday(plan.due + timedelta(days=dice.between(2, 9)))
    rest = {line.line_id: line.qty - now}
    first.qty[line.line_id] = now
    left = max(shipped(dice, plan, day), first.shipped_at + timedelta(hours=6))
    plan.receipts.append(replace(first, qty=rest, shipped_at=left, at=clock(dice, day, first.at.tzinfo)))  # type: ignore[arg-type] # the site's zone


def short(plan: Plan, dice: Dice) -> None:
    """One line comes short and is closed that way."""
    line, first = plan.lines[0], plan.receipts[0]
    first.qty[line.line_id] = part(line.qty, dice.between(70, 96))
    at = first.at + timedelta(days=1)
    data = {"line_id": line.line_id, "reason": "short_closed"}
    plan.turns.append(Turn("order.line_closed", at, data, plan.planner))


def damaged(plan: Plan) -> None:
    """A little of a line is damaged on its way and refused at the dock; the same comes again."""
    line, first = plan.lines[0], plan.receipts[0]
    first.damaged[line.line_id] = refused = part(line.qty, 2)
    left, at = (when + timedelta(weeks=1) for when in (first.shipped_at, first.at))
    plan.receipts.append(
        replace(first, qty={line.line_id: refused}, shipped_at=left, at=at, damaged={}, planned=False)
    )


def out_of_stock(plan: Plan, dice: Dice) -> None:
    """We cancel, for lack of stock."""
    cancelled(plan, _before_due(plan, dice), "no_stock", "us", plan.planner)


def part(qty: Decimal, percent: int) -> Decimal:
    """About so many percent of a quantity, in whole units, one at least."""
    return max(qty * percent // 100, qty.__class__(1))


def _before_due(plan: Plan, dice: Dice) -> datetime:
    day = plan.due - timedelta(days=dice.between(1, 4))
    return min(clock(dice, day, plan.placed_at.tzinfo), start_of(plan.due, plan.customer.site.zone))  # type: ignore[arg-type] # our zone
