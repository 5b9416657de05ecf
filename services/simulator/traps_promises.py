"""Traps about promises: moved by us, moved by the customer, never made, or kept only on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from services.simulator.envelope import number
from services.simulator.people import someone
from services.simulator.plan import Turn
from services.simulator.season import ORGANISATION, clock, workday, workday_before
from services.simulator.traps import Scene, trap
from services.simulator.turns import cancelled, customer_moves, slip

if TYPE_CHECKING:
    from services.simulator.plan import Plan


def _promised(plan: Plan, days: int) -> None:
    """Let every line have been promised `days` before it came."""
    for line in plan.lines:
        line.due = line.requested = workday_before(plan.receipts[0].at.date(), days)


@trap(roadblock_beaten="none")
def promise_moved(scene: Scene) -> Plan:
    """On time only because the promise moved."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    _promised(plan, 3)
    slip(plan, scene.dice, clock(scene.dice, workday_before(plan.due, 2), ORGANISATION), scene.due)
    return plan


@trap(new_customer_first_order="none", roadblock_beaten="none")
def first_promise_moved(scene: Scene) -> Plan:
    """The same on a first order."""
    plan = scene.stage.first_order(scene.dice, scene.due)
    _promised(plan, 4)
    slip(plan, scene.dice, clock(scene.dice, workday_before(plan.due, 2), ORGANISATION), scene.due)
    return plan


@trap(roadblock_beaten="none")
def moved_but_kept(scene: Scene) -> Plan:
    """We moved the promise and then made the first one after all: a slip is a slip."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    assert plan.confirmed_at
    at = plan.confirmed_at + timedelta(hours=26)
    slip(plan, scene.dice, at, workday(plan.due + timedelta(days=4)))
    return plan


@trap(roadblock_beaten="none")
def confirmed_again_later(scene: Scene) -> Plan:
    """A second confirmation by us names a later day: a slip under another name."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    later = workday(plan.due + timedelta(days=5)).isoformat()
    lines = [
        {"line_id": x.line_id, "committed_on": later, "committed_qty": number(x.qty)} for x in plan.lines
    ]
    assert plan.confirmed_at
    at = plan.confirmed_at + timedelta(hours=25)
    plan.turns.append(Turn("order.confirmed", at, {"lines": lines}, someone(scene.dice, "planning")))
    return plan


@trap(roadblock_beaten="none")
def never_confirmed(scene: Scene) -> Plan:
    """On the requested day, but nobody ever promised it."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    plan.confirmed_at = None
    return plan


@trap(roadblock_beaten="joint")
def customer_moved_and_kept(scene: Scene) -> Plan:
    """The customer asked for the later day, and got it."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    assert plan.confirmed_at
    new_on = plan.receipts[0].at.date()
    _promised(plan, 2)
    at = plan.confirmed_at + timedelta(minutes=90)
    customer_moves(plan, scene.dice, at, new_on, someone(scene.dice, "customer_service"))
    return plan


@trap(roadblock_beaten="none")
def customer_moved_and_missed(scene: Scene) -> Plan:
    """The customer's new day was missed as well."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    assert plan.confirmed_at
    _promised(plan, 6)
    at = plan.confirmed_at + timedelta(minutes=90)
    new_on = workday_before(plan.receipts[0].at.date(), 1)
    customer_moves(plan, scene.dice, at, new_on, someone(scene.dice, "customer_service"))
    return plan


@trap(roadblock_beaten="none")
def one_line_late(scene: Scene) -> Plan:
    """All lines but one were on time."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    line = plan.lines[-1]
    line.due = line.requested = workday_before(plan.receipts[0].at.date(), 1)
    return plan


@trap(roadblock_beaten="none")
def cancelled_by_us(scene: Scene) -> Plan:
    """The roadblock was cleared; the order was cancelled all the same."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    cancelled(plan, clock(scene.dice, workday_before(plan.due, 1), ORGANISATION), "no_stock", "us")
    return plan


@trap(roadblock_beaten="none")
def backfilled(scene: Scene) -> Plan:
    """Typed in afterwards from old papers."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    plan.backfill = True
    return plan


@trap(roadblock_beaten="none")
def placed_twice(scene: Scene) -> Plan:
    """One order number, two different orders: nobody knows which one counts."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    line = replace(plan.lines[0], qty=plan.lines[0].qty + 1)
    again = {
        "currency": plan.customer.site.currency,
        "lines": [
            {"line_id": line.line_id, "product_id": line.product.product_id, "qty": number(line.qty),
             "uom": line.product.uom, "requested_on": line.requested.isoformat()}
        ],
    }  # fmt: skip
    plan.turns.append(Turn("order.placed", plan.placed_at + timedelta(hours=2), again, initiator="customer"))
    return plan
