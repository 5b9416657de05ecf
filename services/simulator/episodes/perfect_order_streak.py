"""Plants and traps of `perfect_order_streak`: forty perfect orders in a row, where nine of ten were usual."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from services.simulator.episodes.quiet import Deed, by_machines, clean, did, regular, spread
from services.simulator.episodes.registry import plant, trap
from services.simulator.episodes.scene import Scene, months_from
from services.simulator.mishaps import arrives, part
from services.simulator.plan import Plan, Turn
from services.simulator.planting import MOVES, moved, vary
from services.simulator.season import clock, workday, workday_before
from services.simulator.texts import DOCUMENT_ERRORS
from services.simulator.turns import (
    cancelled,
    complained,
    customer_changes_quantity,
    receipt_corrected,
    returned,
    slip,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.simulator.episodes.model import Episode

_LENGTH = 40
_BEFORE = 24
"""Orders of the year before, two of them not perfect: at that rate 27 in a row are rare enough."""
_SOONEST = 17
"""The first order of the streak at which anybody may call it rare."""
_CRITICAL = (13, 27)
"""Where a flaw divides the streak into three, each too short."""
_EVERY = 6
_SALES: tuple[Deed, ...] = (
    ("order_simplification", "sales", "Agreed one order form for all call-offs of the quarter"),
    ("terms_changed", "customer_service", "Fixed Tuesday as the customer's day for changes"),
    ("order_simplification", "customer_service", "Had three look-alike items merged into one"),
)
_OPERATIONS: tuple[Deed, ...] = (
    ("process_fix", "warehouse", "Put a check scale at the packing place"),
    ("buffer_changed", "planning", "Kept a week of {product} in stock for these orders"),
    ("process_fix", "logistics", "Reserved a place on the Thursday tour"),
)
_VARIANTS = {"plain": 50, "special_requirements": 10, "corrected_receipt": 10, "told_twice": 10,
             "over_within_tolerance": 10, "customer_moved_date": 5,
             "customer_changed_request": 5}  # fmt: skip


def _streak(
    scene: Scene, *, sales: bool = True, operations: bool = True, length: int = _LENGTH
) -> list[Plan]:
    """The orders of the streak, after a year in which the last order before it was late."""
    customer = regular(scene, 430)
    day = scene.start
    past = [
        clean(scene, customer, due)
        for due in spread(day - timedelta(days=380), day - timedelta(days=8), _BEFORE)
    ]
    for plan in (past[8], past[-1]):
        arrives(plan, scene.dice, workday(plan.due + timedelta(days=2)))
    for plan in past[3::7]:
        _changed_inside_the_fence(scene, plan)
    dues = spread(day + timedelta(days=2), day + timedelta(days=86), _LENGTH)[:length]
    streak = [clean(scene, customer, due) for due in dues]
    for nth, plan in enumerate(streak):
        if sales and nth % _EVERY == 0:
            did(scene, plan, scene.dice.pick(_SALES))
        if operations and nth % _EVERY == _EVERY // 2:
            did(scene, plan, scene.dice.pick(_OPERATIONS))
    return streak


def _told(scene: Scene, streak: list[Plan], variant: str | None = None) -> Episode:
    closings = sorted(x.closed_at.astimezone(scene.zone).date() for x in streak if x.receipts)
    soonest = min(_SOONEST, len(closings) - 1)
    periods = months_from(closings[soonest], closings[-1]) if scene.expected != "none" else ()
    return scene.episode(f"customer/{streak[0].customer.customer_id}", periods, variant)


def _changed_inside_the_fence(scene: Scene, plan: Plan) -> None:
    assert plan.confirmed_at
    at = plan.confirmed_at + timedelta(hours=2)
    customer_changes_quantity(plan, scene.dice, at, plan.lines[0].qty + 1)
    plan.turns[-1].data["inside_frozen_fence"] = True


def _flawed(scene: Scene, flaw: Callable[[Plan], None], **how: bool) -> Episode:
    """A streak but for a flaw at one third and at two."""
    streak = _streak(scene, **how)
    for nth in _CRITICAL:
        flaw(streak[nth])
    return _told(scene, streak)


@plant("perfect_order_streak")
def forty_in_a_row(scene: Scene) -> Episode:
    """Forty in a row within three months."""
    variant = scene.dice.weighted(_VARIANTS)
    streak = _streak(scene)
    if variant == "special_requirements":
        demanding = scene.product(special_requirements="certificate 3.1 with every lot")
        for plan in streak[::3]:
            plan.lines[0].product = demanding
    for plan in (streak[nth] for nth in _CRITICAL):
        if variant in MOVES:
            moved(plan, scene.dice, variant)
        elif variant == "corrected_receipt":
            truly = plan.receipts[0].at
            day = workday(plan.due + timedelta(days=1))
            plan.receipts[0].at = clock(scene.dice, day, plan.customer.site.zone)
            receipt_corrected(plan, 2, at=truly, evidence="pod")
            plan.truly_closed_at = truly
        else:
            vary(plan, scene.dice, variant)
    return _told(scene, streak, variant)


@trap("perfect_order_streak")
def two_late(scene: Scene) -> Episode:
    """Two of them came a day late."""
    return _flawed(scene, lambda plan: arrives(plan, scene.dice, workday(plan.due + timedelta(days=1))))


@trap("perfect_order_streak")
def two_promises_moved(scene: Scene) -> Episode:
    """Two were on time only because we had moved the promise."""

    def flaw(plan: Plan) -> None:
        new_on = workday(plan.due + timedelta(days=3))
        slip(plan, scene.dice, clock(scene.dice, workday_before(plan.due, 3), scene.zone), new_on)
        arrives(plan, scene.dice, new_on)

    return _flawed(scene, flaw)


@trap("perfect_order_streak")
def two_short(scene: Scene) -> Episode:
    """Two came short and were closed that way."""

    def flaw(plan: Plan) -> None:
        line, receipt = plan.lines[0], plan.receipts[0]
        line.qty += 10
        receipt.qty[line.line_id] = part(line.qty, 80)
        data = {"line_id": line.line_id, "reason": "short_closed"}
        plan.turns.append(Turn("order.line_closed", receipt.at + timedelta(hours=3), data, plan.planner))

    return _flawed(scene, flaw)


@trap("perfect_order_streak")
def two_damaged(scene: Scene) -> Episode:
    """In two, something was damaged on the way, and refused at the dock."""

    def flaw(plan: Plan) -> None:
        line, receipt = plan.lines[0], plan.receipts[0]
        line.under = 20
        line.qty = receipt.qty[line.line_id] = line.qty + 20
        receipt.damaged[line.line_id] = part(line.qty, 5)

    return _flawed(scene, flaw)


@trap("perfect_order_streak")
def two_with_wrong_papers(scene: Scene) -> Episode:
    """Everything else was perfect; the papers of two were wrong."""

    def flaw(plan: Plan) -> None:
        document = scene.dice.pick(tuple(DOCUMENT_ERRORS))
        error = {"document": document, "error": scene.dice.pick(DOCUMENT_ERRORS[document])}
        plan.receipts[0].documents_ok = False
        plan.turns.append(Turn("document.error_reported", plan.closed_at + timedelta(days=1), error))

    return _flawed(scene, flaw)


@trap("perfect_order_streak")
def two_came_back(scene: Scene) -> Episode:
    """Of two, faulty parts came back weeks later."""
    return _flawed(scene, lambda plan: returned(plan, scene.dice, scene.dice.between(5, 25), "quality"))


@trap("perfect_order_streak")
def two_never_delivered(scene: Scene) -> Episode:
    """All that were delivered were perfect; two never were."""
    return _flawed(scene, lambda plan: plan.receipts.clear())


@trap("perfect_order_streak")
def two_cancelled_by_us(scene: Scene) -> Episode:
    """Instead of missing them, we cancelled two."""

    def flaw(plan: Plan) -> None:
        at = clock(scene.dice, workday_before(plan.due, 2), scene.zone)
        cancelled(plan, at, "no_stock", "us", plan.planner)

    return _flawed(scene, flaw)


@trap("perfect_order_streak", expected="revoked")
def two_complaints(scene: Scene) -> Episode:
    """On paper all were perfect; about two the customer complained."""
    return _flawed(scene, lambda plan: complained(plan, scene.dice, 3))


@trap("perfect_order_streak")
def papers_unknown(scene: Scene) -> Episode:
    """Nobody says whether the papers of any were right."""
    streak = _streak(scene)
    for plan in streak:
        plan.receipts[0].documents_ok = None
    return _told(scene, streak)


@trap("perfect_order_streak")
def ten_in_a_row(scene: Scene) -> Episode:
    """Ten in a row are nothing rare where nine of ten are perfect."""
    return _told(scene, _streak(scene, length=10))


@trap("perfect_order_streak")
def split_orders(scene: Scene) -> Episode:
    """Six orders cut into forty: placed within the hour, one item, due on one day, on one truck."""
    streak = _streak(scene, length=6)
    for whole in streak[:]:
        for minutes in range(1, _LENGTH // 6 + 1):
            piece = clean(scene, whole.customer, whole.due)
            piece.placed_at = whole.placed_at + timedelta(minutes=minutes)
            piece.confirmed_at, piece.confirmer, piece.taker = (
                whole.confirmed_at,
                whole.confirmer,
                whole.taker,
            )
            piece.lines[0].product = whole.lines[0].product
            receipt, truck = piece.receipts[0], whole.receipts[0]
            receipt.shipped_at, receipt.at = truck.shipped_at, truck.at
            streak.append(piece)
    return _told(scene, streak)


@trap("perfect_order_streak")
def tiny_orders(scene: Scene) -> Episode:
    """Forty in a row, of a few cents each."""
    streak = _streak(scene)
    for plan in streak:
        line = plan.lines[0]
        line.qty, line.price = line.qty.__class__(1), line.price.__class__("0.05")
        plan.receipts[0].qty[line.line_id] = line.qty
    return _told(scene, streak)


@trap("perfect_order_streak")
def changed_inside_the_fence(scene: Scene) -> Episode:
    """Half of the orders were changed at the last moment, far more than before: nothing clean about them."""
    streak = _streak(scene)
    for plan in streak[::2]:
        _changed_inside_the_fence(scene, plan)
    return _told(scene, streak)


@trap("perfect_order_streak", expected="highlight")
def operations_alone(scene: Scene) -> Episode:
    """The orders came in by EDI, and nobody in Sales did anything for them."""
    streak = _streak(scene, sales=False)
    for plan in streak:
        plan.taker = None
    return _told(scene, streak)


@trap("perfect_order_streak", expected="highlight")
def sales_alone(scene: Scene) -> Episode:
    """Sales cleaned up the orders; machines and drivers did the rest."""
    streak = _streak(scene, operations=False)
    for plan in streak:
        taker = plan.taker
        by_machines(plan).taker = taker
    return _told(scene, streak)
