"""Plants and traps of `forecast_filled_shelf`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.simulator.episodes.registry import plant, trap
from services.simulator.episodes.shelf import WINDOW, Shelf, move, shelf
from services.simulator.people import ALLOCATION, Person

if TYPE_CHECKING:
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene

PATTERN = "forecast_filled_shelf"
FORECASTER = Person("svc-forecast", "sales", is_human=False)
_VARIANTS = {"plain": 40, "unskilled_before": 15, "two_places": 15, "orders_only": 10, "mistyped_once": 10,
             "consensus_followed": 10}  # fmt: skip


@plant(PATTERN)
def planted(scene: Scene) -> Episode:
    """Sales' forecasts of six months are good, in one of several settings."""
    plan, variant = shelf(scene), scene.dice.weighted(_VARIANTS)
    match variant:
        case "unskilled_before":
            plan.sales |= {nth: _far_off(plan, nth) for nth in range(-WINDOW, 0)}
        case "two_places":
            share = scene.dice.share(0.3, 0.7)
            plan.places = {"Kassel": share, "Lyon": 1 - share}
        case "orders_only":
            plan.ordered, plan.heard = plan.heard, {}
        case "mistyped_once":
            plan.mistyped = 2
        case "consensus_followed":
            plan.consensus = dict(plan.sales)
    return plan.told(variant)


def _far_off(plan: Shelf, nth: int) -> float:
    """Off by turns to one side and the other, further than demand ever was."""
    return plan.mean * (1 + plan.unrest * (0.3 if nth % 2 else -0.3))


@trap(PATTERN)
def tiny_volume(scene: Scene) -> Episode:
    """A few pieces a month."""
    plan = shelf(scene)
    few = scene.dice.some((1, 2, 3, 6, 7, 9), WINDOW)
    plan.heard = {nth: few[nth % WINDOW] if nth >= 0 else 4 + nth % 2 for nth in plan.heard}
    plan.ordered = {nth: plan.heard[nth] for nth in plan.ordered}
    plan.statistical = dict.fromkeys(plan.statistical, 4)
    plan.sales = {nth: plan.heard[nth] for nth in plan.sales}
    return plan.told()


@trap(PATTERN)
def errors_net_out(scene: Scene) -> Episode:
    """Far too high and far too low by turns: right only in the sum of the six months."""
    plan = shelf(scene)
    plan.sales = {
        nth: plan.heard[nth] + plan.mean * plan.unrest * (0.4 if nth % 2 else -0.4) for nth in plan.sales
    }
    return plan.told()


@trap(PATTERN)
def revised_at_the_last_minute(scene: Scene) -> Episode:
    """What Sales said in time was no better than the statistics; the good figure came days before."""
    plan = shelf(scene)
    plan.revised, plan.sales = plan.sales, {nth: plan.around(0.05) for nth in plan.sales}
    return plan.told()


@trap(PATTERN)
def entered_afterwards(scene: Scene) -> Episode:
    """The versions bear an early date and were recorded when the month was over."""
    plan = shelf(scene)
    plan.recorded_after = True
    return plan.told()


@trap(PATTERN)
def loaded_as_history(scene: Scene) -> Episode:
    """The forecasts were loaded from an archive."""
    plan = shelf(scene)
    plan.more = {"backfill": True}
    return plan.told()


@trap(PATTERN)
def forecast_of_the_supply(scene: Scene) -> Episode:
    """Sales forecasts what there will be, customers are told to order that, and wanted more."""
    plan = shelf(scene)
    more = scene.dice.share(1.35, 1.55)
    plan.heard |= {nth: plan.heard[nth] * more for nth in plan.sales}
    return plan.told()


@trap(PATTERN)
def sandbagging(scene: Scene) -> Episode:
    """Nearer than the statistics, and always too low."""
    plan = shelf(scene, least=1.1)
    plan.sales = {nth: plan.heard[nth] * scene.dice.share(0.84, 0.87) for nth in plan.sales}
    return plan.told()


@trap(PATTERN)
def padding(scene: Scene) -> Episode:
    """Nearer than the statistics, and always too high."""
    plan = shelf(scene, least=1.1)
    plan.sales = {nth: plan.heard[nth] * scene.dice.share(1.13, 1.16) for nth in plan.sales}
    return plan.told()


@trap(PATTERN)
def better_in_four_of_six(scene: Scene) -> Episode:
    """In the two quiet months, the first and the last, the forecast points the wrong way."""
    plan = shelf(scene, levels=(0.2, 0.5, -0.35, -0.5, 0.35, -0.2))
    for nth in plan.sales:
        if nth % WINDOW in {0, WINDOW - 1}:
            side = 1 if plan.heard[nth] > plan.mean else -1
            plan.sales[nth] = plan.mean * (1 - 0.25 * side * plan.unrest)
    return plan.told()


@trap(PATTERN)
def statistics_copied(scene: Scene) -> Episode:
    """The statistical forecast saw it coming; Sales repeats it."""
    plan = shelf(scene)
    plan.statistical |= plan.sales
    plan.sales = {nth: qty * scene.dice.share(0.997, 1.003) for nth, qty in plan.sales.items()}
    return plan.told()


@trap(PATTERN)
def five_months_only(scene: Scene) -> Episode:
    """Sales forecast five months and no more."""
    plan = shelf(scene)
    plan.sales = {nth: plan.sales[nth] for nth in range(WINDOW - 1)}
    return plan.told()


@trap(PATTERN)
def shelf_full_before(scene: Scene) -> Episode:
    """The goods had always been there."""
    plan = shelf(scene)
    plan.at_first_before = 100
    return plan.told()


@trap(PATTERN)
def shelf_still_empty(scene: Scene) -> Episode:
    """Much more was there than before, and still far too little."""
    plan = shelf(scene)
    plan.at_first_before, plan.at_first = scene.dice.between(52, 58), scene.dice.between(70, 76)
    return plan.told()


@trap(PATTERN)
def orders_moved_to_fit(scene: Scene) -> Episode:
    """Customers wanted about the same every month; Sales moved orders until each month was as forecast."""
    plan = shelf(scene, most=0.65)
    fit = {nth: plan.heard.pop(nth) for nth in plan.sales}
    plan.ordered = {nth: qty for nth, qty in plan.ordered.items() if nth < 0}
    move(plan, {nth: plan.around(0.1) for nth in fit}, fit)
    return plan.told()


@trap(PATTERN, expected="highlight")
def nobody_in_operations(scene: Scene) -> Episode:
    """The goods were there, and nobody in Operations did anything for it."""
    plan = shelf(scene)
    plan.steps = 0
    return plan.told()


@trap(PATTERN, expected="highlight")
def machine_in_operations(scene: Scene) -> Episode:
    """Stock moved by itself."""
    plan = shelf(scene)
    plan.by = ALLOCATION
    return plan.told()


@trap(PATTERN, expected="highlight")
def machine_in_sales(scene: Scene) -> Episode:
    """A service account publishes as Sales."""
    plan = shelf(scene)
    plan.author = FORECASTER
    return plan.told()


@trap(PATTERN, expected="highlight")
def no_reasons_given(scene: Scene) -> Episode:
    """Sales' figures come without a reason."""
    plan = shelf(scene)
    plan.reasons = ()
    return plan.told()
