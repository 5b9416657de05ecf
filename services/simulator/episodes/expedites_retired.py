"""Plants and traps of `expedites_retired`: far fewer premium incidents than in the quarter before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.simulator.episodes.registry import plant, trap
from services.simulator.episodes.retirement import retirement
from services.simulator.people import ALLOCATION

if TYPE_CHECKING:
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene

PATTERN = "expedites_retired"
_VARIANTS = {"plain": 45, "more_volume": 20, "several_legs_before": 20, "logged_twice": 15}


@plant(PATTERN)
def planted(scene: Scene) -> Episode:
    """A quarter with far fewer incidents, in one of several settings."""
    plan, variant = retirement(scene), scene.dice.weighted(_VARIANTS)
    match variant:
        case "more_volume":
            plan.after.orders = plan.after.orders * 13 // 10
        case "several_legs_before":
            plan.before.legs = 2
        case "logged_twice":
            plan.twice = 2
    return plan.told(variant)


@trap(PATTERN)
def fewer_but_not_enough(scene: Scene) -> Episode:
    """A dozen incidents fewer are a fifth of what there were."""
    plan = retirement(scene)
    plan.before.orders = plan.after.orders = 70
    plan.before.late, plan.after.late = 28, 20
    plan.before.incidents, plan.after.incidents = 60, 48
    return plan.told()


@trap(PATTERN)
def too_few_to_tell(scene: Scene) -> Episode:
    """From a handful to fewer."""
    plan = retirement(scene)
    plan.before.incidents, plan.after.incidents = scene.dice.between(7, 9), 2
    return plan.told()


@trap(PATTERN)
def volume_fell(scene: Scene) -> Episode:
    """A third of the orders, and of the incidents."""
    plan = retirement(scene)
    plan.after.orders, plan.after.incidents = plan.before.orders // 3, plan.before.incidents // 3
    plan.after.late, plan.after.changes = plan.before.late * 2 // 9, plan.before.changes // 5
    return plan.told()


@trap(PATTERN)
def reclassified(scene: Scene) -> Episode:
    """As many express runs as before; they are no longer called premium."""
    plan = retirement(scene)
    plan.after.incidents, plan.after.premium = plan.before.incidents, False
    return plan.told()


@trap(PATTERN)
def unlogged_favours(scene: Scene) -> Episode:
    """As much premium freight on the invoices as before, and hardly an incident in the log."""
    plan = retirement(scene)
    plan.after.incidents, plan.after.logged = plan.before.incidents, False
    return plan.told()


@trap(PATTERN)
def freight_recharged(scene: Scene) -> Episode:
    """Customers pay for the express runs, which nobody logs any more."""
    plan = retirement(scene)
    plan.after.incidents = plan.before.incidents
    plan.after.logged, plan.after.recharged = False, True
    return plan.told()


@trap(PATTERN)
def fewer_legs(scene: Scene) -> Episode:
    """As many orders are expedited; before, each took three legs."""
    plan = retirement(scene)
    plan.before.incidents = plan.after.incidents = scene.dice.between(9, 11)
    plan.before.legs = 3
    return plan.told()


@trap(PATTERN)
def more_late_changes(scene: Scene) -> Episode:
    """Customers change more inside the frozen fence than before."""
    plan = retirement(scene)
    plan.before.changes, plan.after.changes = plan.after.changes, plan.before.changes
    return plan.told()


@trap(PATTERN)
def service_fell(scene: Scene) -> Episode:
    """Nothing is expedited any more, and a quarter of the lines comes late."""
    plan = retirement(scene)
    plan.after.late = plan.after.orders
    return plan.told()


@trap(PATTERN, expected="highlight")
def nobody_in_sales(scene: Scene) -> Episode:
    """Operations cured the causes alone."""
    plan = retirement(scene)
    plan.agreed = 0
    return plan.told()


@trap(PATTERN, expected="highlight")
def nobody_in_operations(scene: Scene) -> Episode:
    """Sales agreed new terms, and nobody in Operations did anything."""
    plan = retirement(scene)
    plan.cured = 0
    return plan.told()


@trap(PATTERN, expected="highlight")
def machine_in_operations(scene: Scene) -> Episode:
    """The planning system took care of the causes by itself."""
    plan = retirement(scene)
    plan.by = ALLOCATION
    return plan.told()


@trap(PATTERN)
def arranged_for_single_orders(scene: Scene) -> Episode:
    """Both sides arranged things for single orders, as they do every month: no cause is cured by that."""
    plan = retirement(scene)
    plan.for_orders = True
    return plan.told()
