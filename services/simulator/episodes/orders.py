"""The episodes of the three order patterns: the wins and traps of the simulated year, each on its own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from services.simulator import traps
from services.simulator.episodes.model import Claim, Episode, Expected
from services.simulator.episodes.quiet import regular
from services.simulator.episodes.registry import plant, trap
from services.simulator.planting import Stage, obstacles_in_turn
from services.simulator.season import workday

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from services.simulator.customers import Customer
    from services.simulator.episodes.scene import Scene


def stage_of(scene: Scene) -> Stage:
    """A stage whose customers of long standing have ordered before."""
    return Stage(scene.market, scene.numbers, _regulars(scene), obstacles_in_turn(scene.dice))


def _regulars(scene: Scene) -> Iterator[Customer]:
    while True:
        yield regular(scene, scene.dice.between(150, 250))


def adopt(pattern: str) -> None:
    """Register the plants and traps of the year that are about this pattern first of all."""
    plant(pattern)(_planted(pattern))
    for kind in traps.all_traps():
        first, *_ = kind.expected
        if first == pattern and "provisional" not in kind.expected.values():
            expected = cast("Expected", kind.expected[first])
            (plant(pattern) if expected == "joint" else trap(pattern, expected))(_adopted(kind))


def _planted(pattern: str) -> Callable[[Scene], Episode]:
    def planted(scene: Scene) -> Episode:
        plan, variant = stage_of(scene).plant(pattern, scene.dice, _due(scene))
        scene.plans.append(plan)
        return scene.episode(f"order/{plan.order_id}", variant=variant)

    return planted


def _adopted(kind: traps.Trap) -> Callable[[Scene], Episode]:
    def adopted(scene: Scene) -> Episode:
        place = traps.Scene(stage_of(scene), scene.dice, workday(_due(scene)), [])
        plan = kind.make(place)
        scene.plans += [*place.extra, plan]
        subject = f"order/{plan.order_id}"
        rest = list(kind.expected.items())[1:]
        also = tuple(Claim(name, subject, cast("Expected", one), (), kind.kind) for name, one in rest)
        return scene.episode(subject, variant=kind.kind, also=also)

    adopted.__name__ = kind.kind
    return adopted


def _due(scene: Scene) -> date:
    return scene.start + timedelta(days=scene.dice.between(40, 65))
