"""Chance that comes out the same on every Python: only `random()` of the generator is used.

Floats are added by `fsum`, since `sum` rounds differently from Python 3.12 on.
"""

from __future__ import annotations

import random
from math import fsum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T = TypeVar("T")


class Dice:
    """A named stream of chance, so that one part of the year never disturbs another."""

    def __init__(self, seed: int, *name: object) -> None:
        text = "/".join(str(part) for part in (seed, *name))
        self._next = random.Random(text).random  # noqa: S311 - a simulation, no secret

    def chance(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self._next() < probability

    def between(self, low: int, high: int) -> int:
        """An integer from `low` to `high`, both included."""
        return low + int(self._next() * (high - low + 1))

    def share(self, low: float, high: float) -> float:
        """A number from `low` up to `high`."""
        return low + self._next() * (high - low)

    def pick(self, items: Sequence[T]) -> T:
        """One of `items`, all equally likely."""
        return items[int(self._next() * len(items))]

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """`count` different items, in random order; all of them if there are fewer."""
        left = list(items)
        return [left.pop(int(self._next() * len(left))) for _ in range(min(count, len(left)))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """A key of `weights`, as likely as its weight."""
        goal = self._next() * fsum(weights.values())
        for item, weight in weights.items():
            goal -= weight
            if goal < 0:
                return item
        return item

    def around(self, mean: float, deviation: float) -> float:
        """A number of about the normal distribution: twelve uniform draws, added."""
        return mean + deviation * (fsum(self._next() for _ in range(12)) - 6)
