"""Plants and traps of `heads_up_served`: Sales warns of a spike a lead time ahead, and it is served."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from services.simulator.episodes.registry import plant, trap
from services.simulator.episodes.spike import spike
from services.simulator.people import ALLOCATION

if TYPE_CHECKING:
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene

PATTERN = "heads_up_served"
_VARIANTS = {"plain": 45, "two_lead_times_ahead": 20, "orders_only": 15, "sales_called_too": 20}


@plant(PATTERN)
def planted(scene: Scene) -> Episode:
    """A spike foreseen and served, in one of several settings."""
    plan, variant = spike(scene), scene.dice.weighted(_VARIANTS)
    plan.steps = scene.dice.between(1, 2)
    match variant:
        case "two_lead_times_ahead":
            plan.ahead = 2 * plan.lead + 35
        case "orders_only":
            plan.recorded = False
        case "sales_called_too":
            plan.called, plan.steps = True, 3
    return plan.told(variant)


@trap(PATTERN)
def too_small_a_revision(scene: Scene) -> Episode:
    """Hardly more than usual was foreseen, and came."""
    plan = spike(scene)
    plan.revised = plan.mean * scene.dice.share(1.08, 1.13)
    plan.actual = plan.revised * scene.dice.share(0.98, 1.02)
    return plan.told()


@trap(PATTERN)
def spike_never_came(scene: Scene) -> Episode:
    """Demand was as usual in the end."""
    plan = spike(scene)
    plan.actual = plan.mean * scene.dice.share(0.95, 1.05)
    return plan.told()


@trap(PATTERN)
def far_more_came(scene: Scene) -> Episode:
    """Demand went far beyond what Sales foresaw."""
    plan = spike(scene)
    plan.actual = plan.revised * scene.dice.share(1.3, 1.5)
    return plan.told()


@trap(PATTERN)
def too_late(scene: Scene) -> Episode:
    """The revision came well inside the lead time."""
    plan = spike(scene, least_lead=32)
    plan.ahead = scene.dice.between(9, 14)
    return plan.told()


@trap(PATTERN)
def entered_afterwards(scene: Scene) -> Episode:
    """The revision bears an early date and was recorded when the month had begun or was over."""
    plan = spike(scene)
    plan.recorded_on = plan.peak + timedelta(days=scene.dice.between(10, 40))
    return plan.told()


@trap(PATTERN)
def hedging(scene: Scene) -> Episode:
    """Sales has been asking for a quarter too much for months."""
    plan = spike(scene)
    plan.usual_bias = scene.dice.share(0.22, 0.3)
    return plan.told()


@trap(PATTERN)
def planned_centrally(scene: Scene) -> Episode:
    """The promotion stood in the consensus plan before Sales repeated it."""
    plan = spike(scene)
    plan.already_planned = True
    return plan.told()


@trap(PATTERN)
def statistics_saw_it(scene: Scene) -> Episode:
    """Not Sales but the statistical forecast was revised."""
    plan = spike(scene)
    plan.step = "statistical"
    return plan.told()


@trap(PATTERN)
def service_fell(scene: Scene) -> Episode:
    """A good third of the orders came late."""
    plan = spike(scene)
    plan.late = scene.dice.between(3, 4)
    return plan.told()


@trap(PATTERN, expected="highlight")
def nobody_in_operations(scene: Scene) -> Episode:
    """The stock was there, and nobody in Operations did anything for it."""
    plan = spike(scene)
    plan.steps = 0
    return plan.told()


@trap(PATTERN, expected="highlight")
def acted_before_the_warning(scene: Scene) -> Episode:
    """What Operations did it had done before Sales said anything."""
    plan = spike(scene)
    plan.acted_before = True
    return plan.told()


@trap(PATTERN, expected="highlight")
def machine_in_operations(scene: Scene) -> Episode:
    """The planning system answered by itself."""
    plan = spike(scene)
    plan.by = ALLOCATION
    return plan.told()


@trap(PATTERN, expected="highlight")
def no_reason_given(scene: Scene) -> Episode:
    """Sales' revision comes without a reason."""
    plan = spike(scene)
    plan.reason = False
    return plan.told()
