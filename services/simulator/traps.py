"""Traps: orders that look like joint wins and are not, each one flaw away from a true one.

Some flaws turn out to be none; those are wins too, and show that a detector is not merely shy.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from services.simulator.dice import Dice
    from services.simulator.plan import Plan
    from services.simulator.planting import Stage

Expected = Literal["none", "highlight", "revoked", "provisional", "joint"]


@dataclass(slots=True)
class Scene:
    """What a trap is built with; `extra` collects the orders that belong to it."""

    stage: Stage
    dice: Dice
    due: date
    extra: list[Plan]


@dataclass(frozen=True, slots=True)
class Trap:
    """A kind of trap, and what each pattern must make of it."""

    kind: str
    expected: dict[str, Expected]
    make: Callable[[Scene], Plan]


TRAPS: dict[str, Trap] = {}


def trap(**expected: Expected) -> Callable[[Callable[[Scene], Plan]], Callable[[Scene], Plan]]:
    """Register a function as the trap of its name, expecting this of each pattern."""

    def register(make: Callable[[Scene], Plan]) -> Callable[[Scene], Plan]:
        kind = make.__name__
        if kind in TRAPS:
            raise ValueError(f"Two traps are named {kind}")
        TRAPS[kind] = Trap(kind, dict(expected), make)
        return make

    return register


def all_traps() -> list[Trap]:
    """Every kind of trap there is."""
    for module in ("newness", "promises", "receipts", "afterwards", "teamwork", "alarms"):
        import_module(f"services.simulator.traps_{module}")
    return list(TRAPS.values())
