"""Plants and traps of `detractor_to_promoter`: a customer let down, and won back by both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from services.simulator.envelope import money
from services.simulator.episodes.quiet import Deed, by_machines, did, quiet, regular
from services.simulator.episodes.registry import plant, trap
from services.simulator.episodes.scene import month
from services.simulator.mishaps import arrives
from services.simulator.people import ALLOCATION, MAILBOX
from services.simulator.season import clock, workday
from services.simulator.turns import CSAT_SCALE, NPS_SCALE, returned

if TYPE_CHECKING:
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene
    from services.simulator.plan import Plan

Answer = dict[str, Any]
_LET_DOWN: tuple[Answer, ...] = (
    {"kind": "complaint", "comment": "Half of the rings had burrs, and our fitters had to sort them."},
    {"kind": "complaint", "comment": "Nobody could tell us which lot we had been sent."},
    *({"kind": "nps", "score": score, **NPS_SCALE} for score in range(1, 6)),
    *({"kind": "csat", "score": score, **CSAT_SCALE} for score in (1, 2)),
)
_SALES: tuple[Deed, ...] = (
    ("corrective_action", "sales", "Visited the customer and agreed what has to change, with dates"),
    ("corrective_action", "customer_service", "Gave the customer one contact and a call every Monday"),
    ("corrective_action", "sales", "Put the customer's labelling rules into the order form"),
)
_OPERATIONS: tuple[Deed, ...] = (
    ("corrective_action", "quality", "Found the worn tool behind the burrs and replaced it"),
    ("corrective_action", "production", "Added a check after deburring for this customer's parts"),
    ("corrective_action", "warehouse", "Prints the lot on every carton since the complaint"),
)
_FEW_DAYS = 3


@dataclass(slots=True)
class _Recovery:
    """The order that let the customer down, those after it, and the contact who was asked."""

    let_down: Plan
    after: list[Plan]
    contact: str
    hurt_on: date

    @property
    def subject(self) -> str:
        return f"customer/{self.let_down.customer.customer_id}"


def _recovery(
    scene: Scene, first: Answer | None = None, *, orders: int = 2, sales: bool = True, operations: bool = True
) -> _Recovery:
    """A faulty delivery, a bad answer, what both sides did about it, and the orders that followed."""
    dice = scene.dice
    customer = regular(scene, 200)
    let_down = quiet(scene, customer, scene.start - timedelta(days=dice.between(12, 20)))
    returned(let_down, dice, 2, "quality", after=2)
    hurt_on = workday(scene.start + timedelta(days=dice.between(2, 8)))
    contact = dice.pick(customer.contacts)
    made = _Recovery(let_down, [], contact, hurt_on)
    _answered(scene, made, hurt_on, first or dice.pick(_LET_DOWN), let_down)
    for nth in range(orders):
        made.after.append(quiet(scene, customer, hurt_on + timedelta(days=32 + 9 * nth)))
    if sales:
        did(scene, made.after[0], dice.pick(_SALES))
    if operations:
        did(scene, made.after[0], dice.pick(_OPERATIONS))
    return made


def _answered(
    scene: Scene, made: _Recovery, day: date, answer: Answer, plan: Plan | None = None, contact: str = ""
) -> None:
    """The contact tells what it thinks, of an order or of us."""
    customer = made.let_down.customer
    data = {
        "customer_id": customer.customer_id,
        "order_id": plan.order_id if plan else None,
        "feedback_id": f"FB-{scene.prefix}-{len(scene.events) + 1}",
        "contact": contact or made.contact or None,
        **answer,
    }
    subject = f"order/{plan.order_id}" if plan else made.subject
    scene.tell("feedback.received", clock(scene.dice, day, customer.site.zone, 9, 17), subject, data)


def _won_back(scene: Scene, made: _Recovery, days: int = 0) -> date:
    """A working day in the middle of a month, some days after the last order, on which to ask again."""
    last = max(plan.closed_at.date() for plan in made.after)
    day = last + timedelta(days=days or scene.dice.between(_FEW_DAYS, 25))
    while not _FEW_DAYS <= day.day <= 25 or workday(day) != day:  # noqa: PLR2004 - far from month ends
        day += timedelta(days=1)
    return day


def _promoter(scene: Scene) -> Answer:
    if scene.dice.chance(0.7):
        return {"kind": "nps", "score": scene.dice.between(9, 10), **NPS_SCALE}
    return {"kind": "csat", "score": scene.dice.between(4, 5), **CSAT_SCALE}


def _asked_again(
    scene: Scene, made: _Recovery, answer: Answer | None = None, contact: str = "", days: int = 0
) -> date:
    day = _won_back(scene, made, days)
    plan = made.after[-1] if scene.dice.chance(0.7) else None
    _answered(scene, made, day, answer or _promoter(scene), plan, contact)
    return day


def _told(scene: Scene, made: _Recovery, day: date, variant: str | None = None) -> Episode:
    return scene.episode(made.subject, (month(day),) if scene.expected != "none" else (), variant)


@plant("detractor_to_promoter")
def won_back(scene: Scene) -> Episode:
    """The same contact, within four months."""
    variant = scene.dice.weighted({"plain": 60, "three_orders": 25, "contact_unknown": 15})
    made = _recovery(scene, orders=3 if variant == "three_orders" else 2)
    if variant == "contact_unknown":
        made.contact = ""
        del scene.events[-1]["data"]["contact"]
    return _told(scene, made, _asked_again(scene, made), variant)


@trap("detractor_to_promoter")
def different_respondent(scene: Scene) -> Episode:
    """The one who was let down was not the one asked again."""
    made = _recovery(scene)
    return _told(scene, made, _asked_again(scene, made, contact=f"{made.contact}-colleague"))


@trap("detractor_to_promoter")
def credit_note_bought_it(scene: Scene) -> Episode:
    """Between the two answers the customer got its money back, and as much again."""
    made = _recovery(scene)
    day = _asked_again(scene, made)
    plan = made.let_down
    at = clock(scene.dice, workday(made.hurt_on + timedelta(days=20)), scene.zone)
    data = {
        "customer_id": plan.customer.customer_id, "order_id": plan.order_id, "kind": "credit_note",
        "invoice_id": f"CN-{scene.prefix}", "net_sales": money(2 * plan.value, plan.customer.site.currency),
        "cost_of_goods": money(Decimal(), plan.customer.site.currency),
    }  # fmt: skip
    scene.tell("invoice.posted", at, f"order/{plan.order_id}", data)
    return _told(scene, made, day)


@trap("detractor_to_promoter", expected="revoked")
def somebody_else_is_let_down(scene: Scene) -> Episode:
    """The promoter was picked: another contact gave a bad score for the same orders."""
    made = _recovery(scene)
    day = _asked_again(scene, made)
    bad = {"kind": "nps", "score": scene.dice.between(0, 5), **NPS_SCALE}
    _answered(scene, made, workday(day + timedelta(days=1)), bad, made.after[-1], f"{made.contact}-colleague")
    return _told(scene, made, day)


@trap("detractor_to_promoter", expected="revoked")
def let_down_again(scene: Scene) -> Episode:
    """Within the month the same contact complains again."""
    made = _recovery(scene)
    day = _asked_again(scene, made)
    complaint = {"kind": "complaint", "comment": "The same burrs again. We are out of patience."}
    again = workday(day + timedelta(days=scene.dice.between(5, 12)))
    _answered(scene, made, again, complaint, made.after[-1])
    return _told(scene, made, day)


@trap("detractor_to_promoter")
def months_too_late(scene: Scene) -> Episode:
    """Half a year later a promoter, for whatever reason."""
    made = _recovery(scene)
    return _told(scene, made, _asked_again(scene, made, days=scene.dice.between(120, 150)))


@trap("detractor_to_promoter")
def lukewarm(scene: Scene) -> Episode:
    """Content again, and no promoter."""
    made = _recovery(scene)
    return _told(scene, made, _asked_again(scene, made, {"kind": "nps", "score": 7, **NPS_SCALE}))


@trap("detractor_to_promoter")
def five_of_ten(scene: Scene) -> Episode:
    """A five, on a scale that goes to ten."""
    made = _recovery(scene)
    answer = {"kind": "csat", "score": 5, "scale_min": 1, "scale_max": 10}
    return _told(scene, made, _asked_again(scene, made, answer))


@trap("detractor_to_promoter")
def never_a_detractor(scene: Scene) -> Episode:
    """The first answer was no praise, and no detractor's."""
    made = _recovery(scene, {"kind": "nps", "score": scene.dice.between(7, 8), **NPS_SCALE})
    return _told(scene, made, _asked_again(scene, made))


