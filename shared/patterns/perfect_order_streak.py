"""So many orders of a customer in a row were perfect that luck does not explain it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from itertools import islice, takewhile
from math import ceil, log
from statistics import median
from typing import TYPE_CHECKING, Any

from shared.history.account import months_before
from shared.patterns import account_proof
from shared.patterns.account_trade import booked, currency_of
from shared.patterns.claim import Claim, Making
from shared.patterns.finality import settled_at
from shared.patterns.model import Verdict
from shared.patterns.registry import subject_pattern
from shared.patterns.thresholds import threshold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from shared.history.order import Order
    from shared.patterns.account_case import AccountCase, AccountOrder
    from shared.patterns.account_trade import Agreed

LUCK = threshold(
    "perfect_order_streak.luck", "0.10", "probability", "a streak that chance brings more often is no news"
)
USUAL = threshold(
    "perfect_order_streak.usual", "0.95", "share", "how often an order is perfect while too few came before"
)
LEAST = threshold("perfect_order_streak.least", "10", "orders", "fewer are no streak, however bad it was")
FENCE_CHANGES = threshold(
    "perfect_order_streak.fence_changes", "10", "per 100 lines", "more changes of mind are no clean orders"
)
LEAST_SHARE = threshold(
    "perfect_order_streak.least_share",
    "0.25",
    "share",
    "of the usual order's value: half comes and goes by itself, less was split over days, or is tiny",
)
_KNOWN = 20
"""Orders of the year before the streak from which its customer's own rate is known."""
_YEAR = timedelta(days=365)
_LONGEST = 18
"""Months; a longer streak is how things are. The case holds these and the year before."""
_BOUNDS = (Decimal("0.5"), Decimal("0.98"))


@subject_pattern("customer")
def perfect_order_streak(case: AccountCase) -> Claim | None:
    """Sales kept the orders clean; Operations delivered every one of them without a fault."""
    longest = _longest(case)
    run: list[Agreed] = []
    for each in takewhile(lambda each: each.perfect, case.last_due()):
        if each.due < (longest if run else case.during.start):
            return None
        run.append(each)
    if not run:
        return None
    streak = _Streak(case, run[::-1])
    gates = (streak.long_enough, streak.new, streak.clean, streak.of_usual_size, streak.seen_live)
    return Claim(gates, streak.make)


def _longest(case: AccountCase) -> date:
    return months_before(case.during.ends_at(case.rules.zone), _LONGEST).date()


@dataclass(frozen=True)
class _Streak:
    """The perfect orders at the end of what fell due."""

    case: AccountCase
    run: Sequence[Agreed]

    @cached_property
    def before(self) -> Sequence[Agreed]:
        """What fell due in the year before them."""
        earlier = islice(self.case.last_due(), len(self.run), None)
        first = self.run[0].due - _YEAR
        return list(takewhile(lambda each: each.due >= first, earlier))[::-1]

    @cached_property
    def orders(self) -> list[AccountOrder]:
        """Each order of the streak."""
        return [order for each in self.run for order in each.orders]

    @cached_property
    def usual(self) -> Decimal:
        """How often an order of this customer was perfect before, as far as its papers are known."""
        if len(self.known) < _KNOWN:
            return USUAL.of(self.case.rules)
        low, high = _BOUNDS
        share = Decimal(sum(each.perfect is True for each in self.known)) / len(self.known)
        return min(high, max(low, share))

    @cached_property
    def known(self) -> list[Agreed]:
        """What came before, of which somebody told whether the papers were right."""
        return [each for each in self.before if each.papers_known]

    @cached_property
    def least(self) -> int:
        """As many in a row come by luck no more often than that: usual to the power of them."""
        rare = ceil(log(LUCK.of(self.case.rules)) / log(self.usual))
        return max(rare, int(LEAST.of(self.case.rules)))

    def long_enough(self) -> Verdict:
        """Longer than luck."""
        values = {
            "orders": len(self.run),
            "least": self.least,
            "usual": f"{self.usual:.4f}",
            "known_from": len(self.known),
        }
        short = 2 * len(self.run) < self.least
        return Verdict("longer_than_luck", len(self.run) >= self.least, lambda: values, premise=short)

    def new(self) -> Verdict:
        """It became so long in this month."""
        earlier = sum(each.due < self.case.during.start for each in self.run)
        new = earlier < self.least
        return Verdict("reached_this_month", new, lambda: {"orders_before": earlier}, premise=True)

    def clean(self) -> Verdict:
        """Few changes inside the frozen fence."""
        lines = [line for order in self.orders for line in order.lines]
        rate = Decimal(100 * sum(line.fence_changes for line in lines)) / len(lines)
        most = FENCE_CHANGES.of(self.case.rules)
        return Verdict(
            "clean_orders",
            rate <= most,
            lambda: {"fence_changes_per_100_lines": f"{rate:.2f}", "most": str(most)},
        )

    def of_usual_size(self) -> Verdict:
        """Nobody split orders to count more of them; where prices are missing, nobody can tell."""
        currency = currency_of(self.orders)
        now, then = (_values(some, currency) for some in (self.run, self.before))
        least = LEAST_SHARE.of(self.case.rules)
        known = bool(now and then)
        return Verdict(
            "orders_of_usual_size",
            not known or median(now) >= median(then) * least,
            lambda: {"median": f"{median(now):.2f}", "before": f"{median(then):.2f}"} if known else {},
        )

    def seen_live(self) -> Verdict:
        """No order of the streak was loaded as history."""
        return account_proof.seen_live(self.histories)

    @cached_property
    def histories(self) -> list[Order]:
        """The streak with its events."""
        return list(self.case.histories(order.order_id for order in self.orders).values())

    def make(self) -> Making:
        """The deeds on all its orders; final when the last one is."""
        last = max(order.closed_at for order in self.orders if order.closed_at is not None)
        first = min(order.placed_at for order in self.orders)
        parts = account_proof.deeds(self.case, self.histories, first, last)
        lines = [line for order in self.orders for line in order.lines]
        return Making(
            parts=parts,
            facts=self.facts(),
            evidence=account_proof.proof(self.histories, parts),
            final_at=settled_at(self.case.rules, last, self.run[-1].due),
            difficulty=Decimal(sum(line.special for line in lines)) / len(lines),
            rarity=min(Decimal(1), Decimal(-log(self.usual) / log(10) * len(self.run) / 2)),
            pending=any(order.unassessed for order in self.orders),
            reason=account_proof.against(self.case, self.histories),
        )

    def facts(self) -> dict[str, Any]:
        """What a story may state."""
        return {
            "customer_id": self.case.customer_id,
            "orders": len(self.run),
            "lines": sum(len(order.lines) for order in self.orders),
            "from": self.run[0].due.isoformat(),
            "to": self.run[-1].due.isoformat(),
            "usual_percent": f"{self.usual * 100:.1f}",
            "usual_known": len(self.known) >= _KNOWN,
            "luck_percent": f"{LUCK.of(self.case.rules) * 100:.1f}",
            "least": self.least,
        }


def _values(some: Sequence[Agreed], currency: str | None) -> list[Decimal]:
    """What deliveries are worth, where every price is known."""
    found = [booked(each.orders, currency) for each in some]
    return [value for value in found if value]
