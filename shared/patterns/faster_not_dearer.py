"""A customer waits a fifth less for its orders than in the half-year before, and nobody paid for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING, Any

from shared.events.deliveries import InterventionRecorded
from shared.patterns import account_proof
from shared.patterns.account_trade import currency_of, margin
from shared.patterns.claim import Claim, Making
from shared.patterns.finality import settled_at
from shared.patterns.model import Verdict
from shared.patterns.registry import subject_pattern
from shared.patterns.thresholds import threshold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.history.order import Order
    from shared.patterns.account_case import AccountCase, AccountOrder

ORDERS = threshold("faster_not_dearer.orders", "20", "orders", "fewer tell nothing of a median")
CUT = threshold("faster_not_dearer.cut", "0.20", "share", "a customer notices a fifth")
CHANCE = threshold("faster_not_dearer.chance", "0.05", "probability", "the usual bar of the rank test")
ALIKE = threshold(
    "faster_not_dearer.alike",
    "0.5",
    "share",
    "of the lines: of other products nobody knows how long they took",
)
AHEAD = threshold(
    "faster_not_dearer.ahead", "0.9", "share", "who orders later waits less without anybody being faster"
)
MARGIN = threshold("faster_not_dearer.margin", "1", "points", "a point of margin comes and goes by itself")
INVOICED = threshold(
    "faster_not_dearer.invoiced", "0.8", "share", "what nobody invoiced may be what was dearer"
)
_RECENT, _BEFORE = 3, 6
_NEVER = 100_000
"""Days that an order took which has not come in full, or never will: the slowest of all."""
_CHANGES = (*account_proof.CHANGES, "intervention.capacity_added", "intervention.alternative_source")


@subject_pattern("customer", apart=_RECENT + _BEFORE)
def faster_not_dearer(case: AccountCase) -> Claim | None:
    """Sales simplified orders and terms; Operations cut the lead time."""
    first = case.during.back(_RECENT - 1).start
    recent = _counting(case.placed(first, case.during.end))
    before = _counting(case.placed(case.during.back(_RECENT + _BEFORE - 1).start, first))
    if not recent or not before:
        return None
    pace = _Pace(case, before, recent)
    gates = (
        pace.enough,
        pace.faster,
        pace.like_for_like,
        pace.wanted_as_early,
        pace.no_luck,
        pace.margin_kept,
        pace.no_more_expedites,
        pace.seen_live,
    )
    return Claim(gates, pace.make)


def _counting(orders: Sequence[AccountOrder]) -> list[AccountOrder]:
    return [order for order in orders if order.counting]


@dataclass(frozen=True)
class _Pace:
    """The orders placed in three months, and in the six before them."""

    case: AccountCase
    before: Sequence[AccountOrder]
    recent: Sequence[AccountOrder]

    @cached_property
    def waits(self) -> tuple[list[int], list[int]]:
        """Days from each order's placing until all of it had come: before, and recently."""
        before, recent = ([self._wait(order) for order in some] for some in (self.before, self.recent))
        return before, recent

    def _wait(self, order: AccountOrder) -> int:
        if order.filled_at is None:
            return _NEVER
        return (self.case.day(order.filled_at) - order.placed_on).days

    def enough(self) -> Verdict:
        """Medians of so few say nothing."""
        least = ORDERS.of(self.case.rules)
        counts = {"before": len(self.before), "recent": len(self.recent)}
        return Verdict("enough_orders", min(counts.values()) >= least, lambda: counts | {"least": str(least)})

    @cached_property
    def days(self) -> tuple[float, float]:
        """The median wait before, and recently."""
        before, recent = self.waits
        return median(before), median(recent)

    def faster(self) -> Verdict:
        """The median wait fell; orders still open count as the slowest."""
        before, recent = self.days
        return Verdict(
            "waits_less",
            0 < before < _NEVER and self._shorter(before, recent),
            lambda: {"days_before": before, "days_recent": recent, "least_cut": str(CUT.of(self.case.rules))},
        )

    def _shorter(self, before: float, recent: float) -> bool:
        return recent <= before * (1 - float(CUT.of(self.case.rules)))

    def like_for_like(self) -> Verdict:
        """The same products came faster: the customer does not just order the quick ones."""
        before, recent = (self._by_product(some) for some in (self.before, self.recent))
        alike = {name for name in before.keys() & recent.keys() if median(before[name]) < _NEVER}
        share = sum(len(recent[name]) for name in alike) / sum(map(len, recent.values()))
        then, now = (
            sum(median(waits[name]) * len(recent[name]) for name in alike) for waits in (before, recent)
        )
        return Verdict(
            "like_for_like",
            share >= ALIKE.of(self.case.rules) and self._shorter(then, now),
            lambda: {
                "products": len(alike),
                "share_of_lines": f"{share:.2f}",
                "days_before": f"{then:.1f}",
                "days_recent": f"{now:.1f}",
            },
        )

    def _by_product(self, orders: Sequence[AccountOrder]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for order in orders:
            for line in order.counting:
                came = line.closed_at if line.ended_by == "filled" else None
                wait = _NEVER if came is None else (self.case.day(came) - order.placed_on).days
                found[line.product_id].append(wait)
        return found

    def wanted_as_early(self) -> Verdict:
        """The customer asks for its goods as long ahead as ever."""
        then, now = (median(_ahead(order) for order in some) for some in (self.before, self.recent))
        least = AHEAD.of(self.case.rules)
        return Verdict(
            "wanted_as_early",
            now >= then * float(least),
            lambda: {"days_ahead_before": then, "days_ahead_recent": now, "least_share": str(least)},
        )

    def no_luck(self) -> Verdict:
        """Mann and Whitney's rank test, two-sided: both sets of orders do not take equally long."""
        from scipy.stats import mannwhitneyu  # noqa: PLC0415 - slow to import, and seldom needed

        chance = float(mannwhitneyu(*self.waits, alternative="two-sided", method="asymptotic").pvalue)
        most = CHANCE.of(self.case.rules)
        return Verdict("no_luck", chance < most, lambda: {"probability": f"{chance:.4f}", "most": str(most)})

    @cached_property
    def histories(self) -> tuple[list[Order], list[Order]]:
        """The orders with their events: before, and recently."""
        before, recent = (
            list(self.case.histories(order.order_id for order in some).values())
            for some in (self.before, self.recent)
        )
        return before, recent

    def margin_kept(self) -> Verdict:
        """Gross margin is known and did not fall by more than a point."""
        then, now = (margin(some, currency_of(self.recent)) for some in self.histories)
        known = min(then.invoiced, now.invoiced) >= INVOICED.of(self.case.rules)
        most = MARGIN.of(self.case.rules)
        kept = then.percent is not None and now.percent is not None and now.percent >= then.percent - most
        return Verdict(
            "margin_kept",
            known and kept,
            lambda: {
                "percent_before": then.text,
                "percent_recent": now.text,
                "invoiced_before": f"{then.invoiced:.2f}",
                "invoiced_recent": f"{now.invoiced:.2f}",
            },
        )

    def no_more_expedites(self) -> Verdict:
        """Nobody bought the speed: no more orders in a hundred lines needed a premium."""
        then, now = map(_expedited, self.histories)
        return Verdict(
            "no_more_expedites",
            now <= then,
            lambda: {"per_100_lines_before": f"{then:.2f}", "per_100_lines_recent": f"{now:.2f}"},
        )

    def seen_live(self) -> Verdict:
        """No recent order was loaded as history."""
        return account_proof.seen_live(self.histories[1])

    def make(self) -> Making:
        """What changed how orders run, from three months before the recent ones on."""
        before, recent = self.histories
        zone, during = self.case.rules.zone, self.case.during
        since = during.back(2 * _RECENT - 1).starts_at(zone)
        parts = account_proof.deeds(self.case, (*before, *recent), since, during.ends_at(zone))
        closed = max(order.filled_at for order in self.recent if order.filled_at is not None)
        then, now = self.days
        return Making(
            parts=parts,
            facts=self.facts(),
            evidence=account_proof.proof(recent, parts),
            final_at=settled_at(self.case.rules, closed, self.case.day(closed)),
            difficulty=Decimal(1) - Decimal(str(now)) / Decimal(str(then)),
            value=min(Decimal(1), Decimal(len(self.recent)) / 100),
            pending=any(order.unassessed for order in self.recent),
            reason=self._against(),
            enough=(_CHANGES, _CHANGES),
        )

    def _against(self) -> str | None:
        """What was said against recent orders, if it is more, of a hundred, than before."""
        then, now = (
            sum(account_proof.against(self.case, [order]) is not None for order in some) / len(some)
            for some in self.histories
        )
        return account_proof.against(self.case, self.histories[1]) if now > then else None

    def facts(self) -> dict[str, Any]:
        """What a story may state."""
        then, now = self.days
        before, recent = (margin(some, currency_of(self.recent)) for some in self.histories)
        return {
            "customer_id": self.case.customer_id,
            "from": self.case.during.back(_RECENT - 1).start.isoformat(),
            "to": (self.case.during.end - timedelta(days=1)).isoformat(),
            "orders": len(self.recent),
            "before_orders": len(self.before),
            "now_days": f"{now:g}",
            "before_days": f"{then:g}",
            "cut_percent": f"{(1 - now / then) * 100:.0f}",
            "margin_percent": recent.text,
            "before_margin_percent": before.text,
            "expedites_per_100_lines": f"{_expedited(self.histories[1]):.1f}",
        }


def _ahead(order: AccountOrder) -> int:
    """Days from the placing until the last day the customer asked for."""
    asked = [line.requested_due for line in order.counting if line.requested_due is not None]
    return (max(asked) - order.placed_on).days


def _expedited(orders: Sequence[Order]) -> Decimal:
    """Orders that somebody paid a premium for, in a hundred lines."""
    paid = sum(
        any(isinstance(event.data, InterventionRecorded) and event.data.premium for event in order.events)
        for order in orders
    )
    return Decimal(100 * paid) / sum(len(order.lines) for order in orders)
