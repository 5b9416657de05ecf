"""Noise: forecasters without skill before demand that nothing foretells. None may ever be a win."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

from services.simulator.episodes.model import Claim
from services.simulator.episodes.registry import trap
from services.simulator.episodes.shelf import COMPARED, HISTORY, WINDOW, By, Shelf, shelf

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.simulator.dice import Dice
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene

PATTERN = "forecast_filled_shelf"
VARIATIONS = (0.1, 0.2, 0.3, 0.4, 0.5)
"""Coefficients of variation of the demand."""
_LAG = 3
"""Months from the last demand that is known in full to the month forecast."""
_LEAST = 0.05
_LUCK = 0.85


@trap(PATTERN)
def naive_forecaster(scene: Scene) -> Episode:
    """Repeats the last month known."""
    return _told(_played(scene, lambda _, plan, nth: plan.heard[nth - _LAG]))


@trap(PATTERN)
def mean_copier(scene: Scene) -> Episode:
    """Copies the mean of the last twelve months known."""
    return _told(_played(scene, lambda _, plan, nth: trailing_mean(plan.heard, nth)))


@trap(PATTERN)
def random_tweaker(scene: Scene) -> Episode:
    """Moves the statistical forecast 5 to 20 % up or down."""
    return _told(_played(scene, _tweaked))


@trap(PATTERN)
def last_minute_reviser(scene: Scene) -> Episode:
    """Repeats the statistical forecast, and knows better a week before the month."""
    plan = _played(scene, lambda dice, plan, nth: plan.statistical[nth] * dice.share(0.97, 1.03))
    plan.revised = {nth: plan.heard[nth] * scene.dice.share(0.96, 1.04) for nth in plan.sales}
    return _told(plan)


@trap(PATTERN)
def supply_filterer(scene: Scene) -> Episode:
    """Forecasts what there will be; customers order as much of what they want as that."""
    supply = scene.dice.share(0.8, 0.9)
    plan = _played(scene, lambda _, plan, nth: plan.mean * supply)  # noqa: ARG005 - as all forecasts
    plan.ordered |= {nth: min(plan.heard[nth], plan.sales[nth]) for nth in plan.sales}
    return _told(plan)


@trap(PATTERN)
def sandbagger(scene: Scene) -> Episode:
    """Says a fifth less than the statistics."""
    return _told(_played(scene, lambda dice, plan, nth: plan.statistical[nth] * dice.share(0.77, 0.83)))


@trap(PATTERN)
def hedger(scene: Scene) -> Episode:
    """Says a quarter more than the statistics."""
    return _told(_played(scene, lambda dice, plan, nth: plan.statistical[nth] * dice.share(1.2, 1.3)))


def _tweaked(dice: Dice, plan: Shelf, nth: int) -> float:
    return plan.statistical[nth] * (1 + dice.pick((-1, 1)) * dice.share(0.05, 0.2))


def _played(scene: Scene, forecast: Callable[[Dice, Shelf, int], float]) -> Shelf:
    """A shelf that is filled as if somebody had seen the demand coming; nobody did.

    Draws in which chance alone beats the statistics are thrown away: no reader could tell them from skill.
    """
    plan, variation = shelf(scene), scene.dice.pick(VARIATIONS)
    since, last = -scene.dice.between(HISTORY // 2, HISTORY), max(plan.sales)
    while True:
        plan.heard = {nth: _drawn(scene.dice, plan.mean, variation) for nth in range(since, last + 1)}
        plan.ordered = {nth: qty for nth, qty in plan.heard.items() if nth >= -COMPARED}
        plan.statistical = {nth: trailing_mean(plan.heard, nth) for nth in plan.ordered}
        plan.sales = {nth: forecast(scene.dice, plan, nth) for nth in range(last + 1)}
        if not lucky(plan.heard, plan.sales, plan.statistical):
            return plan


def _drawn(dice: Dice, mean: float, variation: float) -> float:
    return mean * max(_LEAST, dice.around(1, variation))


def trailing_mean(heard: By, nth: int) -> float:
    """The mean of the twelve months before the forecast was made, or of as many as are known."""
    known = [heard[month] for month in range(nth - _LAG - 11, nth - _LAG + 1) if month in heard]
    return fsum(known) / len(known)


def lucky(heard: By, sales: By, statistical: By) -> bool:
    """Whether in any six months the forecast is clearly nearer than the statistical one."""
    return any(
        _error(heard, sales, first) < _LUCK * _error(heard, statistical, first)
        for first in range(max(sales) - WINDOW + 2)
    )


def _error(heard: By, forecast: By, first: int) -> float:
    return fsum(abs(forecast[nth] - heard[nth]) for nth in range(first, first + WINDOW))


def _told(plan: Shelf) -> Episode:
    subject = f"product/{plan.product.product_id}"
    others = ("heads_up_served", "bias_repaired")
    also = tuple(Claim(pattern, subject, "none", (), plan.scene.variant) for pattern in others)
    return plan.told(also=also)
