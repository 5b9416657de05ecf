"""Quiet trade, on which episodes are laid: orders of which nothing is told, and what people do for them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from services.simulator.booking import least_lead
from services.simulator.lifecycle import intervention
from services.simulator.people import Person, someone
from services.simulator.plan import Plan, Step
from services.simulator.season import moment, workday, workday_before

if TYPE_CHECKING:
    from services.simulator.customers import Customer, Site
    from services.simulator.episodes.scene import Scene

SALES = ("sales", "customer_service")
OPERATIONS = ("planning", "production", "logistics", "warehouse", "quality", "operations")
Deed = tuple[str, str, str]
"""Kind of intervention, department, what was done."""


def regular(scene: Scene, days: int, site: Site | None = None) -> Customer:
    """A customer of long standing whose first known order, so long before the start, machines dealt with."""
    customer = scene.customer(site)
    placed_on = workday(scene.start - timedelta(days=days))
    plan = scene.order(customer, placed_on, workday(placed_on + timedelta(days=least_lead(customer))))
    by_machines(plan).receipts[0].documents_ok = True
    return customer


def by_machines(plan: Plan) -> Plan:
    """Let nobody of ours have a hand in the order."""
    plan.taker = plan.confirmer = plan.planner = None
    for receipt in plan.receipts:
        receipt.shipper = receipt.receiver = None
    return plan


def quiet(scene: Scene, customer: Customer, due: date, lead: int | None = None, lines: int = 1) -> Plan:
    """An order due then and delivered in time, told in three events; of its papers nothing is known.

    `lead`: calendar days from order to due day; else a few more than the least.
    """
    due = workday(due)
    placed_on = workday_before(due, lead or least_lead(customer) + scene.dice.between(0, 4))
    plan = scene.order(customer, placed_on, due, lines=lines)
    plan.invoiced = False
    receipt = plan.receipts[0]
    receipt.planned, receipt.scanned, receipt.documents_ok = False, False, None
    return plan


def followed(scene: Scene, customer: Customer, due: date, lead: int | None = None) -> Plan:
    """The same followed closely, from plan to invoice, with papers known to be right."""
    plan = clean(scene, customer, due, lead)
    plan.receipts[0].planned = plan.receipts[0].scanned = plan.invoiced = True
    return plan


def clean(scene: Scene, customer: Customer, due: date, lead: int | None = None) -> Plan:
    """The same with papers known to be right: a perfect order."""
    plan = quiet(scene, customer, due, lead)
    plan.receipts[0].documents_ok = True
    return plan


def spread(first: date, last: date, count: int) -> list[date]:
    """So many days from `first` on, evenly, the last before `last`."""
    return [first + (last - first) * nth / count for nth in range(count)]


def did(scene: Scene, plan: Plan, deed: Deed, at: datetime | None = None) -> Person:
    """Somebody does something out of the ordinary for the order, by default before it leaves."""
    kind, department, text = deed
    person = someone(scene.dice, department)
    assert plan.confirmed_at
    at = at or moment(scene.dice, plan.confirmed_at + timedelta(hours=1), plan.receipts[0].shipped_at)
    step = Step(at, kind, person, text.format(product=plan.lines[0].product.name))
    id_ = f"IV-{plan.order_id[3:]}-0-{len(plan.turns)}"
    plan.turns.append(intervention(step, id_, plan.customer.site.currency))
    return person
