"""Plants and traps of `caught_here`: a faulty lot held and contained before the customer felt it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.simulator.booking import least_lead
from services.simulator.episodes.quiet import SALES, Deed, by_machines, did, followed, quiet, regular
from services.simulator.episodes.registry import plant, trap
from services.simulator.mishaps import arrives
from services.simulator.people import ALLOCATION, MAILBOX, someone
from services.simulator.plan import Plan, Turn
from services.simulator.season import workday
from services.simulator.texts import SLIP_REASONS
from services.simulator.turns import complained, returned, slip, surveyed

if TYPE_CHECKING:
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene

_REASONS = (
    "Hardness of one lot at the limit", "Leak at the pressure test", "Scratches at final inspection",
    "Dimension check on one lot failed", "Wrong compound suspected in one lot",
)  # fmt: skip
_CONTAINED: tuple[Deed, ...] = (
    ("quality_containment", "quality", "Sorted the lot of {product} and released the good parts"),
    ("quality_containment", "quality", "Tested every piece of {product} again and scrapped the bad ones"),
    ("quality_containment", "production", "Rebuilt the rejected pieces and had them tested again"),
)
_ARRANGED: tuple[Deed, ...] = (
    ("demand_reallocation", "sales", "Swapped lots with an order that has a wider tolerance"),
    ("heads_up", "customer_service", "Told the customer which lot was held, and what would come when"),
    ("heads_up", "sales", "Called the customer before it could hear of the hold elsewhere"),
    ("demand_reallocation", "customer_service", "Agreed with a distributor to wait a week for its parts"),
)


@dataclass(slots=True)
class _Hold:
    """An order whose lot was held, from when to when."""

    plan: Plan
    data: dict[str, Any]
    placed_at: datetime
    released_at: datetime


def _hold(
    scene: Scene,
    *,
    contained: bool = True,
    arranged: bool = True,
    kind: str = "quality",
    released: bool = True,
) -> _Hold:
    """A lot held two days after the promise, contained, arranged for with the customer, and released."""
    dice = scene.dice
    customer = regular(scene, 200)
    due = scene.start + timedelta(days=dice.between(30, 45))
    plan = followed(scene, customer, due, least_lead(customer) + dice.between(8, 14))
    receipt = plan.receipts[0]
    receipt.lot = f"LOT-{scene.prefix}"
    assert plan.confirmed_at
    placed_at = plan.confirmed_at + timedelta(hours=dice.between(20, 30))
    data = {
        "hold_id": f"HLD-{plan.order_id[3:]}", "kind": kind, "reason": dice.pick(_REASONS),
        "line_ids": [line.line_id for line in plan.lines],
        "product_id": plan.lines[0].product.product_id, "lot": receipt.lot,
    }  # fmt: skip
    made = _Hold(plan, data, placed_at, placed_at + timedelta(hours=dice.between(60, 80)))
    receipt.shipped_at = max(receipt.shipped_at, made.released_at + timedelta(hours=2))
    plan.turns.append(Turn("order.hold_placed", placed_at, data, someone(dice, "quality")))
    if contained:
        did(scene, plan, dice.pick(_CONTAINED), _during(scene, made))
    if arranged:
        did(scene, plan, dice.pick(_ARRANGED), _during(scene, made))
    if released:
        who = someone(dice, "quality")
        plan.turns.append(Turn("order.hold_released", made.released_at, data, who))
    return made


def _during(scene: Scene, hold: _Hold) -> datetime:
    hours = scene.dice.between(2, 50)
    return hold.placed_at + timedelta(hours=hours, minutes=scene.dice.between(0, 59))


def _told(scene: Scene, hold: _Hold, variant: str | None = None) -> Episode:
    return scene.episode(f"hold/{hold.data['hold_id']}", variant=variant)


def _agreed(scene: Scene, hold: _Hold, new_on: date) -> None:
    """The customer agrees to a later day, more than a week ahead of the old one, and it is kept."""
    plan = hold.plan
    at = hold.released_at - timedelta(hours=2)
    data = {
        "line_id": plan.lines[0].line_id,
        "new_on": new_on.isoformat(),
        "reason": scene.dice.pick(SLIP_REASONS),
        "customer_notified_at": (at - timedelta(hours=2)).isoformat(),
        "customer_agreed_at": (at - timedelta(hours=1)).isoformat(),
    }
    who = someone(scene.dice, *SALES)
    plan.turns.append(Turn("order.promise_changed", at, data, who, initiator="us"))
    arrives(plan, scene.dice, new_on)


@plant("caught_here")
def contained_in_time(scene: Scene) -> Episode:
    """Found, sorted and arranged for; the customer got good parts on the day, or on one it agreed to."""
    variant = scene.dice.weighted({"plain": 70, "agreed_change": 15, "another_lot": 15})
    hold = _hold(scene)
    if variant == "agreed_change":
        _agreed(scene, hold, workday(hold.plan.due + timedelta(days=scene.dice.between(3, 6))))
    if variant == "another_lot":
        hold.plan.receipts[0].lot = f"{hold.data['lot']}-B"
    if scene.dice.chance(0.3):
        surveyed(hold.plan, scene.dice, "csat", scene.dice.pick((4, 5)))
    return _told(scene, hold, variant)


@trap("caught_here", expected="revoked")
def came_back_faulty(scene: Scene) -> Episode:
    """Bad parts slipped through the sorting."""
    hold = _hold(scene)
    returned(hold.plan, scene.dice, scene.dice.between(4, 26), "quality")
    return _told(scene, hold)


@trap("caught_here", expected="revoked")
def escaped_before_the_hold(scene: Scene) -> Episode:
    """Some of the lot had left for another customer, who sent it back."""
    hold = _hold(scene)
    _escaped(scene, hold, hold.data["lot"])
    return _told(scene, hold)


@trap("caught_here", expected="revoked")
def escaped_in_another_lot(scene: Scene) -> Episode:
    """The same fault came back from the lot before it."""
    hold = _hold(scene)
    _escaped(scene, hold, f"{hold.data['lot']}-A")
    return _told(scene, hold)


def _escaped(scene: Scene, hold: _Hold, lot: str) -> None:
    other = quiet(scene, regular(scene, 210), hold.placed_at.date() - timedelta(days=3))
    other.lines[0].product = hold.plan.lines[0].product
    other.receipts[0].scanned, other.receipts[0].lot = True, lot
    returned(other, scene.dice, scene.dice.between(10, 25), "quality")


@trap("caught_here", expected="revoked")
def complaint(scene: Scene) -> Episode:
    """The customer felt it all the same, and complained."""
    hold = _hold(scene)
    complained(hold.plan, scene.dice)
    return _told(scene, hold)


@trap("caught_here")
def delivered_late(scene: Scene) -> Episode:
    """Contained, and the promise was missed over it."""
    hold = _hold(scene)
    arrives(hold.plan, scene.dice, workday(hold.plan.due + timedelta(days=3)))
    return _told(scene, hold)


@trap("caught_here")
def moved_without_agreement(scene: Scene) -> Episode:
    """We moved the promise; the customer was told, not asked."""
    hold = _hold(scene)
    plan = hold.plan
    new_on = workday(plan.due + timedelta(days=4))
    slip(plan, scene.dice, hold.released_at, new_on)
    arrives(plan, scene.dice, new_on)
    return _told(scene, hold)


@trap("caught_here")
def a_credit_hold(scene: Scene) -> Episode:
    """It was held over an unpaid invoice; no fault was caught."""
    return _told(scene, _hold(scene, kind="credit"))


@trap("caught_here")
def nothing_contained(scene: Scene) -> Episode:
    """The hold was lifted, and nobody sorted anything."""
    return _told(scene, _hold(scene, contained=False, arranged=False))


@trap("caught_here")
def never_released(scene: Scene) -> Episode:
    """Held for good: the customer got nothing."""
    hold = _hold(scene, released=False)
    hold.plan.receipts.clear()
    return _told(scene, hold)


@trap("caught_here")
def for_ourselves(scene: Scene) -> Episode:
    """The customer is our own branch."""
    hold = _hold(scene)
    hold.plan.customer.is_internal = True
    return _told(scene, hold)


@trap("caught_here")
def typed_in_afterwards(scene: Scene) -> Episode:
    """Loaded as history, with all that was done."""
    hold = _hold(scene)
    hold.plan.backfill = True
    return _told(scene, hold)


@trap("caught_here", expected="highlight")
def operations_alone(scene: Scene) -> Episode:
    """Quality caught it; on the Sales side only a machine wrote to the customer."""
    hold = _hold(scene, arranged=False)
    did(scene, hold.plan, scene.dice.pick(_ARRANGED), _during(scene, hold))
    hold.plan.turns[-1].actor = MAILBOX
    hold.plan.taker = None
    return _told(scene, hold)


@trap("caught_here", expected="highlight")
def sales_alone(scene: Scene) -> Episode:
    """A machine held and sorted it; Sales arranged for it with the customer."""
    hold = _hold(scene, contained=False)
    plan = hold.plan
    taker = plan.taker
    by_machines(plan).taker = taker
    did(scene, plan, scene.dice.pick(_CONTAINED), _during(scene, hold))
    for turn in plan.turns:
        if turn.kind.startswith("order.hold") or turn is plan.turns[-1]:
            turn.actor = ALLOCATION
    return _told(scene, hold)


@trap("caught_here", expected="highlight")
def told_when_it_was_over(scene: Scene) -> Episode:
    """Sales called the customer the day after the delivery."""
    hold = _hold(scene, arranged=False)
    at = hold.plan.closed_at + timedelta(days=1)
    did(scene, hold.plan, _ARRANGED[2], at)
    return _told(scene, hold)
