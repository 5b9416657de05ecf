"""Decades of trading in which every win pattern and every trap is set many times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from heapq import heapify, heappop, heappush
from itertools import chain
from typing import TYPE_CHECKING, Any

from services.simulator.envelope import Event, arrival, heartbeats, placing
from services.simulator.episodes.registry import COMPANY_WIDE, Kind, kinds
from services.simulator.episodes.scene import MONTHS_AFTER, MONTHS_BEFORE, months_before
from services.simulator.season import ORGANISATION, start_of
from services.simulator.year import Simulation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from services.simulator.episodes.model import Claim, Episode

FIRST_YEAR = 2004
_GOLDEN = 0.618
"""Kinds follow each other at this share of their distance, so that none share a season."""


def decades(seed: int, years: int = 20, times: int = 1) -> Simulation:
    """Every kind of episode `times` times, its start within so many years from 2004 on, in one company."""
    claims: list[Claim] = []
    events = list(told(seed, claims, years, times))
    return Simulation(events, document(seed, years, claims))


def told(seed: int, claims: list[Claim], years: int = 20, times: int = 1) -> Iterator[Event]:
    """The events of `decades`, by arrival and with few in memory; `claims` are added as they come."""
    end = as_of(years)
    scheduled = sorted(_scheduled(years, times), key=lambda one: one.start)
    first = start_of(months_before(date(FIRST_YEAR, 1, 1), MONTHS_BEFORE), ORGANISATION)
    waiting = [(*placing(beat), beat) for beat in heartbeats(first, end)]
    heapify(waiting)
    for one in scheduled:
        opened = start_of(months_before(one.start, MONTHS_BEFORE), ORGANISATION)
        while waiting[0][0] < opened.timestamp():
            yield heappop(waiting)[-1]
        episode = one.kind.episode(seed, one.nth, one.start)
        claims.extend(episode.claims())
        for event in episode.events:
            heappush(waiting, (*placing(event), event))
    while waiting:
        yield heappop(waiting)[-1]


def as_of(years: int) -> datetime:
    """When all has been told, nothing can be contradicted any more, and the truth holds."""
    return start_of(months_before(date(FIRST_YEAR + years, 1, 1), -MONTHS_AFTER), ORGANISATION)


def document(seed: int, years: int, claims: Iterable[Claim]) -> dict[str, Any]:
    """The truth document of `decades`."""
    rows = sorted((claim.document() for claim in claims), key=lambda row: (row["pattern"], row["subject"]))
    return {"seed": seed, "as_of": as_of(years).isoformat(), "episodes": rows}


def company(seed: int, episodes: Iterable[Episode], until: datetime) -> Simulation:
    """A company in which nothing happens but these episodes."""
    played = list(episodes)
    events = list(chain.from_iterable(episode.events for episode in played))
    events += heartbeats(min(map(arrival, events)), until)
    events.sort(key=placing)
    rows = [claim.document() for episode in played for claim in episode.claims()]
    return Simulation(events, {"seed": seed, "as_of": until.isoformat(), "episodes": rows})


@dataclass(frozen=True, slots=True)
class _Scheduled:
    kind: Kind
    nth: int
    start: date


def _scheduled(years: int, times: int) -> Iterator[_Scheduled]:
    """Every kind, spread evenly over the years."""
    for place, kind in enumerate(kind for kind in kinds() if kind.pattern not in COMPANY_WIDE):
        for nth in range(times):
            months = int(years * 12 * (nth + place * _GOLDEN % 1) / times)
            yield _Scheduled(kind, nth, months_before(date(FIRST_YEAR, 1, 1), -months))
