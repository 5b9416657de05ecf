"""Traps about who is new: orders of customers that only seem to be, and one or two that are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from services.simulator.booking import book, least_lead
from services.simulator.people import EDI, HAULIER, MAILBOX
from services.simulator.season import ORGANISATION, clock, workday, workday_before
from services.simulator.traps import Scene, trap
from services.simulator.turns import cancelled, complained, returned, slip, surveyed

if TYPE_CHECKING:
    from services.simulator.customers import Customer
    from services.simulator.plan import Plan


def _earlier(scene: Scene, customer: Customer, days: int) -> Plan:
    """An order of the customer due `days` before the scene, entered by a machine."""
    due = workday_before(scene.due, days)
    placed_on = workday_before(due, least_lead(customer))
    number = scene.stage.numbers.next(placed_on)
    plan = book(scene.dice, customer, number, placed_on, due)
    plan.taker = plan.confirmer = plan.planner = None
    plan.receipts[0].shipper = plan.receipts[0].receiver = None
    scene.extra.append(plan)
    return plan


def _prospect(scene: Scene) -> Customer:
    """A customer whose log is complete for four years."""
    day = scene.due - timedelta(days=1500)
    customer = scene.stage.market.add(clock(scene.dice, workday(day), ORGANISATION), day)
    customer.trades_from = scene.due + timedelta(days=21)
    return customer


@trap(new_customer_smooth_start="none", new_customer_first_order="none")
def history_not_loaded(scene: Scene) -> Plan:
    """A customer of ten years, whose older orders were never loaded."""
    customer = scene.stage.newcomer(scene.dice, scene.due)
    customer.registered_at -= timedelta(days=3600)
    customer.first_won_at = customer.registered_at
    customer.history_from = workday_before(scene.due, 60)
    return scene.stage.smooth_start(scene.dice, scene.due, customer)


@trap(new_customer_smooth_start="none", new_customer_first_order="none")
def registered_lately(scene: Scene) -> Plan:
    """Registered last month, which proves nothing: no first deal, no history known."""
    customer = scene.stage.newcomer(scene.dice, scene.due)
    customer.registered_at = clock(scene.dice, workday_before(scene.due, 50), ORGANISATION)
    customer.first_won_at = customer.history_from = None
    return scene.stage.smooth_start(scene.dice, scene.due, customer)


@trap(new_customer_smooth_start="none", new_customer_first_order="none")
def reactivated(scene: Scene) -> Plan:
    """Back after a year and a half: welcome, but not new."""
    customer = _prospect(scene)
    _earlier(scene, customer, scene.dice.between(300, 560))
    return scene.stage.smooth_start(scene.dice, scene.due, customer)


@trap(new_customer_first_order="none", roadblock_beaten="joint")
def reactivated_with_roadblock(scene: Scene) -> Plan:
    """Back after a year: no first order, but a roadblock beaten all the same."""
    customer = _prospect(scene)
    _earlier(scene, customer, scene.dice.between(300, 560))
    return scene.stage.first_order(scene.dice, scene.due, customer)


@trap(new_customer_smooth_start="joint")
def back_after_three_years(scene: Scene) -> Plan:
    """The last order is longer ago than anybody looks back: new again."""
    customer = _prospect(scene)
    _earlier(scene, customer, scene.dice.between(900, 1300))
    return scene.stage.smooth_start(scene.dice, scene.due, customer)


@trap(new_customer_smooth_start="none", new_customer_first_order="none")
def child_account(scene: Scene) -> Plan:
    """A new plant of an old customer."""
    customer = scene.stage.newcomer(scene.dice, scene.due)
    customer.parent_id = next(scene.stage.old).customer_id
    return scene.stage.smooth_start(scene.dice, scene.due, customer)


@trap(new_customer_smooth_start="none", new_customer_first_order="none")
def merged_account(scene: Scene) -> Plan:
    """Later found to be an old customer under another name."""
    customer = scene.stage.newcomer(scene.dice, scene.due)
    customer.merged_into = next(scene.stage.old).customer_id
    customer.merged_at = clock(scene.dice, scene.due + timedelta(days=9), ORGANISATION)
    customer.trades_from = None
    return scene.stage.smooth_start(scene.dice, scene.due, customer)


@trap(new_customer_smooth_start="joint")
def after_a_sample(scene: Scene) -> Plan:
    """Samples came first; the first paid order still is the first."""
    customer = _prospect(scene)
    _earlier(scene, customer, scene.dice.between(50, 90)).kind = "sample"
    return scene.stage.smooth_start(scene.dice, scene.due, customer)


@trap(new_customer_smooth_start="none", new_customer_first_order="none", roadblock_beaten="none")
def sample_order(scene: Scene) -> Plan:
    """Only samples, however well they were handled."""
    plan = scene.stage.first_order(scene.dice, scene.due)
    plan.kind, plan.customer.trades_from = "sample", None
    return plan


@trap(roadblock_beaten="none")
def intercompany_order(scene: Scene) -> Plan:
    """Between our own companies."""
    plan = scene.stage.beaten(scene.dice, scene.due)
    plan.kind = "intercompany"
    return plan


@trap(new_customer_smooth_start="none", new_customer_first_order="none", roadblock_beaten="none")
def internal_customer(scene: Scene) -> Plan:
    """A sister company, registered as a customer."""
    customer = scene.stage.newcomer(scene.dice, scene.due)
    customer.is_internal, customer.name = True, f"Our own {customer.site.city} branch {customer.customer_id}"
    customer.trades_from = None
    return scene.stage.first_order(scene.dice, scene.due, customer)


@trap(new_customer_smooth_start="none", new_customer_first_order="none")
def cancelled_earlier_order(scene: Scene) -> Plan:
    """An earlier order was cancelled; it was an order."""
    customer = _prospect(scene)
    earlier = _earlier(scene, customer, scene.dice.between(60, 200))
    cancelled(earlier, earlier.placed_at + timedelta(days=3), "customer", "customer", MAILBOX)
    return scene.stage.smooth_start(scene.dice, scene.due, customer)


@trap(new_customer_smooth_start="highlight")
def edi_entered(scene: Scene) -> Plan:
    """The order came in by EDI: nobody in Sales took part."""
    plan = scene.stage.order(scene.dice, scene.stage.newcomer(scene.dice, scene.due), scene.due)
    plan.taker = EDI
    return plan


@trap(new_customer_smooth_start="none")
def untouched_by_hand(scene: Scene) -> Plan:
    """Entered, confirmed, shipped and booked by machines: on time, and nobody's win."""
    plan = scene.stage.order(scene.dice, scene.stage.newcomer(scene.dice, scene.due), scene.due)
    plan.taker, plan.confirmer, plan.planner = EDI, None, None
    plan.receipts[0].shipper, plan.receipts[0].receiver = None, HAULIER
    return plan


