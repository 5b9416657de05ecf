"""Companies of their own, for the patterns that look at all orders there are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from services.simulator.decades import FIRST_YEAR, company
from services.simulator.dice import Dice
from services.simulator.episodes.registry import Kind, kinds
from services.simulator.episodes.scene import months_before
from services.simulator.season import ORGANISATION, start_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.simulator.year import Simulation

MONTHS = {"peak_week_carried": 5, "expedites_retired": 6}
"""How long an episode trades; the next follows at once, so that no company pauses."""
_SETTLED, _MORNING = 12, timedelta(hours=8)
_TOGETHER = 6


def companies(seed: int, pattern: str, years: int = 20, times: int = 1) -> Iterator[Simulation]:
    """Every kind of episode of `pattern` `times` times, some after each other in each company.

    The companies begin within so many years from 2004 on.
    """
    mine = [kind for kind in kinds() if kind.pattern == pattern]
    played = [(kind, nth) for nth in range(times) for kind in mine]
    played = Dice(seed, "companies", pattern).some(played, len(played))
    for first in range(0, len(played), _TOGETHER):
        begins = months_before(date(FIRST_YEAR, 1, 1), -(years * 12 * first // len(played)))
        yield _company(seed, played[first : first + _TOGETHER], begins, MONTHS[pattern])


def _company(seed: int, played: list[tuple[Kind, int]], begins: date, months: int) -> Simulation:
    starts = [months_before(begins, -months * place) for place in range(len(played))]
    episodes = [kind.episode(seed, nth, start) for (kind, nth), start in zip(played, starts, strict=True)]
    until = start_of(months_before(starts[-1], -months - _SETTLED), ORGANISATION) + _MORNING
    return company(seed, episodes, until)
