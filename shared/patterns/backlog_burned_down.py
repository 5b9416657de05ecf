"""A customer's list of overdue lines was halved within six weeks, by delivering, and stayed short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from math import sqrt
from typing import TYPE_CHECKING, Any

from shared.patterns import account_proof
from shared.patterns.claim import HALF, Claim, Making
from shared.patterns.finality import settled_at
from shared.patterns.model import Verdict
from shared.patterns.registry import subject_pattern
from shared.patterns.thresholds import threshold

if TYPE_CHECKING:
    from shared.history.order import Order
    from shared.patterns.account_case import AccountCase, AccountLine
    from shared.patterns.account_orders import Overdue

HALVED = threshold(
    "backlog_burned_down.halved", "0.5", "share", "less than half of it gone is no end in sight"
)
SIGMAS = threshold(
    "backlog_burned_down.sigmas", "3", "standard deviations", "a list of that length varies so much by itself"
)
OTHERWISE = threshold(
    "backlog_burned_down.otherwise", "0.2", "share", "cancelled or closed short is not worked off"
)
_WITHIN, _HELD = timedelta(days=42), timedelta(days=14)
_LATELY = timedelta(days=84)
"""So long before its longest day, lines that fell due tell how often they were late."""
_FULL_AGE = 30
"""Mean days overdue that count as full difficulty."""
_MONTHS = 3
"""The window of eight weeks touches so many months."""


@subject_pattern("customer", apart=_MONTHS)
def backlog_burned_down(case: AccountCase) -> Claim | None:
    """Sales ranked and cleaned the list with the customer; Operations worked it off."""
    list_ = _List(case)
    last = case.during.end - timedelta(days=1)
    if list_.most < SIGMAS.of(case.rules) ** 2:  # however far it fell, it may be chance
        return None
    days = (case.during.start + timedelta(days=n) for n in range((last - case.during.start).days + 1))
    drops = (_Drop(case, list_, day) for day in days)
    drop = next((each for each in drops if each.halved().passed), _Drop(case, list_, last))
    gates = (drop.halved, drop.delivered, drop.new_ones_on_time, drop.seen_live)
    return Claim(gates, drop.make)


class _List:
    """How many lines were overdue at the end of each day: past the first promise, and not there.

    A promise that we moved does not make a line less overdue.
    """

    def __init__(self, case: AccountCase) -> None:
        self.first = case.during.start - _WITHIN - _HELD
        self._overdue = case.overdue_after(self.first)
        days = (case.during.end - self.first).days
        steps = [0] * (days + 1)
        for each in self._overdue:
            steps[min(max((each.since - self.first).days, 0), days)] += 1
            steps[min((each.until - self.first).days, days)] -= 1
        self._counts = list(accumulate(steps))

    @property
    def most(self) -> int:
        """Lines overdue on the longest of these days."""
        return max(self._counts[:-1])

    def count(self, day: date) -> int:
        """Lines overdue at the end of a day."""
        return self._counts[(day - self.first).days]

    def on(self, day: date) -> list[Overdue]:
        """Those lines."""
        return [each for each in self._overdue if each.since <= day < each.until]


@dataclass(frozen=True)
class _Drop:
    """What became of the list in the eight weeks that end with a day."""

    case: AccountCase
    list_: _List
    day: date

    @property
    def down(self) -> date:
        """From this day on it stayed short."""
        return self.day - _HELD + timedelta(days=1)

    @cached_property
    def longest(self) -> date:
        """The last day on which it was longest, in the six weeks before."""
        days = [self.down - timedelta(days=n) for n in range(_WITHIN.days + 1)]
        return max(days, key=lambda day: (self.list_.count(day), day))

    @cached_property
    def level(self) -> int:
        """The most that were overdue since it was short."""
        days = range((self.day - self.down).days + 1)
        return max(self.list_.count(self.down + timedelta(days=n)) for n in days)

    @property
    def peak(self) -> int:
        """How many lines were overdue when it was longest."""
        return self.list_.count(self.longest)

    def halved(self) -> Verdict:
        """It fell by half, stayed there for two weeks, and by more than such a list varies."""
        gone = self.peak - self.level
        sigmas = gone / sqrt(self.peak + self.level) if gone > 0 else 0.0
        return Verdict(
            "halved_and_held",
            gone >= self.peak * HALVED.of(self.case.rules) and sigmas >= SIGMAS.of(self.case.rules),
            lambda: {
                "overdue": self.peak,
                "on": self.longest.isoformat(),
                "overdue_since": self.level,
                "since": self.down.isoformat(),
                "standard_deviations": f"{sigmas:.1f}",
            },
        )

    @cached_property
    def gone(self) -> list[AccountLine]:
        """The lines that left the list."""
        return [each.line for each in self.list_.on(self.longest) if each.until <= self.day]

    @property
    def filled(self) -> list[AccountLine]:
        """Those that left it by being delivered, in full."""
        return [line for line in self.gone if line.ended_by == "filled" or line.in_full]

    def delivered(self) -> Verdict:
        """It was worked off, not cancelled away or closed short."""
        otherwise = Decimal(len(self.gone) - len(self.filled)) / max(1, len(self.gone))
        most = OTHERWISE.of(self.case.rules)
        return Verdict(
            "worked_off",
            bool(self.gone) and otherwise <= most,
            lambda: {"gone": len(self.gone), "otherwise_share": f"{otherwise:.2f}", "most": str(most)},
        )

    def new_ones_on_time(self) -> Verdict:
        """What fell due meanwhile was not late more often than before."""
        then = self._late(self.longest - _LATELY, self.longest)
        now = self._late(self.longest, self.day)
        return Verdict(
            "new_ones_on_time",
            now <= then,
            lambda: {"late_share_before": f"{then:.2f}", "late_share_since": f"{now:.2f}"},
        )

    def _late(self, after: date, until: date) -> float:
        """The share of late lines among those due after a day and up to another."""
        lines = (line for order in self.case.orders for line in order.counting)
        due = [line for line in lines if line.due and after < line.due <= until]
        return sum(not line.on_time for line in due) / max(1, len(due))

    @cached_property
    def histories(self) -> list[Order]:
        """The orders of the lines that were delivered, with their events."""
        return list(self.case.histories(line.order_id for line in self.filled).values())

    def seen_live(self) -> Verdict:
        """No order of these was loaded as history."""
        return account_proof.seen_live(self.histories)

    def make(self) -> Making:
        """What was done about the list in these weeks; final after the windows of what was delivered."""
        zone = self.case.rules.zone
        since, until = (
            datetime.combine(day, time(), zone) for day in (self.down - _WITHIN, self.day + timedelta(days=1))
        )
        parts = account_proof.deeds(self.case, self.histories, since, until)
        last = max(line.ended_at for line in self.filled if line.ended_at is not None)
        return Making(
            parts=parts,
            facts=self.facts(),
            evidence=account_proof.proof(self.histories, parts),
            final_at=settled_at(self.case.rules, last, self.day),
            difficulty=min(Decimal(1), Decimal(self.age) / _FULL_AGE),
            value=self._value(),
            pending=any(line.unassessed for line in self.filled),
            reason=account_proof.against(
                self.case, self.histories, datetime.combine(self.down, time(), zone)
            ),
        )

    @cached_property
    def age(self) -> int:
        """For how many days the lines had been overdue, on average, when the list was longest."""
        ages = [(self.longest - each.since).days + 1 for each in self.list_.on(self.longest)]
        return sum(ages) // len(ages)

    def _value(self) -> Decimal:
        values = [line.value for line in self.filled]
        if None in values:
            return HALF
        total = sum((value for value in values if value is not None), Decimal(0))
        return min(Decimal(1), total / self.case.rules.full_order_value)

    def facts(self) -> dict[str, Any]:
        """What a story may state."""
        return {
            "customer_id": self.case.customer_id,
            "overdue": self.peak,
            "overdue_on": self.longest.isoformat(),
            "left": self.level,
            "since": self.down.isoformat(),
            "held_until": self.day.isoformat(),
            "delivered": len(self.filled),
            "otherwise": len(self.gone) - len(self.filled),
            "mean_overdue_days": self.age,
            "value": self._worth(),
        }

    def _worth(self) -> dict[str, str] | None:
        values = [line.value for line in self.filled]
        currencies = {line.currency for line in self.filled}
        if None in values or len(currencies) != 1:
            return None
        total = sum((value for value in values if value is not None), Decimal(0))
        return {"amount": f"{total:.2f}", "currency": currencies.pop()}
