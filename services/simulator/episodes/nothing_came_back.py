"""Plants and traps of `nothing_came_back`: hundreds of demanding parts, and not one faulty."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from services.simulator.booking import least_lead
from services.simulator.episodes.quiet import Deed, by_machines, did, followed, quiet, regular
from services.simulator.episodes.registry import plant, trap
from services.simulator.mishaps import part
from services.simulator.people import MAILBOX, someone
from services.simulator.season import clock, workday
from services.simulator.turns import complained, receipt_corrected, returned, second_receipt, surveyed

if TYPE_CHECKING:
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene
    from services.simulator.plan import Plan

_REQUIREMENTS = (
    "certificate 3.1 with every lot", "cleanliness ISO 4406 16/14/11", "dimensions to customer drawing",
    "batch traceability to the melt", "oxygen clean, bagged twice",
)  # fmt: skip
_CLARIFIED: tuple[Deed, ...] = (
    ("spec_clarification", "sales", "Had the customer write down the acceptance limits for {product}"),
    ("spec_clarification", "customer_service", "Went through drawing and test plan with the customer"),
    ("spec_clarification", "sales", "Agreed two reference samples with the customer's laboratory"),
)
_MET: tuple[Deed, ...] = (
    ("quality_containment", "quality", "Inspected every piece of the first lot"),
    ("process_fix", "production", "Set up a fixture of its own for {product}"),
    ("process_fix", "quality", "Measured the critical dimension in the line instead of at its end"),
    ("capacity_added", "production", "Put the most experienced fitter on this order"),
)
_VARIANTS = {"plain": 50, "two_lines": 15, "told_twice": 10, "corrected_receipt": 10, "two_shipments": 15}


@dataclass(slots=True)
class _Order:
    """The demanding order, and who did what for it."""

    plan: Plan
    lot: str


def _order(
    scene: Scene, *, qty: int = 0, clarified: bool = True, met: bool = True, demanding: bool = True
) -> _Order:
    """A demanding order of a regular customer, cared for by both sides and delivered as promised."""
    dice = scene.dice
    scene.products.clear()
    for _ in range(2):
        requirement = dice.pick(_REQUIREMENTS) if demanding else None
        scene.product(dice.pick(("Seal kits", "Fittings")), special_requirements=requirement)
    customer = regular(scene, 200)
    customer.assortment = scene.products[:]
    due = scene.start + timedelta(days=dice.between(26, 45))
    plan = followed(scene, customer, due, least_lead(customer) + dice.between(4, 9))
    _resize(plan, qty or dice.between(60, 480) * 10)
    if clarified:
        did(scene, plan, dice.pick(_CLARIFIED))
    if met:
        did(scene, plan, dice.pick(_MET))
    plan.receipts[0].lot = lot = f"LOT-{scene.prefix}"
    return _Order(plan, lot)


def _resize(plan: Plan, qty: int) -> None:
    for line in plan.lines:
        line.qty = plan.receipts[0].qty[line.line_id] = line.qty.__class__(qty)


def _told(scene: Scene, order: _Order, variant: str | None = None) -> Episode:
    return scene.episode(f"order/{order.plan.order_id}", variant=variant)


def _lot_returned(scene: Scene, order: _Order, days: int, **of: str) -> None:
    """Faulty parts of the lot come back and are assessed; `of`: what the return names."""
    dice, plan = scene.dice, order.plan
    day = workday(plan.closed_at.date() + timedelta(days=days))
    at = clock(dice, day, plan.customer.site.zone)
    name = {"return_id": f"RMA-{scene.prefix}-1", "customer_id": plan.customer.customer_id, **of}
    subject = f"customer/{plan.customer.customer_id}"
    claim = name | {"qty": dice.between(3, 30), "claimed_reason": "Thread out of tolerance", "lot": order.lot}
    scene.tell("return.received", at, subject, claim, someone(dice, "customer_service"))
    assessed = clock(dice, workday(day + timedelta(days=4)), scene.zone)
    scene.tell("return.assessed", assessed, subject, name | {"cause": "quality"}, someone(dice, "quality"))


@plant("nothing_came_back")
def demanding_order(scene: Scene) -> Episode:
    """Hundreds or thousands of parts to a special requirement, which both sides took care of."""
    dice, variant = scene.dice, scene.dice.weighted(_VARIANTS)
    order = _order(scene)
    plan = order.plan
    receipt, line = plan.receipts[0], plan.lines[0]
    match variant:
        case "two_lines":
            other = replace(line, line_id=f"{plan.order_id}/2", product=scene.products[-1])
            plan.lines.append(other)
            receipt.qty[other.line_id] = other.qty
        case "told_twice":
            receipt.evidence = "carrier"
            second_receipt(plan, receipt.at + timedelta(minutes=25), "edi", "receiving_advice")
        case "corrected_receipt":
            receipt_corrected(plan, 1, at=receipt.at - timedelta(minutes=dice.between(5, 50)))
        case "two_shipments":
            receipt.qty[line.line_id] = part(line.qty, 60)
            rest = {line.line_id: line.qty - receipt.qty[line.line_id]}
            plan.receipts.append(replace(receipt, qty=rest, at=receipt.at + timedelta(minutes=70)))
    if dice.chance(0.4):
        surveyed(plan, dice, "csat", dice.pick((4, 5)))
    return _told(scene, order, variant)


@trap("nothing_came_back", expected="revoked")
def came_back_faulty(scene: Scene) -> Episode:
    """Some came back, and were faulty."""
    order = _order(scene)
    returned(order.plan, scene.dice, scene.dice.between(5, 26), "quality")
    return _told(scene, order)


@trap("nothing_came_back", expected="revoked")
def came_back_damaged(scene: Scene) -> Episode:
    """Some came back damaged by the journey."""
    order = _order(scene)
    returned(order.plan, scene.dice, scene.dice.between(2, 10), "transit_damage")
    return _told(scene, order)


@trap("nothing_came_back", expected="revoked")
def assessed_long_after(scene: Scene) -> Episode:
    """Some came back within the month; that they were faulty was found two months later."""
    order = _order(scene)
    returned(order.plan, scene.dice, scene.dice.between(20, 27), "quality", after=60)
    return _told(scene, order)


@trap("nothing_came_back", expected="revoked")
def returned_without_an_order(scene: Scene) -> Episode:
    """Faulty parts of its lot came back with no order named."""
    order = _order(scene)
    product = order.plan.lines[0].product.product_id
    _lot_returned(scene, order, scene.dice.between(5, 24), product_id=product)
    return _told(scene, order)


@trap("nothing_came_back", expected="revoked")
def returned_on_another_order(scene: Scene) -> Episode:
    """Faulty parts of its lot came back, booked on a later order of the customer."""
    order = _order(scene)
    plan = order.plan
    later = quiet(scene, plan.customer, plan.due + timedelta(days=4))
    later.lines[0].product = plan.lines[0].product
    later.receipts[0].at = max(later.receipts[0].at, plan.closed_at + timedelta(hours=1))
    days = (later.closed_at - plan.closed_at).days + scene.dice.between(3, 12)
    _lot_returned(scene, order, days, order_id=later.order_id, line_id=later.lines[0].line_id)
    return _told(scene, order)


@trap("nothing_came_back", expected="revoked")
def complained_about(scene: Scene) -> Episode:
    """Nothing came back; the customer complained all the same."""
    order = _order(scene)
    complained(order.plan, scene.dice)
    return _told(scene, order)


@trap("nothing_came_back")
def too_few_to_say(scene: Scene) -> Episode:
    """Of some dozens, none coming back proves nothing."""
    return _told(scene, _order(scene, qty=scene.dice.between(3, 12) * 10))


@trap("nothing_came_back")
def nothing_special(scene: Scene) -> Episode:
    """Nobody asked for anything special."""
    return _told(scene, _order(scene, demanding=False))


@trap("nothing_came_back")
def only_samples(scene: Scene) -> Episode:
    """Samples, however many."""
    order = _order(scene)
    order.plan.kind = "sample"
    return _told(scene, order)


@trap("nothing_came_back")
def for_ourselves(scene: Scene) -> Episode:
    """Our own branch ordered them."""
    order = _order(scene)
    order.plan.customer.is_internal = True
    return _told(scene, order)


@trap("nothing_came_back")
def typed_in_afterwards(scene: Scene) -> Episode:
    """Loaded as history, with all that was done."""
    order = _order(scene)
    order.plan.backfill = True
    return _told(scene, order)


@trap("nothing_came_back", expected="highlight")
def clarified_by_a_machine(scene: Scene) -> Episode:
    """The service desk's mailbox sent the questionnaire; nobody of Sales took part."""
    order = _order(scene, clarified=False)
    did(scene, order.plan, scene.dice.pick(_CLARIFIED))
    order.plan.turns[-1].actor = MAILBOX
    order.plan.taker = None
    return _told(scene, order)


@trap("nothing_came_back", expected="highlight")
def sales_alone(scene: Scene) -> Episode:
    """Sales cleared the requirement; nobody of Operations did more than machines do."""
    order = _order(scene, met=False)
    taker = order.plan.taker
    by_machines(order.plan).taker = taker
    return _told(scene, order)
