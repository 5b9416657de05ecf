"""Traps about what comes after: returns, complaints, answers, and what they do to a win."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from services.simulator.plan import Turn
from services.simulator.traps import Scene, trap
from services.simulator.turns import complained, returned, surveyed

if TYPE_CHECKING:
    from services.simulator.plan import Plan


@trap(roadblock_beaten="revoked")
def quality_return(scene: Scene) -> Plan:
    """Faulty parts came back."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    returned(plan, scene.dice, scene.dice.between(4, 27), "quality")
    return plan


@trap(roadblock_beaten="revoked")
def transit_damage(scene: Scene) -> Plan:
    """Damaged on the way, found when unpacked."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    returned(plan, scene.dice, scene.dice.between(2, 8), "transit_damage")
    return plan


@trap(roadblock_beaten="provisional")
def return_not_assessed(scene: Scene) -> Plan:
    """Something came back, and nobody has looked at it yet."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    returned(plan, scene.dice, scene.dice.between(10, 27), None)
    return plan


@trap(roadblock_beaten="joint")
def no_fault_found(scene: Scene) -> Plan:
    """Came back as faulty and was found to be fine."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    returned(plan, scene.dice, scene.dice.between(4, 20), "no_fault_found")
    return plan


@trap(new_customer_smooth_start="joint")
def changed_mind(scene: Scene) -> Plan:
    """The new customer ordered a little too much and sent some back."""
    plan = scene.stage.smooth_start(scene.dice, scene.due)
    returned(plan, scene.dice, scene.dice.between(4, 20), "changed_mind")
    return plan


@trap(roadblock_beaten="joint")
def assessed_again(scene: Scene) -> Plan:
    """First assessed as a quality fault; the laboratory then found none."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    returned(plan, scene.dice, scene.dice.between(4, 12), "quality")
    first = plan.turns[-1]
    data = first.data | {"cause": "no_fault_found"}
    told = first.at + timedelta(days=6)
    again = Turn("return.assessed", first.at, data, first.actor, recorded_at=told)
    again.corrects = ("return.assessed", 1)
    plan.turns.append(again)
    return plan


@trap(roadblock_beaten="revoked")
def complaint(scene: Scene) -> Plan:
    """On time, and the customer complained."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    complained(plan, scene.dice)
    return plan


@trap(roadblock_beaten="revoked")
def detractor(scene: Scene) -> Plan:
    """On time, and the customer would not recommend us."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    surveyed(plan, scene.dice, "nps", scene.dice.between(0, 6))
    return plan


@trap(roadblock_beaten="revoked")
def unhappy_customer(scene: Scene) -> Plan:
    """On time, and rated one or two of five."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    surveyed(plan, scene.dice, "csat", scene.dice.between(1, 2))
    return plan


@trap(roadblock_beaten="joint")
def lukewarm_customer(scene: Scene) -> Plan:
    """Seven of ten and three of five are no praise, and no contradiction."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    surveyed(plan, scene.dice, "nps", 7)
    surveyed(plan, scene.dice, "csat", 3)
    return plan


@trap(new_customer_first_order="revoked")
def detractor_without_order(scene: Scene) -> Plan:
    """A bad score that names no order, within two weeks of the delivery."""
    plan = scene.stage.first_order(scene.dice, scene.due)
    surveyed(plan, scene.dice, "nps", scene.dice.between(1, 5), scene.dice.between(3, 11), about_order=False)
    return plan


@trap(new_customer_smooth_start="revoked")
def complaint_without_order(scene: Scene) -> Plan:
    """A complaint that names no order, within two weeks of the delivery."""
    plan = scene.stage.smooth_start(scene.dice, scene.due)
    complained(plan, scene.dice, scene.dice.between(3, 11), about_order=False)
    return plan


@trap(new_customer_first_order="joint")
def grumble_weeks_later(scene: Scene) -> Plan:
    """A bad score that names no order, long after this one was closed."""
    plan = scene.stage.first_order(scene.dice, scene.due)
    plan.customer.trades_from = scene.due + timedelta(days=40)
    surveyed(plan, scene.dice, "nps", scene.dice.between(3, 5), scene.dice.between(17, 24), about_order=False)
    return plan
