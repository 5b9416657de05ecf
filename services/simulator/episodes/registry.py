"""Every kind of episode there is, by pattern and name; decorators register them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import services.simulator.episodes as package
from services.simulator.dice import Dice
from services.simulator.episodes.scene import Scene

if TYPE_CHECKING:
    from datetime import date

    from services.simulator.episodes.model import Episode, Expected

Make = Callable[[Scene], "Episode"]
COMPANY_WIDE = frozenset({"peak_week_carried", "expedites_retired"})
"""Patterns that look at all orders there are, so that each of their episodes needs a company of its own."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of plant or trap; a plant's variant is "plain" unless it says another."""

    pattern: str
    name: str
    expected: Expected
    planted: bool
    make: Make

    def episode(self, seed: int, nth: int, start: date, prefix: str | None = None) -> Episode:
        """The nth episode of this kind, its decisive part beginning in the month of `start`.

        Its ids bear `prefix`, which nothing else may; else one that says what it is.
        """
        initials = "".join(word[0] for word in self.pattern.split("_"))
        scene = Scene(
            self.pattern,
            self.expected,
            "plain" if self.planted else self.name,
            Dice(seed, "episode", self.pattern, self.name, nth),
            start,
            prefix or f"{initials}.{self.name}.{nth}",
        )
        return self.make(scene)


_KINDS: dict[tuple[str, str], Kind] = {}


def plant(pattern: str) -> Callable[[Make], Make]:
    """Register a function that plants a true win."""
    return lambda make: _register(Kind(pattern, make.__name__, "joint", planted=True, make=make))


def trap(pattern: str, expected: Expected = "none") -> Callable[[Make], Make]:
    """Register a function that sets the trap of its name, one flaw away from a true win."""
    return lambda make: _register(Kind(pattern, make.__name__, expected, planted=False, make=make))


def _register(kind: Kind) -> Make:
    key = kind.pattern, kind.name
    if key in _KINDS:
        raise ValueError(f"Two episodes of {kind.pattern} are named {kind.name}")
    _KINDS[key] = kind
    return kind.make


def kinds() -> list[Kind]:
    """Every kind of episode, in the order of its pattern and name."""
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    return [_KINDS[key] for key in sorted(_KINDS)]
