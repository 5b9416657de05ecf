"""Thanks from department to department, over the months of a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shared.people.model import DEPARTMENTS
from shared.periods import Period
from shared.store import thanks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, tzinfo
    from zoneinfo import ZoneInfo

    from sqlalchemy import Connection

MONTHS: Final = 12
HEIGHT: Final = 24
"""Of the highest bar, in the units of its drawing."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Thanks from one department to another, by month."""

    counts: tuple[int, ...]
    most: int

    @property
    def total(self) -> int:
        """In all these months."""
        return sum(self.counts)

    @property
    def bars(self) -> list[tuple[int, int]]:
        """Left edge and height of each month's bar; the same height is the same count in every cell."""
        return [(month * 5, max(2, HEIGHT * n // self.most)) for month, n in enumerate(self.counts) if n]


@dataclass(frozen=True, slots=True)
class Month:
    """How many thanks there were, and for how many stories."""

    name: str
    given: int
    stories: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who thanked whom: departments in the order of the company, never of their counts, and no person."""

    givers: tuple[str, ...]
    thanked: tuple[str, ...]
    cells: dict[tuple[str, str], Cell]
    months: tuple[Month, ...]


def matrix(connection: Connection, now: datetime, zone: ZoneInfo) -> Matrix:
    """The thanks of the months up to now."""
    months = _months(now, zone)
    bounds = [months[0].starts_at(zone), *(each.ends_at(zone) for each in months)]
    counts: dict[tuple[str, str], list[int]] = {}
    for span, giver, to, count in thanks.flows(connection, bounds):
        counts.setdefault((giver, to), [0] * MONTHS)[span] = count
    most = max((n for each in counts.values() for n in each), default=1)
    told = thanks.told(connection, bounds)
    return Matrix(
        _ordered(giver for giver, _ in counts),
        _ordered(to for _, to in counts),
        {pair: Cell(tuple(each), most) for pair, each in counts.items()},
        tuple(Month(each.name, *told.get(n, (0, 0))) for n, each in enumerate(months)),
    )


def _months(now: datetime, zone: tzinfo) -> Sequence[Period]:
    last = Period.of(now.astimezone(zone).date(), "month")
    return [last.back(count) for count in reversed(range(MONTHS))]


def _ordered(found: Iterable[str]) -> tuple[str, ...]:
    names = set(found)
    return (*(name for name in DEPARTMENTS if name in names), *sorted(names - set(DEPARTMENTS)))
