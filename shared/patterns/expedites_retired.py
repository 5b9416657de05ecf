"""Far fewer premium incidents than in the quarter before, and service no worse."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from math import log10, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from shared.patterns import contributions
from shared.patterns.claim import Claim, Making
from shared.patterns.finality import midnight_after
from shared.patterns.model import Verdict
from shared.patterns.registry import subject_pattern
from shared.patterns.thresholds import threshold

if TYPE_CHECKING:
    from shared.patterns.company_case import Quarter, QuarterCase
    from shared.patterns.model import Contribution

FALL = threshold(
    "expedites_retired.fall", "0.3", "share of the rate before", "less is what quarters differ by anyway"
)
FEWER = threshold(
    "expedites_retired.fewer", "10", "incidents", "from a handful to fewer is luck, whatever the percentage"
)
LUCK = threshold(
    "expedites_retired.luck", "0.05", "probability", "quarters of the same rate differ as much more often"
)
INVOICE_DAYS = threshold(
    "expedites_retired.invoice_days", "30", "days after the quarter", "freight is invoiced late"
)
SALES = ("terms_changed", "process_fix", "order_simplification")
OPERATIONS = ("process_fix", "corrective_action", "buffer_changed", "alternative_source")
_HARDLY = 1e-9
_MANY = 3
"""Causes that, when put right, were as hard as it gets."""


@subject_pattern("quarter")
def expedites_retired(case: QuarterCase) -> Claim | None:
    """Sales cut late changes; Operations fixed what made the rest necessary."""
    if not case.quarter.due.live or not case.before.due.lines:
        return None
    fall = _Fall(case)
    gates = (
        fall.known,
        fall.fewer,
        fall.lower_rate,
        fall.no_luck,
        fall.not_renamed,
        fall.not_unlogged,
        fall.not_costlier,
        fall.fewer_late_changes,
        fall.service_kept,
    )
    return Claim(gates, fall.make)


@dataclass(frozen=True)
class _Fall:
    """A quarter beside the one before it."""

    case: QuarterCase

    def known(self) -> Verdict:
        """The record reaches back over the quarter before."""
        needed = self.case.during.previous.start + timedelta(days=31)
        known = self.case.known_before(needed)
        return Verdict("history_known", known, lambda: {"lines_due_before": needed.isoformat()})

    def fewer(self) -> Verdict:
        """Enough incidents fewer to be no luck."""
        now, before = len(self.case.quarter.premium), len(self.case.before.premium)
        least = FEWER.of(self.case.rules)
        values = {"incidents": now, "before": before, "least_fewer": str(least)}
        return Verdict("fewer_incidents", before - now >= least, lambda: values)

    def lower_rate(self) -> Verdict:
        """Far fewer for each line, too: the volume did not simply fall."""
        return self._fell("lower_rate", len(self.case.quarter.premium), len(self.case.before.premium))

    @cached_property
    def luck(self) -> float:
        """How often as few of all these incidents fall into the second of two quarters of the same rate."""
        now, both = len(self.case.quarter.premium), sum(len(quarter.premium) for quarter in self._both)
        share = self.case.quarter.due.lines / max(1, sum(quarter.due.lines for quarter in self._both))
        spread = sqrt(both * share * (1 - share))
        return NormalDist(both * share, spread).cdf(now + 0.5) if spread else 1.0

    def no_luck(self) -> Verdict:
        """Incidents that come by chance do not fall so far."""
        most = LUCK.of(self.case.rules)
        return Verdict("no_luck", self.luck <= most, lambda: {"luck": f"{self.luck:.4f}", "most": str(most)})

    def not_renamed(self) -> Verdict:
        """So are all expedites: they are not only called otherwise."""
        return self._fell("not_renamed", len(self.case.quarter.expedited), len(self.case.before.expedited))

    def not_unlogged(self) -> Verdict:
        """So are the orders with premium freight on an invoice, whoever was charged: none went unlogged."""
        now, before = (sum(map(len, q.freight.values())) for q in self._both)
        return self._fell("not_unlogged", now, before)

    def not_costlier(self) -> Verdict:
        """Nor did fewer runs cost more, in the currency in which most were invoiced."""
        if self.currency is None:
            return Verdict("not_costlier", passed=True, values=dict)
        now, before = (self._cost(quarter) for quarter in self._both)
        rates = self.case.quarter.per_100_lines(now), self.case.before.per_100_lines(before)
        values = {"currency": self.currency, "per_100_lines": f"{rates[0]:.2f}", "before": f"{rates[1]:.2f}"}
        return Verdict("not_costlier", rates[0] <= rates[1], lambda: values)

    def fewer_late_changes(self) -> Verdict:
        """Fewer changes inside the frozen fence for each line."""
        now, before = (q.per_100_lines(q.due.fence_changes) for q in self._both)
        values = {"per_100_lines": f"{now:.2f}", "before": f"{before:.2f}"}
        return Verdict("fewer_late_changes", now < before, lambda: values)

    def service_kept(self) -> Verdict:
        """As many lines on time and in full, by the first promise."""
        now, before = self.case.quarter.due.live_otif, self.case.before.due.otif
        values = {"otif": f"{now:.2f}", "before": f"{before:.2f}"}
        return Verdict("service_kept", now >= before, lambda: values)

    def _fell(self, name: str, now: int, before: int) -> Verdict:
        rates = self.case.quarter.per_100_lines(now), self.case.before.per_100_lines(before)
        most = rates[1] * (1 - FALL.of(self.case.rules))
        values = {"per_100_lines": f"{rates[0]:.2f}", "before": f"{rates[1]:.2f}", "most": f"{most:.2f}"}
        return Verdict(name, rates[0] <= most, lambda: values)

    @property
    def _both(self) -> tuple[Quarter, Quarter]:
        return self.case.quarter, self.case.before

    @cached_property
    def currency(self) -> str | None:
        """In which most premium freight was invoiced, over both quarters."""
        counts: Counter[str] = Counter()
        for quarter in self._both:
            counts.update({currency: len(orders) for currency, orders in quarter.freight.items()})
        return min(counts, key=lambda currency: (-counts[currency], currency)) if counts else None

    def _cost(self, quarter: Quarter) -> Decimal:
        return sum(quarter.freight.get(self.currency or "", {}).values(), Decimal(0))

    def _freight(self, quarter: Quarter) -> dict[str, str] | None:
        if self.currency is None:
            return None
        return {"amount": f"{self._cost(quarter):.2f}", "currency": self.currency}

    @cached_property
    def parts(self) -> list[Contribution]:
        """What people changed for good, in this quarter or the one before.

        In a company of some size somebody arranges something for single orders every week. That explains no
        fall: a deed counts for all that falls due, or for a product that was expedited before.
        """
        during, flown = self.case.during, self.case.flown()
        events = [
            event
            for quarter in (during.previous, during)
            for event in self.case.deeds(quarter)
            if event.data.week is not None or event.data.product_id in flown
        ]
        enough = {"sales": SALES, "operations": OPERATIONS}
        return [
            part
            for part in contributions.of_events(events)
            if part.action.removeprefix("intervention.") in enough[part.side]
        ]

    def make(self) -> Making:
        """Their deeds; final when freight of the quarter has been invoiced."""
        rules, last = self.case.rules, self.case.during.end - timedelta(days=1)
        incidents = [ref for quarter in self._both for ref in quarter.expedited.values()]
        causes = len({part.event for part in self.parts})
        return Making(
            parts=tuple(self.parts),
            facts=self.facts(),
            evidence=tuple(dict.fromkeys([*(part.event for part in self.parts), *incidents])),
            final_at=midnight_after(rules, last + timedelta(days=int(INVOICE_DAYS.of(rules)))),
            difficulty=min(Decimal(1), Decimal(causes) / _MANY),
            rarity=min(Decimal(1), Decimal(f"{-log10(max(self.luck, _HARDLY)) / 2:.4f}")),
        )

    def facts(self) -> dict[str, Any]:
        """What a story may state."""
        now, before = self._both
        return {
            "quarter": self.case.during.name,
            "from": self.case.during.start.isoformat(),
            "to": (self.case.during.end - timedelta(days=1)).isoformat(),
            "incidents": len(now.premium),
            "incidents_before": len(before.premium),
            "fewer": len(before.premium) - len(now.premium),
            "incidents_per_100_lines": f"{now.per_100_lines(len(now.premium)):.1f}",
            "incidents_per_100_lines_before": f"{before.per_100_lines(len(before.premium)):.1f}",
            "lines": now.due.lines,
            "lines_before": before.due.lines,
            "late_changes_per_100_lines": f"{now.per_100_lines(now.due.fence_changes):.1f}",
            "late_changes_per_100_lines_before": f"{before.per_100_lines(before.due.fence_changes):.1f}",
            "otif_percent": f"{now.due.live_otif:.1f}",
            "otif_before_percent": f"{before.due.otif:.1f}",
            "freight": self._freight(now),
            "freight_before": self._freight(before),
        }
