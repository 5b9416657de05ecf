"""Plants and traps of `faster_not_dearer`: a customer that waits a third less, at the old margin."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from services.simulator.booking import least_lead
from services.simulator.episodes.quiet import Deed, by_machines, did, quiet, regular, spread
from services.simulator.episodes.registry import plant, trap
from services.simulator.episodes.scene import months_before, months_from
from services.simulator.lifecycle import intervention
from services.simulator.people import MAILBOX, someone
from services.simulator.plan import Plan, Step
from services.simulator.season import moment, workday

if TYPE_CHECKING:
    from services.simulator.customers import Customer
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene
    from services.simulator.products import Product

_SLOW, _FAST = 22, 2
"""Days beyond the least that an order took before, and takes now."""
_WANTED = 9
"""Days after the order for which the customer always asked: as soon as possible."""
_SALES: tuple[Deed, ...] = (
    ("order_simplification", "sales", "Replaced nine options by three that cover what the customer uses"),
    ("terms_changed", "sales", "Agreed whole cartons and one order a week"),
    ("order_simplification", "customer_service", "Had the orders come with item numbers of ours"),
)
_OPERATIONS: tuple[Deed, ...] = (
    ("process_fix", "planning", "Released orders of {product} on the day, not with the weekly run"),
    ("buffer_changed", "planning", "Kept half-finished {product} in stock"),
    ("process_fix", "production", "Halved the set-up time of the line for {product}"),
)


@dataclass(slots=True)
class _Trade:
    """Orders of nine months before, and of three and a half since."""

    customer: Customer
    before: list[Plan]
    since: list[Plan] = field(default_factory=list)


def _placed(scene: Scene, customer: Customer, day: date, lead: int) -> Plan:
    """An order placed about then and due `lead` days later, wanted as soon as possible."""
    plan = quiet(scene, customer, workday(day) + timedelta(days=lead), lead)
    plan.invoiced = True
    for line in plan.lines:
        line.requested = workday(plan.placed_at.date() + timedelta(days=_WANTED))
    return plan


def _trade(scene: Scene, *, fast: int = _FAST, count: int = 34) -> _Trade:
    """A customer that waited long until the start, and not so long since; nobody has done anything yet."""
    customer = regular(scene, 430)
    least = least_lead(customer)
    first = months_before(scene.start, 9)
    last = scene.start - timedelta(days=least + _SLOW + 6)
    customer.assortment = [scene.products[0]]
    made = _Trade(customer, [])
    for day in spread(first, last, 38):
        made.before.append(_placed(scene, customer, day, least + _SLOW + scene.dice.between(-3, 3)))
    for day in spread(scene.start, scene.start + timedelta(days=100), count):
        made.since.append(_placed(scene, customer, day, least + fast + scene.dice.between(-1, 2)))
    return made


def _changed(scene: Scene, made: _Trade, *, sales: bool = True, operations: bool = True) -> _Trade:
    """Both sides change how these orders run, from the first of them on."""
    for nth, plan in enumerate(made.since):
        if sales and nth % 8 == 0:
            did(scene, plan, scene.dice.pick(_SALES))
        if operations and nth % 8 == 1:
            did(scene, plan, scene.dice.pick(_OPERATIONS))
    return made


def _told(scene: Scene, made: _Trade) -> Episode:
    periods = months_from(months_before(scene.start, -1), months_before(scene.start, -4))
    subject = f"customer/{made.customer.customer_id}"
    return scene.episode(subject, periods if scene.expected != "none" else ())


def _expedited(scene: Scene, plan: Plan) -> None:
    """Somebody pays for speed."""
    assert plan.confirmed_at
    at = moment(scene.dice, plan.confirmed_at + timedelta(hours=1), plan.receipts[0].shipped_at)
    who, cost = someone(scene.dice, "logistics"), Decimal(scene.dice.between(9, 60) * 10)
    step = Step(at, "expedite", who, "Put the consignment on the night service", "forecast_miss", True, cost)  # noqa: FBT003 - premium
    id_ = f"IV-{plan.order_id[3:]}-0-{len(plan.turns)}"
    plan.turns.append(intervention(step, id_, plan.customer.site.currency))


@plant("faster_not_dearer")
def waits_less(scene: Scene) -> Episode:
    """A third less, at the same margin and without paying for speed; sometimes with less of that, too."""
    variant = scene.dice.pick(("plain", "plain", "fewer_expedites"))
    made = _changed(scene, _trade(scene, fast=scene.dice.between(_FAST, _FAST + 3)))
    if variant == "fewer_expedites":
        for plan in made.before[::6]:
            _expedited(scene, plan)
    episode = _told(scene, made)
    episode.variant = variant
    return episode


@trap("faster_not_dearer")
def other_products(scene: Scene) -> Episode:
    """Each product takes as long as before; the customer just orders more of the quick one."""
    made = _changed(scene, _trade(scene))
    slow, quick = scene.products[0], scene.product(scene.products[0].family)
    least = least_lead(made.customer)
    for nth, plan in enumerate(made.before):
        _becomes(scene, plan, (quick, least + _FAST) if nth % 5 == 0 else (slow, least + _SLOW))
    for nth, plan in enumerate(made.since):
        _becomes(scene, plan, (slow, least + _SLOW) if nth % 5 == 0 else (quick, least + _FAST))
    return _told(scene, made)


def _becomes(scene: Scene, plan: Plan, what: tuple[Product, int]) -> None:
    """The order is of this product and takes as many days, but for a few."""
    product, lead = what
    line, receipt = plan.lines[0], plan.receipts[0]
    day = workday(plan.placed_at.date() + timedelta(days=lead + scene.dice.between(-1, 2)))
    line.product, line.due = product, day
    late = plan.receipts[0].at.replace(year=day.year, month=day.month, day=day.day)
    receipt.shipped_at += late - receipt.at
    receipt.at = late
    assert plan.confirmed_at
    receipt.shipped_at = max(receipt.shipped_at, plan.confirmed_at + timedelta(hours=3))


@trap("faster_not_dearer")
def ordered_less_far_ahead(scene: Scene) -> Episode:
    """The customer used to order long before it wanted the goods, and no longer does."""
    made = _changed(scene, _trade(scene))
    for plan in (*made.before, *made.since):
        for line in plan.lines:
            line.requested = line.due
    return _told(scene, made)


@trap("faster_not_dearer")
def slow_ones_still_open(scene: Scene) -> Episode:
    """What was delivered went fast; three of four orders took half a year."""
    made = _changed(scene, _trade(scene, count=26))
    for day in spread(scene.start, scene.start + timedelta(days=100), 84):
        late = _placed(scene, made.customer, day, least_lead(made.customer) + _FAST)
        days = scene.dice.between(150, 190)
        receipt = late.receipts[0]
        receipt.at += timedelta(days=days)
        receipt.shipped_at += timedelta(days=days)
    return _told(scene, made)


@trap("faster_not_dearer")
def margin_given_away(scene: Scene) -> Episode:
    """Faster, and six points of margin dearer."""
    made = _changed(scene, _trade(scene))
    for plan in made.before:
        plan.cost_percent = 62
    for plan in made.since:
        plan.cost_percent = 68
    return _told(scene, made)


@trap("faster_not_dearer")
def speed_was_bought(scene: Scene) -> Episode:
    """Every third order went by night service, which nobody paid for before."""
    made = _changed(scene, _trade(scene))
    for plan in made.since[::3]:
        _expedited(scene, plan)
    return _told(scene, made)


@trap("faster_not_dearer")
def hardly_faster(scene: Scene) -> Episode:
    """Three days of five weeks."""
    return _told(scene, _changed(scene, _trade(scene, fast=_SLOW - 3)))


@trap("faster_not_dearer")
def too_few_to_say(scene: Scene) -> Episode:
    """Eight orders in three months."""
    return _told(scene, _changed(scene, _trade(scene, count=9)))


@trap("faster_not_dearer")
def for_ourselves(scene: Scene) -> Episode:
    """The customer is our own branch."""
    made = _changed(scene, _trade(scene))
    made.customer.is_internal = True
    return _told(scene, made)


@trap("faster_not_dearer")
def nobody_did_anything(scene: Scene) -> Episode:
    """It came by itself."""
    return _told(scene, _trade(scene))


@trap("faster_not_dearer", expected="highlight")
def operations_alone(scene: Scene) -> Episode:
    """Operations cut the lead time; on the Sales side only machines had a hand in the orders."""
    made = _changed(scene, _trade(scene))
    for plan in made.since:
        plan.taker = None
        for turn in plan.turns:
            if turn.actor and turn.actor.department in ("sales", "customer_service"):
                turn.actor = MAILBOX
    return _told(scene, made)


@trap("faster_not_dearer", expected="highlight")
def sales_alone(scene: Scene) -> Episode:
    """Sales simplified the orders; machines and drivers did the rest."""
    made = _changed(scene, _trade(scene), operations=False)
    for plan in made.since:
        taker = plan.taker
        by_machines(plan).taker = taker
    return _told(scene, made)
