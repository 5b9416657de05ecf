"""Plants and traps of `peak_week_carried`: a week with far more lines due than usual, and as many on time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.simulator.episodes.peak import peak
from services.simulator.episodes.registry import plant, trap
from services.simulator.people import ALLOCATION

if TYPE_CHECKING:
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene

PATTERN = "peak_week_carried"
_VARIANTS = {"plain": 45, "twice_the_usual": 25, "one_line_missed": 15, "backlog_cleared": 15}


@plant(PATTERN)
def planted(scene: Scene) -> Episode:
    """A peak carried together, in one of several settings."""
    plan, variant = peak(scene), scene.dice.weighted(_VARIANTS)
    match variant:
        case "twice_the_usual":
            plan.times = scene.dice.share(2.2, 2.8)
        case "one_line_missed":
            plan.late, plan.missed = (2,), 1
            plan.times = scene.dice.share(2.2, 2.8)
        case "backlog_cleared":
            plan.left_over = 2
    return plan.told(variant)


@trap(PATTERN)
def hardly_a_peak(scene: Scene) -> Episode:
    """A quarter more than usual."""
    plan = peak(scene)
    plan.times = scene.dice.share(1.22, 1.3)
    return plan.told()


@trap(PATTERN)
def within_the_usual_swing(scene: Scene) -> Episode:
    """Every other week is as far from the usual as this one, to one side or the other."""
    plan = peak(scene)
    plan.swing, plan.times = (0, 9, -6, 3, -9, 6, -3), 1.62
    return plan.told()


@trap(PATTERN)
def service_fell(scene: Scene) -> Episode:
    """A third of the lines came late, though within the week."""
    plan = peak(scene)
    plan.missed = 6
    return plan.told()


@trap(PATTERN)
def backlog_grew(scene: Scene) -> Episode:
    """The week ends with overdue lines, and began with none."""
    plan = peak(scene)
    plan.late, plan.times, plan.missed, plan.missed_by = (2,), scene.dice.share(2.2, 2.8), 1, 9
    return plan.told()


@trap(PATTERN)
def promises_pushed_out(scene: Scene) -> Episode:
    """A third of the orders was promised anew for the week after."""
    plan = peak(scene)
    plan.pushed_out = 3
    return plan.told()


@trap(PATTERN)
def easy_mix(scene: Scene) -> Episode:
    """Twice the lines, of one piece each."""
    plan = peak(scene)
    plan.tiny = True
    return plan.told()


@trap(PATTERN)
def pulled_forward(scene: Scene) -> Episode:
    """A discount brought the next weeks' demand into this one."""
    plan = peak(scene)
    plan.discount, plan.afterwards = scene.dice.between(20, 30), 0.3
    return plan.told()


@trap(PATTERN)
def bought_with_premium_freight(scene: Scene) -> Episode:
    """Nearly every order went by an express run, as none did before."""
    plan = peak(scene)
    plan.premium = 8
    return plan.told()


@trap(PATTERN, expected="highlight")
def nobody_in_sales(scene: Scene) -> Episode:
    """Operations carried it alone."""
    plan = peak(scene)
    plan.phased = 0
    return plan.told()


@trap(PATTERN, expected="highlight")
def nobody_in_operations(scene: Scene) -> Episode:
    """Sales phased it, and nobody in Operations did anything for it."""
    plan = peak(scene)
    plan.scaled = 0
    return plan.told()


@trap(PATTERN, expected="highlight")
def machine_in_operations(scene: Scene) -> Episode:
    """The planning system answered by itself."""
    plan = peak(scene)
    plan.by = ALLOCATION
    return plan.told()


@trap(PATTERN, expected="highlight")
def scaled_afterwards(scene: Scene) -> Episode:
    """Operations added capacity when the week was over."""
    plan = peak(scene)
    plan.scaled_after = True
    return plan.told()
