"""What may happen to an order beside its usual course: slips, moves, returns, feedback, corrections."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from services.simulator.envelope import number
from services.simulator.lifecycle import delivered
from services.simulator.people import someone
from services.simulator.plan import Plan, Turn
from services.simulator.season import clock, workday
from services.simulator.texts import (
    COMPLAINTS,
    COMPLIMENTS,
    MOVE_REASONS,
    RETURN_CLAIMS,
    SLIP_REASONS,
    comment,
)

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from services.simulator.dice import Dice
    from services.simulator.people import Person

CSAT_SCALE = {"scale_min": 1, "scale_max": 5}
NPS_SCALE = {"scale_min": 0, "scale_max": 10}


def slip(plan: Plan, dice: Dice, at: datetime, new_on: date) -> None:
    """We move the promise of every line to a later day."""
    told = at + timedelta(hours=dice.between(1, 20))
    for line in plan.lines:
        data = {
            "line_id": line.line_id,
            "new_on": new_on.isoformat(),
            "reason": dice.pick(SLIP_REASONS),
            "customer_notified_at": told.isoformat(),
        }
        plan.turns.append(Turn("order.promise_changed", at, data, someone(dice, "planning")))


def customer_moves(plan: Plan, dice: Dice, at: datetime, new_on: date, agreed_with: Person) -> None:
    """The customer asks for another day and gets it; nothing else in the plan is moved."""
    for line in plan.lines:
        data = {
            "line_id": line.line_id,
            "new_on": new_on.isoformat(),
            "reason": dice.pick(MOVE_REASONS),
            "customer_agreed_at": (at - timedelta(hours=1)).isoformat(),
        }
        plan.turns.append(Turn("order.promise_changed", at, data, agreed_with, initiator="customer"))


def customer_changes_request(plan: Plan, dice: Dice, at: datetime, new_on: date) -> None:
    """The customer changes the requested date; a new confirmation two hours later is the new promise."""
    for line in plan.lines:
        data = {
            "line_id": line.line_id, "field": "requested_on", "old": line.requested.isoformat(),
            "new": new_on.isoformat(), "reason": dice.pick(MOVE_REASONS),
        }  # fmt: skip
        plan.turns.append(Turn("order.changed", at, data, initiator="customer"))
    lines = [
        {"line_id": line.line_id, "committed_on": new_on.isoformat(), "committed_qty": number(line.qty)}
        for line in plan.lines
    ]
    again = at + timedelta(hours=2)
    plan.turns.append(Turn("order.confirmed", again, {"lines": lines}, someone(dice, "planning")))


def customer_changes_quantity(plan: Plan, dice: Dice, at: datetime, new: Decimal) -> None:
    """The customer wants more or less of the first line, and that is what was shipped."""
    line = plan.lines[0]
    data = {
        "line_id": line.line_id, "field": "qty", "old": number(line.qty), "new": number(new),
        "reason": dice.pick(MOVE_REASONS), "inside_frozen_fence": dice.chance(0.3) or None,
    }  # fmt: skip
    plan.turns.append(Turn("order.changed", at, data, plan.taker, initiator="customer"))
    plan.receipts[0].qty[line.line_id] = new


def cancelled(plan: Plan, at: datetime, reason: str, initiator: str, person: Person | None = None) -> None:
    """The whole order is cancelled; nothing is shipped."""
    plan.receipts, plan.invoiced = [], False
    plan.turns.append(Turn("order.cancelled", at, {"reason": reason}, person, initiator=initiator))


def returned(
    plan: Plan, dice: Dice, days: int, cause: str | None, qty: Decimal | None = None, after: int = 4
) -> None:
    """Some of the first line comes back `days` after closing; `cause` None: not assessed."""
    line = plan.lines[0]
    day = workday(plan.closed_at.date() + timedelta(days=days))
    at = clock(dice, day, plan.customer.site.zone)
    few = max(line.qty * dice.between(2, 9) // 100, line.qty.__class__(1))
    name = {"return_id": f"RMA-{plan.order_id[3:]}", "line_id": line.line_id}
    claim = dice.pick(RETURN_CLAIMS[cause or "quality"])
    lot = plan.receipts[0].lot or f"L{plan.closed_at:%y%j}"
    data = name | {"qty": number(qty or few), "claimed_reason": claim, "lot": lot}
    plan.turns.append(Turn("return.received", at, data, someone(dice, "customer_service")))
    if cause:
        plan.turns.append(
            Turn(
                "return.assessed",
                clock(dice, workday(day + timedelta(days=after)), at.tzinfo, 10, 16),  # type: ignore[arg-type] # the site's zone
                name | {"cause": cause},
                someone(dice, "quality"),
            )
        )


def surveyed(
    plan: Plan, dice: Dice, kind: str, score: int, days: int | None = None, *, about_order: bool = True
) -> None:
    """A contact of the customer answers a survey some days after the delivery."""
    scale = CSAT_SCALE if kind == "csat" else NPS_SCALE
    high = score >= (4 if kind == "csat" else 9)
    words = comment(dice, high=high) if dice.chance(0.4) else None
    _feedback(plan, dice, kind, days, {"score": score, "comment": words, **scale}, about_order=about_order)


def complained(plan: Plan, dice: Dice, days: int | None = None, *, about_order: bool = True) -> None:
    """The customer complains."""
    _feedback(plan, dice, "complaint", days, {"comment": dice.pick(COMPLAINTS)}, about_order=about_order)


def complimented(plan: Plan, dice: Dice) -> None:
    """The customer says thank you."""
    _feedback(plan, dice, "compliment", None, {"comment": dice.pick(COMPLIMENTS)})


def _feedback(
    plan: Plan, dice: Dice, kind: str, days: int | None, answer: dict[str, Any], *, about_order: bool = True
) -> None:
    day = plan.closed_at.date() + timedelta(days=days if days is not None else dice.between(2, 12))
    data = {
        "feedback_id": f"FB-{plan.order_id[3:]}-{len(plan.turns)}", "kind": kind,
        "contact": dice.pick(plan.customer.contacts), **answer,
        "quote_allowed": True if answer.get("comment") and dice.chance(0.3) else None,
    }  # fmt: skip
    at = clock(dice, day, plan.customer.site.zone, 8, 18)
    plan.turns.append(Turn("feedback.received", at, data, about_order=about_order))


def receipt_corrected(plan: Plan, days: int, **changes: Any) -> None:
    """The first receipt turns out to have been otherwise, `days` after it was told."""
    receipt = plan.receipts[0]
    truth = replace(receipt, **changes)
    plan.turns.append(
        Turn(
            "delivery.delivered",
            truth.at,
            delivered(truth, f"SH-{plan.order_id[3:]}-1"),
            truth.receiver,
            recorded_at=max(receipt.at, truth.at) + timedelta(days=days),
            corrects=("delivery.delivered", 1),
        )
    )


def second_receipt(plan: Plan, at: datetime, source: str, evidence: str) -> None:
    """The first shipment's receipt is told once more, by another system or the same."""
    truth = replace(plan.receipts[0], at=at, evidence=evidence)
    told = Turn("delivery.delivered", at, delivered(truth, f"SH-{plan.order_id[3:]}-1"), source=source)
    plan.turns.append(told)


def retracted(plan: Plan, kind: str, nth: int, at: datetime, reason: str) -> None:
    """The nth event of a kind never happened."""
    plan.turns.append(Turn("event.retracted", at, {"reason": reason}, source="erp", corrects=(kind, nth)))
