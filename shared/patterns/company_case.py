"""What patterns over the whole company look at: its weeks and quarters, counted by the day first promised."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.patterns.claim import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date

    from shared.events.envelope import Event
    from shared.patterns.model import EventRef
    from shared.periods import Period


class Tally(NamedTuple):
    """Counted lines due in some days, without those that the customer cancelled in time.

    `live` ones were not loaded as history; `good` ones came on time and in full, others late, short or not
    at all so far. `against` speaks a bad return, damage, a complaint or a low score; `unassessed` came back.
    """

    lines: int = 0
    good: int = 0
    live: int = 0
    live_good: int = 0
    fence_changes: int = 0
    against: int = 0
    unassessed: int = 0

    @property
    def otif(self) -> Decimal:
        """Percent on time and in full; 0 where nothing was due."""
        return share(self.good, self.lines)

    @property
    def live_otif(self) -> Decimal:
        """The same of what was not loaded as history."""
        return share(self.live_good, self.live)


def share(part: Decimal | int, whole: int) -> Decimal:
    """Per hundred; 0 of nothing."""
    return 100 * Decimal(part) / whole if whole else Decimal(0)


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them together: shares come from sums, never from shares."""
    return Tally(*map(sum, zip(Tally(), *tallies, strict=True)))


class Size(NamedTuple):
    """Lines of one product in one unit of measure, and their ordered quantity."""

    lines: int
    qty: Decimal


Sizes = dict[tuple[str, str], Size]
"""By product and unit of measure."""


@dataclass(frozen=True)
class WeekCase(Case):
    """A week of the company, with the weeks around it that have ended."""

    week: Tally
    before: Sequence[Tally]
    """The `TRAILING` weeks before it."""
    after: Sequence[Tally]
    """Those of the `FOLLOWING` weeks after it that have ended."""
    known_before: Callable[[date], bool]
    """Whether the company's record begins before a day: anything was due then."""
    overdue: Callable[[date], int]
    """Lines first promised for an earlier day that had not ended when a day began."""
    sizes: Callable[[date, date], Sizes]
    """Live lines due from one day up to, not including, another."""
    premium_orders: Callable[[date, date], int]
    """Orders due between two days for which a premium was paid."""
    deeds: Callable[[], Sequence[Event[Any]]]
    """The interventions that name this week, in force."""
    receipts: Callable[[], Sequence[EventRef]]
    """Receipts of the lines due in it, some hundreds at most."""


TRAILING, FOLLOWING = 13, 3


@dataclass(frozen=True)
class Quarter:
    """What fell due in a quarter, and what was spent to have it come in time.

    What was done about an order counts when the order was first due, what names no order when it was done.
    """

    due: Tally
    premium: Mapping[str, EventRef] = field(default_factory=dict)
    """Incidents for which a premium was paid: an order counts once, however many legs it took."""
    expedited: Mapping[str, EventRef] = field(default_factory=dict)
    """These, and everything expedited that nobody called premium."""
    freight: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    """Premium freight invoiced, by currency and order (or invoice)."""

    def per_100_lines(self, count: Decimal | int) -> Decimal:
        """A count for each hundred lines due."""
        return share(count, self.due.lines)


@dataclass(frozen=True)
class QuarterCase(Case):
    """A quarter of the company beside the one before it."""

    quarter: Quarter
    before: Quarter
    known_before: Callable[[date], bool]
    deeds: Callable[[Period], Sequence[Event[Any]]]
    """What was done in a quarter that changes how things are done, in force."""
    flown: Callable[[], Collection[str]]
    """Products that a premium was paid for in the quarter before: on lines of orders, or named themselves."""


LASTING = (
    "terms_changed",
    "process_fix",
    "order_simplification",
    "corrective_action",
    "buffer_changed",
    "alternative_source",
)
"""Interventions that outlast the order or week they are about."""
