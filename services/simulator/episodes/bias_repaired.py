"""Plants and traps of `bias_repaired`: a habit of forecasting too much or too little is given up."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

from services.simulator.episodes.habit import WINDOW, Habit, habit
from services.simulator.episodes.registry import plant, trap
from services.simulator.people import ALLOCATION

if TYPE_CHECKING:
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene

PATTERN = "bias_repaired"
_VARIANTS = {"always_too_high": 45, "always_too_low": 45, "nine_months": 10}


@plant(PATTERN)
def planted(scene: Scene) -> Episode:
    """A forecast always too high or always too low comes right, and stock or customers are freed."""
    variant = scene.dice.weighted(_VARIANTS)
    plan = habit(scene, variant)
    plan.steps = scene.dice.between(2, 3)
    return plan.told(variant)


def _either(scene: Scene) -> Habit:
    return habit(scene, scene.dice.pick(("always_too_high", "always_too_low")))


@trap(PATTERN)
def demand_shifted(scene: Scene) -> Episode:
    """The forecast stayed as it was; a lost customer or a new one moved the demand to it."""
    plan = _either(scene)
    level = _before(plan.said) / _before(plan.wanted)
    for by_month in (plan.wanted, plan.said):
        by_month |= {nth: by_month[nth] * level for nth in range(WINDOW)}
    return plan.told()


def _before(by_month: dict[int, float]) -> float:
    return fsum(qty for nth, qty in by_month.items() if nth < 0)


@trap(PATTERN)
def opposite_biases_netted(scene: Scene) -> Episode:
    """One account is forecast far too high now, another as far too low; the sum is right."""
    plan = _either(scene)
    plan.two_accounts = scene.dice.share(0.3, 0.45)
    return plan.told()


@trap(PATTERN)
def method_switched(scene: Scene) -> Episode:
    """Sales stopped forecasting; what is right now is the statistical forecast."""
    plan = _either(scene)
    plan.step = "statistical"
    return plan.told()


@trap(PATTERN)
def four_months_before(scene: Scene) -> Episode:
    """Four months of bias are all there were: too few to call it a habit."""
    plan = _either(scene)
    for by_month in (plan.wanted, plan.said):
        for nth in [nth for nth in by_month if nth < -4]:  # noqa: PLR2004 - as named
            del by_month[nth]
    return plan.told()


@trap(PATTERN)
def half_repaired(scene: Scene) -> Episode:
    """A third of the bias is left."""
    plan = _either(scene)
    side = 1 if plan.said[-1] > plan.wanted[-1] else -1
    for nth in range(WINDOW):
        plan.said[nth] = plan.wanted[nth] * (1 + side * scene.dice.share(0.12, 0.16))
    return plan.told()


@trap(PATTERN)
def relapsed(scene: Scene) -> Episode:
    """After four good months the forecast is as before."""
    plan = _either(scene)
    before = plan.said[-1] / plan.wanted[-1]
    for nth in (4, 5):
        plan.said[nth] = plan.wanted[nth] * before
    return plan.told()


@trap(PATTERN)
def nothing_freed(scene: Scene) -> Episode:
    """Stock and short promises are as many as before."""
    plan = _either(scene)
    if plan.weeks:
        plan.weeks = (plan.weeks[0], plan.weeks[0])
    else:
        plan.short = (2, 2)
    return plan.told()


@trap(PATTERN)
def entered_afterwards(scene: Scene) -> Episode:
    """The good versions bear an early date and were recorded when each month was over."""
    plan = _either(scene)
    plan.recorded_after = True
    return plan.told()


@trap(PATTERN, expected="highlight")
def nobody_in_operations(scene: Scene) -> Episode:
    """Sales gave up its habit alone."""
    plan = _either(scene)
    plan.steps = 0
    return plan.told()


@trap(PATTERN, expected="highlight")
def machine_in_operations(scene: Scene) -> Episode:
    """The planning system set the buffers anew."""
    plan = _either(scene)
    plan.by = ALLOCATION
    return plan.told()


@trap(PATTERN, expected="highlight")
def nobody_in_sales(scene: Scene) -> Episode:
    """The forecast came right without a word why, and nobody in Sales changed anything."""
    plan = _either(scene)
    plan.reasons, plan.habit_changed = (), False
    return plan.told()
