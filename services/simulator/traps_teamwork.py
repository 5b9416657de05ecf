"""Traps about who did it: one side, machines, owners in name only, or one person in two hats."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from services.simulator.people import ALLOCATION, HAULIER, MAILBOX, Person, someone
from services.simulator.plan import Step
from services.simulator.rescue import SALES, block
from services.simulator.traps import Scene, trap

if TYPE_CHECKING:
    from services.simulator.plan import Plan, Roadblock


def _alone(scene: Scene, *, operations: int = 0, sales: int = 0) -> tuple[Plan, Roadblock]:
    """An order of an established customer, its roadblock cleared by one side."""
    plan = scene.stage.order(scene.dice, next(scene.stage.old), scene.due)
    return plan, block(scene.dice, plan, operations=operations, sales=sales)


def _heads_up(scene: Scene, found: Roadblock, after: timedelta) -> None:
    assert found.resolved_at
    person = someone(scene.dice, *SALES)
    found.steps.append(Step(found.resolved_at + after, "heads_up", person, "Told the customer how it went"))


@trap(roadblock_beaten="highlight")
def operations_alone(scene: Scene) -> Plan:
    """Operations cleared it, and Sales never knew."""
    return _alone(scene, operations=scene.dice.between(1, 3))[0]


@trap(roadblock_beaten="highlight")
def sales_alone(scene: Scene) -> Plan:
    """Sales cleared it with the customer, without a hand from Operations."""
    return _alone(scene, sales=scene.dice.between(1, 2))[0]


@trap(roadblock_beaten="highlight")
def self_inflicted(scene: Scene) -> Plan:
    """Whoever cleared it in Operations had caused it."""
    plan, found = _alone(scene, operations=1, sales=1)
    found.caused_by = next(person for person, role in found.resolvers if role == "resolver")
    return plan


@trap(roadblock_beaten="highlight")
def machine_on_the_sales_side(scene: Scene) -> Plan:
    """The service desk's mailbox sent the news to the customer."""
    plan, found = _alone(scene, operations=2)
    found.resolvers.append((MAILBOX, "communicator"))
    return plan


@trap(roadblock_beaten="highlight")
def machine_on_the_operations_side(scene: Scene) -> Plan:
    """An allocation run freed the stock that Sales needed."""
    plan, found = _alone(scene, sales=2)
    found.resolvers.append((ALLOCATION, "resolver"))
    return plan


@trap(roadblock_beaten="highlight")
def told_after_the_fact(scene: Scene) -> Plan:
    """Sales called the customer when all was over."""
    plan, found = _alone(scene, operations=2)
    _heads_up(scene, found, timedelta(hours=3))
    return plan


@trap(roadblock_beaten="highlight")
def told_after_the_delivery(scene: Scene) -> Plan:
    """Sales called the customer a day after the goods had come."""
    plan, found = _alone(scene, operations=1)
    assert found.resolved_at
    _heads_up(scene, found, plan.closed_at - found.resolved_at + timedelta(days=1))
    return plan


@trap(roadblock_beaten="highlight")
def owner_in_name_only(scene: Scene) -> Plan:
    """The account owner is listed on the resolution, and did nothing."""
    plan, found = _alone(scene, operations=2)
    found.resolvers.append((plan.customer.owner, "account_owner"))
    return plan


@trap(roadblock_beaten="highlight")
def finance_and_operations(scene: Scene) -> Plan:
    """Finance released the order and Operations made up the time; Sales had no part."""
    plan, found = _alone(scene, operations=1)
    found.resolvers.append((someone(scene.dice, "finance"), "approver"))
    return plan


@trap(roadblock_beaten="highlight")
def carrier_and_sales(scene: Scene) -> Plan:
    """The haulier found the way, Sales told the customer; Operations had no part."""
    plan, found = _alone(scene, sales=1)
    found.resolvers.append((HAULIER, "resolver"))
    return plan


@trap(roadblock_beaten="highlight")
def one_person_in_two_hats(scene: Scene) -> Plan:
    """The one who cleared it in Operations is booked in customer service as well."""
    plan, found = _alone(scene, operations=1)
    [(person, _)] = found.resolvers
    twin = Person(person.person_id, "customer_service", person.name)
    found.resolvers.append((twin, "communicator"))
    return plan


@trap(roadblock_beaten="joint")
def many_hands_of_operations(scene: Scene) -> Plan:
    """Four people of Operations and one of Sales: a side counts for three at most."""
    plan, found = _alone(scene, operations=3, sales=1)
    for department in ("planning", "warehouse", "logistics"):
        found.resolvers.append((someone(scene.dice, department), "resolver"))
    return plan
