"""Plants and traps of `reliability_that_sold`: a quarter without a flaw, and then more business."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from services.simulator.customers import SITES, Customer
from services.simulator.envelope import money
from services.simulator.episodes.quiet import Deed, by_machines, clean, did, regular, spread
from services.simulator.episodes.registry import plant, trap
from services.simulator.episodes.scene import Scene, months_before, months_from
from services.simulator.mishaps import arrives
from services.simulator.people import MAILBOX
from services.simulator.season import clock, workday
from services.simulator.turns import customer_changes_quantity

if TYPE_CHECKING:
    from services.simulator.episodes.model import Episode
    from services.simulator.plan import Plan

_USUAL, _GROWN = 9, 15
"""Orders in three months, all of about the same value: a year ago, and afterwards."""
_RELIABLE = 34
_LEAD = 21
"""Days; whole weeks, so that a workday's order falls due on a workday, and no two on one day."""
_COST = 60
_NEAR = [site for site in SITES if site.transit_days <= 4]  # noqa: PLR2004 - days
"""From where no order of the months before is due in the quarter of the record."""
_RECORD: tuple[Deed, ...] = (
    ("process_fix", "warehouse", "Put the customer's pallets together the evening before"),
    ("process_fix", "logistics", "Agreed a fixed hour with the haulier"),
    ("buffer_changed", "planning", "Kept a reserve of {product} for this customer"),
)
_SOLD: tuple[Deed, ...] = (
    ("terms_changed", "sales", "Turned the record of the quarter into a frame contract"),
    ("heads_up", "sales", "Showed the customer its delivery record and asked for the second item"),
    ("terms_changed", "customer_service", "Agreed call-offs for the quarter to come"),
)
_WON_BY = ("Delivery reliability", "Reliability of delivery", "On-time delivery")


@dataclass(slots=True)
class _Account:
    """The orders of the year before, of the quarter that was reliable, and of the one that followed."""

    customer: Customer
    record: list[Plan] = field(default_factory=list)
    later: list[Plan] = field(default_factory=list)


def _account(
    scene: Scene,
    *,
    grown: int = _GROWN,
    usual: int = _USUAL,
    reliable: int = _RELIABLE,
    sales: bool = True,
    operations: bool = True,
) -> _Account:
    """A customer whose orders were often late until the start, and since then all perfect."""
    customer = regular(scene, 480, scene.dice.pick(_NEAR))
    customer.assortment = [scene.product("Filters", cents=scene.dice.between(3000, 9000))]
    made = _Account(customer)
    start = scene.start
    base = scene.dice.between(40, 90)
    for first, last, count in (
        (months_before(start, 12), months_before(start, 9), 3),
        (months_before(start, 9), months_before(start, 6), usual),
        (months_before(start, 6), months_before(start, 3), 3),
    ):
        for day in spread(first, last, count):
            _sold(scene, customer, day, base)
    lately = [*spread(months_before(start, 3), start - timedelta(days=34), 5), start - timedelta(days=28)]
    for plan in [_sold(scene, customer, day, base) for day in lately][1::2]:
        arrives(plan, scene.dice, workday(plan.due + timedelta(days=2)))
    quarter = months_before(start, -3)
    early = start - timedelta(days=12)
    made.record = [_sold(scene, customer, day, base) for day in spread(early, quarter, reliable)]
    made.later = [
        _sold(scene, customer, day, base) for day in spread(quarter, months_before(quarter, -3), grown)
    ]
    _worked(scene, made, sales=sales, operations=operations)
    return made


