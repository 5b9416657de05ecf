"""So many orders of a customer in a row were perfect that luck does not explain it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import takewhile
from math import ceil, log
from statistics import median
from typing import TYPE_CHECKING, Any

from shared.patterns import contributions
from shared.patterns.claim import Claim, Making
from shared.patterns.contradictions import first_against
from shared.patterns.finality import settled_at
from shared.patterns.model import EventRef, Verdict
from shared.patterns.registry import subject_pattern
from shared.patterns.thresholds import threshold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from shared.history.order import Order
    from shared.patterns.account_case import AccountCase, AccountOrder

LUCK = threshold(
    "perfect_order_streak.luck", "0.10", "probability", "a streak that chance brings more often is no news"
)
USUAL = threshold(
    "perfect_order_streak.usual", "0.95", "share", "how often an order is perfect while too few came before"
)
FENCE_CHANGES = threshold(
    "perfect_order_streak.fence_changes", "10", "per 100 lines", "more changes of mind are no clean orders"
)
LEAST_SHARE = threshold(
    "perfect_order_streak.least_share",
    "0.5",
    "share",
    "smaller than half the usual order: split to count more",
)
_KNOWN = 20
"""Orders before the streak from which its customer's own rate is known."""
_BOUNDS = (Decimal("0.5"), Decimal("0.98"))


@subject_pattern("customer")
def perfect_order_streak(case: AccountCase) -> Claim | None:
    """Sales kept the orders clean; Operations delivered every one of them without a fault."""
    due = sorted((day, o.placed_at, o) for o in case.orders if (day := o.due) and day < case.during.end)
    run = list(takewhile(lambda each: each[-1].perfect, reversed(due)))
    if not run or run[0][0] < case.during.start:
        return None
    streak = _Streak(case, [o for *_, o in reversed(run)], [o for *_, o in due[: len(due) - len(run)]])
    gates = (streak.long_enough, streak.new, streak.clean, streak.of_usual_size, streak.seen_live)
    return Claim(gates, streak.make)


@dataclass(frozen=True)
class _Streak:
    """The perfect orders at the end of what fell due, and what came before them."""

    case: AccountCase
    orders: Sequence[AccountOrder]
    before: Sequence[AccountOrder]

    @cached_property
    def usual(self) -> Decimal:
        """How often an order of this customer was perfect before; what nobody knows of is not perfect."""
        if len(self.before) < _KNOWN:
            return USUAL.of(self.case.rules)
        low, high = _BOUNDS
        return min(high, max(low, Decimal(sum(o.perfect is True for o in self.before)) / len(self.before)))

    @cached_property
    def least(self) -> int:
        """As many in a row come by luck no more often than that: usual to the power of them."""
        return ceil(log(LUCK.of(self.case.rules)) / log(self.usual))

    def length(self, before: date) -> int:
        """Orders in a row that fell due before a day; those placed on one day count once."""
        return len({o.placed_at.date() for o in self.orders if o.due and o.due < before})

    def long_enough(self) -> Verdict:
        """Longer than luck."""
        length = self.length(self.case.during.end)
        values = {
            "orders": length,
            "least": self.least,
            "usual": str(self.usual),
            "known_from": len(self.before),
        }
        return Verdict("longer_than_luck", length >= self.least, lambda: values)

    def new(self) -> Verdict:
        """It became so long in this month."""
        earlier = self.length(self.case.during.start)
        return Verdict("reached_this_month", earlier < self.least, lambda: {"orders_before": earlier})

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
        """Nobody split orders to count more of them."""
        now, then = _values(self.orders), _values(self.before)
        least = LEAST_SHARE.of(self.case.rules)
        known = bool(now and then)
        return Verdict(
            "orders_of_usual_size",
            not known or median(now) >= median(then) * least,
            lambda: {"median": f"{median(now):.2f}", "before": f"{median(then):.2f}"} if known else {},
        )

    def seen_live(self) -> Verdict:
        """No order of the streak was loaded from history."""
        loaded = sorted({order.order_id for order in self.histories for e in order.events if e.data.backfill})
        return Verdict("seen_live", not loaded, lambda: {"loaded_orders": loaded[:5]})

    @cached_property
    def histories(self) -> list[Order]:
        """The streak with its events."""
        return list(self.case.histories(order.order_id for order in self.orders).values())

    def make(self) -> Making:
        """The deeds on all its orders; final when the last one is."""
        parts = [part for order in self.histories for part in contributions.of_order(order)]
        lines = [line for order in self.orders for line in order.lines]
        last = max(order.closed_at for order in self.orders if order.closed_at is not None)
        due = max(order.due for order in self.orders if order.due is not None)
        receipts = {
            (receipt.at, EventRef(receipt.source, receipt.event_id))
            for order in self.histories
            for line in order.lines.values()
            for receipt in line.receipts
        }
        return Making(
            parts=tuple(sorted(parts, key=lambda part: (part.time, part.event))),
            facts=self.facts(),
            evidence=tuple(ref for _, ref in sorted(receipts)),
            final_at=settled_at(self.case.rules, last, due),
            difficulty=Decimal(sum(line.special for line in lines)) / len(lines),
            rarity=min(Decimal(1), Decimal(-log(self.usual) / log(10) * len(self.orders) / 2)),
            pending=any(line.unassessed for order in self.histories for line in order.lines.values()),
            reason=first_against(self.histories),
        )

    def facts(self) -> dict[str, Any]:
        """What a story may state."""
        return {
            "customer_id": self.case.customer_id,
            "orders": self.length(self.case.during.end),
            "lines": sum(len(order.lines) for order in self.orders),
            "from": min(order.due for order in self.orders if order.due).isoformat(),
            "to": max(order.due for order in self.orders if order.due).isoformat(),
            "usual_percent": f"{self.usual * 100:.1f}",
            "usual_known": len(self.before) >= _KNOWN,
            "luck_percent": f"{LUCK.of(self.case.rules) * 100:.1f}",
            "least": self.least,
        }


def _values(orders: Sequence[AccountOrder]) -> list[Decimal]:
    """What orders are worth, where every price is known."""
    values = [[line.value for line in order.lines] for order in orders]
    return [sum((v for v in each if v is not None), Decimal(0)) for each in values if None not in each]