@trap("detractor_to_promoter")
def one_order_only(scene: Scene) -> Episode:
    """One good order after a bad one is no recovery."""
    made = _recovery(scene, orders=1)
    return _told(scene, made, _asked_again(scene, made))


@trap("detractor_to_promoter")
def next_order_late(scene: Scene) -> Episode:
    """Of the two orders that followed, the first was late as well."""
    made = _recovery(scene)
    late = made.after[0]
    arrives(late, scene.dice, workday(late.due + timedelta(days=1)))
    return _told(scene, made, _asked_again(scene, made))


@trap("detractor_to_promoter")
def nobody_did_anything(scene: Scene) -> Episode:
    """After a low answer the next is often higher, by itself."""
    made = _recovery(scene, sales=False, operations=False)
    return _told(scene, made, _asked_again(scene, made))


@trap("detractor_to_promoter", expected="highlight")
def operations_alone(scene: Scene) -> Episode:
    """Operations removed the cause; on the Sales side only a machine wrote letters."""
    made = _recovery(scene, sales=False)
    did(scene, made.after[0], scene.dice.pick(_SALES))
    made.after[0].turns[-1].actor = MAILBOX
    for plan in made.after:
        plan.taker = None
    return _told(scene, made, _asked_again(scene, made))


@trap("detractor_to_promoter", expected="highlight")
def sales_alone(scene: Scene) -> Episode:
    """Sales won the customer back with a plan that only a machine worked on."""
    made = _recovery(scene, operations=False)
    for plan in made.after:
        taker = plan.taker
        by_machines(plan).taker = taker
    did(scene, made.after[0], scene.dice.pick(_OPERATIONS))
    made.after[0].turns[-1].actor = ALLOCATION
    return _told(scene, made, _asked_again(scene, made))