@trap(new_customer_smooth_start="highlight")
def light_touch_of_sales(scene: Scene) -> Plan:
    """Sales typed the order in; all the care came from Operations."""
    plan = scene.stage.order(scene.dice, scene.stage.newcomer(scene.dice, scene.due), scene.due)
    scene.stage.effort(scene.dice, plan, "buffer_changed", "planning", "Built stock ahead of the order")
    scene.stage.effort(scene.dice, plan, "quality_containment", "quality", "Checked every piece")
    return plan


@trap(new_customer_smooth_start="none")
def first_order_late(scene: Scene) -> Plan:
    """The first order came after its promise."""
    plan = scene.stage.smooth_start(scene.dice, scene.due)
    for line in plan.lines:
        line.due = line.requested = workday_before(plan.receipts[0].at.date(), scene.dice.between(1, 4))
    return plan


@trap(new_customer_smooth_start="none")
def first_order_slipped(scene: Scene) -> Plan:
    """We moved the promise and kept the new one."""
    plan = scene.stage.smooth_start(scene.dice, scene.due)
    for line in plan.lines:
        line.due = workday_before(plan.receipts[0].at.date(), 5)
    at = clock(scene.dice, workday_before(plan.due, 3), ORGANISATION)
    slip(plan, scene.dice, at, plan.receipts[0].at.date())
    return plan


@trap(new_customer_smooth_start="revoked")
def first_order_returned(scene: Scene) -> Plan:
    """Some of the first order came back as faulty."""
    plan = scene.stage.smooth_start(scene.dice, scene.due)
    returned(plan, scene.dice, scene.dice.between(5, 25), "quality")
    return plan


@trap(new_customer_first_order="revoked")
def first_order_complained(scene: Scene) -> Plan:
    """The rescue was noticed; so was what went wrong."""
    plan = scene.stage.first_order(scene.dice, scene.due)
    complained(plan, scene.dice)
    return plan


@trap(new_customer_first_order="revoked")
def first_order_detracted(scene: Scene) -> Plan:
    """The new customer would not recommend us."""
    plan = scene.stage.first_order(scene.dice, scene.due)
    surveyed(plan, scene.dice, "nps", scene.dice.between(1, 6))
    return plan
