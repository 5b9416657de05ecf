"""A customer's orders, sorted once for all the months that look at them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from shared.patterns.account_case import AccountLine, AccountOrder

_DAY = timedelta(days=1)
_placed_on = attrgetter("placed_on")


class Overdue(NamedTuple):
    """A line that was not there on the day after the one first promised, or is not there yet."""

    since: date
    until: date
    """When it came, or ended otherwise; the last of all days while it has not."""
    place: int
    """That of its order, by placing."""
    line: AccountLine


@dataclass(frozen=True)
class AccountOrders:
    """Orders by placing. A place is an index among them."""

    orders: Sequence[AccountOrder]
    zone: ZoneInfo

    def places(self, first: date, before: date) -> range:
        """Those placed from a day on and before another."""
        return range(*(bisect_left(self.orders, day, key=_placed_on) for day in (first, before)))

    @cached_property
    def _by_due(self) -> list[tuple[date, date, int]]:
        found = enumerate(self.orders)
        return sorted((order.due, order.placed_on, at) for at, order in found if order.due is not None)

    def due(self, first: date, before: date) -> Sequence[tuple[date, date, int]]:
        """Due day, day of placing and place of what fell due from a day on and before another, by these."""
        known = self._by_due
        start, end = (bisect_left(known, day, key=itemgetter(0)) for day in (first, before))
        return known[start:end]

    @cached_property
    def _overdue(self) -> list[Overdue]:
        found = (
            Overdue(due + _DAY, self._ended(line, due), place, line)
            for place, order in enumerate(self.orders)
            for line in order.counting
            if (due := line.due) is not None
        )
        return sorted((each for each in found if each.since < each.until), key=attrgetter("until"))

    def _ended(self, line: AccountLine, due: date) -> date:
        if line.ended_at is None:
            return date.max
        # no zone is more than a day ahead of UTC: what ended days before needs no closer look
        day = line.ended_at.date()
        return day if day < due else line.ended_at.astimezone(self.zone).date()

    def overdue_after(self, day: date) -> Sequence[Overdue]:
        """Lines that were overdue at some time and did not end up to a day."""
        known = self._overdue
        return known[bisect_left(known, day + _DAY, key=attrgetter("until")) :]
