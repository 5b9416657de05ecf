"""Episodes that play within the simulated year, so that its newsletters have more to tell of."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import TYPE_CHECKING

from services.simulator.episodes.registry import kinds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.registry import Kind

_PLAYED = {
    "bad_news_early": (3, 9),
    "caught_here": (3, 8),
    "detractor_to_promoter": (3, 7),
    "nothing_came_back": (3, 9),
    "team_told": (2, 9),
    "backlog_burned_down": (1, 9),
    "faster_not_dearer": (1, 6),
    "perfect_order_streak": (1, 8),
    "reliability_that_sold": (1, 5),
}
"""How often each kind of win is planted, and the last month in which it may begin to be final in the year."""
_GOLDEN = 0.618
_ONE_SIDED = ("operations_alone", "sales_alone")
_SMALL = 2
"""Patterns planted more often than once are cheap; of them, what one side did alone is shown as well."""


def episodes(seed: int, year: int, scale: float) -> Iterator[Episode]:
    """Some episodes of each of these patterns; `scale` 1 is some 300 orders."""
    numbers = count(1)
    for place, kind in enumerate(kind for kind in kinds() if _times(kind)):
        _, last = _PLAYED[kind.pattern]
        times = round(_times(kind) * scale)
        for nth in range(times):
            month = 1 + int(last * (nth + place * _GOLDEN % 1) / times)
            yield kind.episode(seed, nth, date(year, month, 1), f"E{next(numbers):02}")


def _times(kind: Kind) -> int:
    times, _ = _PLAYED.get(kind.pattern, (0, 0))
    return times if kind.planted else int(times >= _SMALL and kind.name in _ONE_SIDED)
