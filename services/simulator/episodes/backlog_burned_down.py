"""Plants and traps of `backlog_burned_down`: two dozen overdue lines, cleared in a fortnight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from services.simulator.booking import shipped
from services.simulator.episodes.quiet import Deed, by_machines, did, quiet, regular, spread
from services.simulator.episodes.registry import plant, trap
from services.simulator.episodes.scene import months_before, months_from
from services.simulator.mishaps import arrives, part
from services.simulator.people import MAILBOX
from services.simulator.plan import Plan, Turn
from services.simulator.season import moment, workday
from services.simulator.turns import slip

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.simulator.customers import Customer
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene

_OVERDUE = 12
"""Orders of two lines each."""
_SALES: tuple[Deed, ...] = (
    ("priority_call", "sales", "Went through the open list with the customer and ranked it"),
    ("priority_call", "customer_service", "Learned which of the overdue items the customer needs first"),
    ("demand_reallocation", "sales", "Had a distributor give back {product} for the oldest orders"),
)
_OPERATIONS: tuple[Deed, ...] = (
    ("capacity_added", "production", "Opened a second place for {product} until the list was empty"),
    ("overtime", "production", "Ran two Saturday shifts on the overdue orders"),
    ("reschedule", "planning", "Put the ranked list before everything else"),
)


@dataclass(slots=True)
class _Backlog:
    """Orders that became overdue, and those placed meanwhile, which were on time."""

    customer: Customer
    overdue: list[Plan]
    after: list[Plan]


def _backlog(scene: Scene) -> _Backlog:
    """Half of what was due in ten weeks is overdue, and the year before all was well."""
    customer = regular(scene, 430)
    day = scene.start
    for due in spread(day - timedelta(days=380), day - timedelta(days=95), 12):
        quiet(scene, customer, due)
    building = spread(day - timedelta(days=85), day - timedelta(days=16), 2 * _OVERDUE)
    for due in building[1::2]:
        quiet(scene, customer, due, lines=2)
    overdue = [quiet(scene, customer, due, lines=2) for due in building[::2]]
    after = [
        quiet(scene, customer, due, lines=2)
        for due in spread(day + timedelta(days=2), day + timedelta(days=72), 12)
    ]
    return _Backlog(customer, overdue, after)


def _arrive(scene: Scene, plans: Iterable[Plan], days: list[date]) -> None:
    for plan, day in zip(plans, days, strict=True):
        arrives(plan, scene.dice, workday(day))


def _burned(scene: Scene, made: _Backlog, left: int = 1) -> None:
    """All but `left` arrive within a fortnight; the rest never does."""
    day = scene.start
    burned = made.overdue[: len(made.overdue) - left]
    _arrive(scene, burned, spread(day + timedelta(days=2), day + timedelta(days=13), len(burned)))
    _never(made.overdue[len(burned) :])


def _never(plans: Iterable[Plan]) -> None:
    for plan in plans:
        plan.receipts.clear()


def _fought(scene: Scene, made: _Backlog, *, sales: bool = True, operations: bool = True) -> None:
    """Both sides work on the list, in the week before the first of it leaves and after."""
    for nth, plan in enumerate(made.overdue):
        if not plan.receipts:
            continue
        leaves = shipped(scene.dice, plan, plan.receipts[0].at.date())
        first = max(leaves - timedelta(days=5), plan.placed_at + timedelta(days=3))
        at = moment(scene.dice, first, leaves)
        if sales and nth % 3 == 0:
            did(scene, plan, scene.dice.pick(_SALES), at)
        if operations and nth % 3 == 1:
            did(scene, plan, scene.dice.pick(_OPERATIONS), at)


def _told(scene: Scene, made: _Backlog) -> Episode:
    periods = months_from(scene.start, months_before(scene.start, -1)) if scene.expected != "none" else ()
    return scene.episode(f"customer/{made.customer.customer_id}", periods)


def _fallen(scene: Scene, **how: bool) -> Episode:
    made = _backlog(scene)
    _burned(scene, made)
    _fought(scene, made, **how)
    return _told(scene, made)


@plant("backlog_burned_down")
def cleared_together(scene: Scene) -> Episode:
    """Ranked with the customer, and worked off."""
    made = _backlog(scene)
    _burned(scene, made, left=scene.dice.between(0, 2))
    _fought(scene, made)
    return _told(scene, made)


@trap("backlog_burned_down")
def cleared_by_cancelling(scene: Scene) -> Episode:
    """Most of the list was cancelled."""
    made = _backlog(scene)
    _burned(scene, made)
    _fought(scene, made)
    for plan in made.overdue[3:-1]:
        at = plan.receipts[0].at - timedelta(hours=1)
        plan.receipts.clear()
        data = {"reason": "late"}
        plan.turns.append(Turn("order.cancelled", at, data, plan.planner, initiator="us"))
    return _told(scene, made)


@trap("backlog_burned_down")
def cleared_by_promising_again(scene: Scene) -> Episode:
    """Most of the list got a new promise, months ahead, and came then."""
    made = _backlog(scene)
    _burned(scene, made)
    _fought(scene, made)
    for nth, plan in enumerate(made.overdue[3:-1]):
        at = plan.receipts[0].at - timedelta(hours=1)
        new_on = workday(scene.start + timedelta(days=100 + 20 * nth))
        slip(plan, scene.dice, at, new_on)
        arrives(plan, scene.dice, new_on)
    return _told(scene, made)


@trap("backlog_burned_down")
def cleared_by_closing_short(scene: Scene) -> Episode:
    """A tenth of each order came, and the lines were closed."""
    made = _backlog(scene)
    for plan in made.overdue:
        for line in plan.lines:
            line.qty += 20
    _burned(scene, made)
    _fought(scene, made)
    for plan in made.overdue[3:-1]:
        receipt = plan.receipts[0]
        for line in plan.lines:
            receipt.qty[line.line_id] = part(line.qty, 10)
            data = {"line_id": line.line_id, "reason": "short_closed"}
            at = receipt.at + timedelta(hours=2)
            plan.turns.append(Turn("order.line_closed", at, data, plan.planner))
    return _told(scene, made)


@trap("backlog_burned_down")
def supply_simply_arrived(scene: Scene) -> Episode:
    """The missing parts came, and everything left; nobody did more than every day."""
    return _fallen(scene, sales=False, operations=False)


@trap("backlog_burned_down")
def came_back_within_days(scene: Scene) -> Episode:
    """A week after the list was short, it was as long as before: what was placed meanwhile is overdue."""
    made = _backlog(scene)
    _burned(scene, made)
    _fought(scene, made)
    for due in spread(scene.start + timedelta(days=12), scene.start + timedelta(days=19), _OVERDUE):
        _never([quiet(scene, made.customer, due, lines=2)])
    return _told(scene, made)


@trap("backlog_burned_down")
def the_new_ones_late_instead(scene: Scene) -> Episode:
    """The old orders were cleared by letting every new one be late for some days."""
    made = _backlog(scene)
    _burned(scene, made)
    _fought(scene, made)
    for plan in made.after:
        arrives(plan, scene.dice, workday(plan.due + timedelta(days=scene.dice.between(3, 4))))
    return _told(scene, made)


@trap("backlog_burned_down")
def a_third_less(scene: Scene) -> Episode:
    """A third of the list was cleared."""
    made = _backlog(scene)
    _burned(scene, made, left=8)
    _fought(scene, made)
    return _told(scene, made)


@trap("backlog_burned_down")
def too_slow(scene: Scene) -> Episode:
    """In six weeks a quarter, in six more another: half of it, after a quarter of a year."""
    made = _backlog(scene)
    day = scene.start
    slow = made.overdue[:7]
    _arrive(scene, slow, spread(day + timedelta(days=4), day + timedelta(days=118), len(slow)))
    _never(made.overdue[7:])
    _fought(scene, made)
    return _told(scene, made)


@trap("backlog_burned_down")
def for_ourselves(scene: Scene) -> Episode:
    """The customer is our own branch."""
    made = _backlog(scene)
    made.customer.is_internal = True
    _burned(scene, made)
    _fought(scene, made)
    return _told(scene, made)


@trap("backlog_burned_down", expected="highlight")
def operations_alone(scene: Scene) -> Episode:
    """Operations cleared it; on the Sales side only a machine sent lists."""
    made = _backlog(scene)
    _burned(scene, made)
    _fought(scene, made)
    for plan in made.overdue:
        plan.taker = None
        for turn in plan.turns:
            if turn.actor and turn.actor.department in ("sales", "customer_service"):
                turn.actor = MAILBOX
    return _told(scene, made)


@trap("backlog_burned_down", expected="highlight")
def sales_alone(scene: Scene) -> Episode:
    """Sales ranked the list with the customer; machines and drivers did the rest."""
    made = _backlog(scene)
    _burned(scene, made)
    _fought(scene, made, operations=False)
    for plan in made.overdue:
        taker = plan.taker
        by_machines(plan).taker = taker
    return _told(scene, made)
