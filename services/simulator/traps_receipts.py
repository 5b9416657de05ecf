"""Traps about receipts: how much came, when by the clock of the dock, and who says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from services.simulator.customers import SITES
from services.simulator.mishaps import arrives, part
from services.simulator.plan import Turn
from services.simulator.season import clock, workday, workday_before
from services.simulator.traps import Scene, trap
from services.simulator.turns import receipt_corrected, returned, second_receipt

if TYPE_CHECKING:
    from datetime import date

    from services.simulator.customers import Customer
    from services.simulator.plan import Plan


def _abroad(scene: Scene, timezone: str) -> Customer:
    site = next(site for site in SITES if site.timezone == timezone)
    return scene.stage.newcomer(scene.dice, scene.due, site)


def _at(plan: Plan, day: date, hour: int, minute: int) -> None:
    """Let the first shipment arrive then, by the clock of the dock."""
    zone = plan.customer.site.zone
    plan.receipts[0].at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)


@trap(roadblock_beaten="none")
def partial_counted_as_full(scene: Scene) -> Plan:
    """On the day, but a part; the line was closed short."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    line, receipt = plan.lines[0], plan.receipts[0]
    line.qty += 10
    receipt.qty[line.line_id] = part(line.qty, 80)
    data = {"line_id": line.line_id, "reason": "short_closed"}
    plan.turns.append(Turn("order.line_closed", receipt.at + timedelta(hours=3), data, plan.planner))
    return plan


@trap(roadblock_beaten="none")
def rest_came_later(scene: Scene) -> Plan:
    """The first part was on time, the rest was not."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    line, receipt = plan.lines[0], plan.receipts[0]
    line.qty += 10
    receipt.qty[line.line_id] = part(line.qty, 60)
    day = workday(plan.due + timedelta(days=2))
    rest = {line.line_id: line.qty - receipt.qty[line.line_id]}
    at = clock(scene.dice, day, plan.customer.site.zone)
    left = receipt.shipped_at + timedelta(hours=6)
    plan.receipts.append(replace(receipt, qty=rest, shipped_at=left, at=at))
    return plan


@trap(roadblock_beaten="joint")
def two_shipments_in_time(scene: Scene) -> Plan:
    """Two shipments, both on time, together in full."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    line, receipt = plan.lines[0], plan.receipts[0]
    line.qty += 10
    receipt.qty[line.line_id] = part(line.qty, 60)
    rest = {line.line_id: line.qty - receipt.qty[line.line_id]}
    plan.receipts.append(replace(receipt, qty=rest, at=receipt.at + timedelta(minutes=70)))
    return plan


@trap(roadblock_beaten="none")
def shipped_on_time_delivered_late(scene: Scene) -> Plan:
    """Left before the due day, arrived after it."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    arrives(plan, scene.dice, workday(plan.due + timedelta(days=1)))
    return plan


@trap(roadblock_beaten="none")
def too_much(scene: Scene) -> Plan:
    """More than the tolerance allows, and the customer kept it."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    line = plan.lines[0]
    line.over = 5
    plan.receipts[0].qty[line.line_id] = line.qty + max(line.qty * 12 // 100, line.qty.__class__(1))
    return plan


@trap(roadblock_beaten="none")
def too_early(scene: Scene) -> Plan:
    """The customer takes nothing more than two days early."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    for line in plan.lines:
        line.early_days = 2
        line.due = line.requested = workday(plan.receipts[0].at.date() + timedelta(days=5))
    return plan


@trap(roadblock_beaten="joint")
def told_by_two_systems(scene: Scene) -> Plan:
    """The carrier and the customer's receiving advice tell of one receipt."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    plan.receipts[0].evidence = "carrier"
    second_receipt(plan, plan.receipts[0].at + timedelta(minutes=25), "edi", "receiving_advice")
    return plan


@trap(roadblock_beaten="none")
def booked_twice(scene: Scene) -> Plan:
    """One system tells of two receipts: twice the quantity."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    second_receipt(plan, plan.receipts[0].at + timedelta(minutes=25), "tms", plan.receipts[0].evidence)
    return plan


@trap(roadblock_beaten="none")
def carrier_says_on_time(scene: Scene) -> Plan:
    """The carrier says on time; the signed receipt, which counts for more, says the day after."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    arrives(plan, scene.dice, plan.due)
    plan.receipts[0].evidence = "carrier"
    second_receipt(plan, plan.receipts[0].at + timedelta(days=1), "edi", "pod")
    return plan


@trap(new_customer_first_order="joint")
def before_midnight_in_newark(scene: Scene) -> Plan:
    """Late in the evening of the due day, which elsewhere is the next day already."""
    plan = scene.stage.first_order(scene.dice, scene.due, _abroad(scene, "America/New_York"))
    _at(plan, plan.due, 23, scene.dice.between(10, 55))
    return plan


@trap(new_customer_first_order="none", roadblock_beaten="none")
def after_midnight_in_nagoya(scene: Scene) -> Plan:
    """Shortly after midnight, while elsewhere the due day still lasts."""
    plan = scene.stage.first_order(scene.dice, scene.due, _abroad(scene, "Asia/Tokyo"))
    _at(plan, plan.due + timedelta(days=1), 0, scene.dice.between(5, 55))
    return plan


@trap(roadblock_beaten="none")
def corrected_to_late(scene: Scene) -> Plan:
    """The receipt was told as on time and then corrected."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    late = clock(scene.dice, workday(plan.due + timedelta(days=1)), plan.customer.site.zone)
    receipt_corrected(plan, 3, at=late)
    return plan


@trap(roadblock_beaten="joint")
def corrected_to_on_time(scene: Scene) -> Plan:
    """The receipt was told as late; the proof of delivery shows the day before."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    truly = plan.receipts[0].at
    arrives(plan, scene.dice, workday(plan.due + timedelta(days=1)))
    plan.receipts[0].shipped_at = min(plan.receipts[0].shipped_at, truly - timedelta(hours=6))
    receipt_corrected(plan, 2, at=truly, evidence="pod")
    plan.truly_closed_at = truly
    return plan


@trap(roadblock_beaten="none")
def corrected_to_short(scene: Scene) -> Plan:
    """Counted again at the dock: some were missing, and never came."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    line = plan.lines[0]
    line.qty += 10
    plan.receipts[0].qty[line.line_id] = line.qty
    receipt_corrected(plan, 1, qty=plan.receipts[0].qty | {line.line_id: part(line.qty, 90)})
    return plan


@trap(roadblock_beaten="none")
def more_returned_than_came(scene: Scene) -> Plan:
    """More came back than was accepted: the books are wrong somewhere."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    returned(plan, scene.dice, 8, "changed_mind", qty=plan.lines[0].qty * 2)
    return plan


@trap(roadblock_beaten="none")
def delivered_before_placed(scene: Scene) -> Plan:
    """Booked as received before it was ordered."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    plan.receipts[0].at = clock(scene.dice, workday_before(plan.placed_at.date(), 2), plan.customer.site.zone)
    return plan