def _sold(scene: Scene, customer: Customer, placed_on: date, base: int) -> Plan:
    """An order placed about then, of about the usual value."""
    placed_on = workday(placed_on)
    plan = clean(scene, customer, placed_on + timedelta(days=_LEAD), _LEAD)
    line = plan.lines[0]
    line.qty = plan.receipts[0].qty[line.line_id] = Decimal(base * scene.dice.between(95, 105) // 100)
    line.price = Decimal(line.product.cents).scaleb(-2)
    plan.invoiced, plan.cost_percent = True, _COST
    return plan


def _worked(scene: Scene, made: _Account, *, sales: bool, operations: bool) -> None:
    """Each side does something now and then; the customer changes much at short notice, as it always will."""
    for nth, plan in enumerate([*made.record, *made.later]):
        if nth % 2 == 0:
            assert plan.confirmed_at
            more = plan.lines[0].qty + 1
            customer_changes_quantity(plan, scene.dice, plan.confirmed_at + timedelta(hours=2), more)
            plan.turns[-1].data["inside_frozen_fence"] = True
        if operations and nth % 6 == 1:
            did(scene, plan, scene.dice.pick(_RECORD))
        if sales and nth % 6 == 3:  # noqa: PLR2004 - not the same orders
            did(scene, plan, scene.dice.pick(_SOLD))


def _won(scene: Scene, made: _Account, day: date, reason: str) -> None:
    customer = made.customer
    data = {
        "customer_id": customer.customer_id, "reason": reason,
        "value": money(Decimal(scene.dice.between(40, 240) * 500), customer.site.currency),
    }  # fmt: skip
    at = clock(scene.dice, workday(day), scene.zone)
    scene.tell("opportunity.won", at, f"customer/{customer.customer_id}", data, customer.owner)


def _told(scene: Scene, made: _Account, first: int = 5, variant: str | None = None) -> Episode:
    """It may stand from the end of the `first` month after the start, or one later."""
    periods = months_from(months_before(scene.start, -first), months_before(scene.start, -6))
    subject = f"customer/{made.customer.customer_id}"
    return scene.episode(subject, periods if scene.expected != "none" else (), variant)


@plant("reliability_that_sold")
def grown_on_the_record(scene: Scene) -> Episode:
    """Half as much again as in the same quarter a year ago, and more, at the same price."""
    return _told(scene, _account(scene, grown=scene.dice.between(_GROWN - 1, _GROWN + 3)))


@plant("reliability_that_sold")
def said_so(scene: Scene) -> Episode:
    """A deal won, with reliable delivery as the customer's reason; the rest of the business is as it was."""
    made = _account(scene, grown=_USUAL)
    day = months_before(scene.start, -3) + timedelta(days=scene.dice.between(7, 18))
    _won(scene, made, day, scene.dice.pick(_WON_BY))
    return _told(scene, made, 3, "said_so")


@trap("reliability_that_sold")
def not_that_reliable(scene: Scene) -> Episode:
    """More business after a quarter in which one of eight orders was late."""
    made = _account(scene)
    for plan in made.record[2::8]:
        arrives(plan, scene.dice, workday(plan.due + timedelta(days=1)))
    for plan in made.later[2::8]:
        arrives(plan, scene.dice, workday(plan.due + timedelta(days=1)))
    return _told(scene, made)


@trap("reliability_that_sold")
def papers_unknown(scene: Scene) -> Episode:
    """Whether the papers were right, nobody says: no record of perfect orders."""
    made = _account(scene)
    for plan in (*made.record, *made.later):
        plan.receipts[0].documents_ok = None
    return _told(scene, made)


@trap("reliability_that_sold")
def too_few_to_say(scene: Scene) -> Episode:
    """Nine orders are no record."""
    return _told(scene, _account(scene, reliable=9, grown=14))


@trap("reliability_that_sold")
def hardly_more(scene: Scene) -> Episode:
    """As much as a year ago, give or take what falls to the month before or after."""
    return _told(scene, _account(scene, grown=_USUAL - 1))


@trap("reliability_that_sold")
def only_the_season(scene: Scene) -> Episode:
    """More than in other quarters, and as much as in the same one a year ago."""
    return _told(scene, _account(scene, usual=_GROWN))


@trap("reliability_that_sold")
def price_cut(scene: Scene) -> Episode:
    """Twice the volume at four fifths of the price."""
    made = _account(scene, grown=_GROWN + 8)
    for plan in made.later:
        line = plan.lines[0]
        line.price = (line.price * 4 / 5).quantize(Decimal("0.01"))
        plan.cost_percent = _COST * 5 // 4
    return _told(scene, made)


@trap("reliability_that_sold")
def won_on_price(scene: Scene) -> Episode:
    """A deal won, and the reason was the price."""
    made = _account(scene, grown=_USUAL)
    day = months_before(scene.start, -3) + timedelta(days=scene.dice.between(7, 18))
    _won(scene, made, day, "Price")
    return _told(scene, made)


@trap("reliability_that_sold")
def for_ourselves(scene: Scene) -> Episode:
    """The customer is our own branch."""
    made = _account(scene)
    made.customer.is_internal = True
    return _told(scene, made)


@trap("reliability_that_sold", expected="highlight")
def operations_alone(scene: Scene) -> Episode:
    """The record was Operations'; the orders came by EDI, and on the Sales side only a machine wrote."""
    made = _account(scene, sales=False)
    for plan in (*made.record, *made.later):
        plan.taker = None
    did(scene, made.later[3], scene.dice.pick(_SOLD))
    made.later[3].turns[-1].actor = MAILBOX
    return _told(scene, made)


@trap("reliability_that_sold", expected="highlight")
def sales_alone(scene: Scene) -> Episode:
    """Sales sold more; the record was made by machines and drivers."""
    made = _account(scene, operations=False)
    for plan in (*made.record, *made.later):
        taker = plan.taker
        by_machines(plan).taker = taker
    return _told(scene, made)
