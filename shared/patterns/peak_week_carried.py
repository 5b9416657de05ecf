"""A week with far more lines due than usual, and as many of them on time and in full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING, Any

from shared.patterns import contributions
from shared.patterns.claim import Claim, Making
from shared.patterns.company_case import TRAILING, Tally, share, total
from shared.patterns.finality import midnight_after
from shared.patterns.model import Verdict
from shared.patterns.registry import subject_pattern
from shared.patterns.thresholds import threshold

if TYPE_CHECKING:
    from shared.patterns.company_case import WeekCase
    from shared.patterns.model import Contribution

LINES = threshold("peak_week_carried.lines", "20", "lines", "percentages of fewer lines say little")
TIMES = threshold("peak_week_carried.times", "1.5", "times the median week", "half as much again is felt")
SPREADS = threshold(
    "peak_week_carried.spreads",
    "2",
    "robust standard deviations above the median",
    "where weeks swing, less is an ordinary week",
)
SIZE = threshold(
    "peak_week_carried.size",
    "0.7",
    "share of the usual line",
    "1.5 times the lines at 0.7 of their size is still more than usual",
)
PREMIUM = threshold(
    "peak_week_carried.premium",
    "2",
    "orders at a premium per 100 lines, more than usual",
    "what express freight carried was bought",
)
PULLED = threshold(
    "peak_week_carried.pulled",
    "0.5",
    "share of the lines beyond the usual",
    "what is missing in the weeks after was only pulled forward",
)
AGAINST = threshold(
    "peak_week_carried.against",
    "2",
    "lines per 100, more than usual",
    "goods that come back, or customers that complain, were not served",
)
_SPREAD = Decimal("1.4826")
"""From a median absolute deviation to a standard deviation."""
PHASED = ("priority_call", "demand_reallocation", "order_simplification", "reschedule", "split_shipment")
SCALED = (
    "capacity_added",
    "overtime",
    "reschedule",
    "alternative_source",
    "alternative_carrier",
    "stock_transfer",
    "buffer_changed",
)


@subject_pattern("week", apart=4, after=3)
def peak_week_carried(case: WeekCase) -> Claim | None:
    """Sales phased the demand with its customers; Operations scaled up for it."""
    if case.week.live < LINES.of(case.rules):
        return None
    peak = _Peak(case)
    gates = (
        peak.known,
        peak.high,
        peak.served,
        peak.not_pulled_forward,
        peak.acted_on,
        peak.no_backlog,
        peak.as_hard,
        peak.not_bought,
    )
    return Claim(gates, peak.make)


@dataclass(frozen=True)
class _Peak:
    """The week beside the thirteen before it."""

    case: WeekCase

    @cached_property
    def usual(self) -> Decimal:
        """Lines of the median week."""
        return Decimal(median(week.lines for week in self.case.before))

    @cached_property
    def before(self) -> Tally:
        """The weeks before, together."""
        return total(self.case.before)

    @cached_property
    def spread(self) -> Decimal:
        """How far weeks usually are from the median, robustly."""
        return _SPREAD * median(abs(week.lines - self.usual) for week in self.case.before)

    def known(self) -> Verdict:
        """The record reaches back over all weeks that it is compared with."""
        needed = self.case.during.back(TRAILING).end
        known = self.case.known_before(needed)
        return Verdict("history_known", known, lambda: {"lines_due_before": needed.isoformat()})

    def high(self) -> Verdict:
        """Half as much again as the median week, and beyond the usual swing."""
        lines, rules = self.case.week.live, self.case.rules
        least = max(self.usual * TIMES.of(rules), self.usual + self.spread * SPREADS.of(rules))
        values = {"lines": lines, "median": str(self.usual), "spread": str(self.spread), "least": str(least)}
        return Verdict("far_above_usual", self.usual > 0 and lines >= least, lambda: values)

    def served(self) -> Verdict:
        """As many on time and in full, by the first promise, as in the weeks before."""
        otif, before = self.case.week.live_otif, self.before.otif
        return Verdict(
            "as_many_on_time", otif >= before, lambda: {"otif": f"{otif:.2f}", "before": f"{before:.2f}"}
        )

    def not_pulled_forward(self) -> Verdict:
        """The weeks after do not lack what this one had more; those to come are not counted yet."""
        extra = self.case.week.live - self.usual
        missing = sum((self.usual - week.lines for week in self.case.after), Decimal(0))
        most = extra * PULLED.of(self.case.rules)
        values = {"extra": str(extra), "missing_after": str(missing), "weeks_after": len(self.case.after)}
        return Verdict("not_pulled_forward", missing < most, lambda: values)

    def no_backlog(self) -> Verdict:
        """No more lines are overdue at its end than at its start."""
        start, end = (self.case.overdue(day) for day in (self.case.during.start, self.case.during.end))
        return Verdict("no_more_overdue", end <= start, lambda: {"start": start, "end": end})

    @cached_property
    def size(self) -> Decimal | None:
        """Of the same products, how large a line is beside the usual; none makes up for smaller others."""
        during = self.case.during
        usual = self.case.sizes(during.back(TRAILING).start, during.start)
        now = self.case.sizes(during.start, during.end)
        known = [key for key in now if key in usual and usual[key].qty]
        lines = sum(now[key].lines for key in known)
        sizes = [
            now[key].lines
            * min(Decimal(1), now[key].qty * usual[key].lines / now[key].lines / usual[key].qty)
            for key in known
        ]
        return sum(sizes, Decimal(0)) / lines if 2 * lines >= self.case.week.live else None

    def as_hard(self) -> Verdict:
        """The lines are about as large as they are."""
        least = SIZE.of(self.case.rules)
        return Verdict(
            "no_easy_mix",
            self.size is not None and self.size >= least,
            lambda: {"size": f"{self.size:.2f}", "least": str(least)},
        )

    def not_bought(self) -> Verdict:
        """Hardly more orders went at a premium than usual."""
        during = self.case.during
        now = share(self.case.premium_orders(during.start, during.end), self.case.week.lines)
        first = during.back(TRAILING).start
        usual = share(self.case.premium_orders(first, during.start), self.before.lines)
        values = {"premium_per_100_lines": f"{now:.2f}", "before": f"{usual:.2f}"}
        return Verdict("not_bought", now <= usual + PREMIUM.of(self.case.rules), lambda: values)

    @cached_property
    def parts(self) -> list[Contribution]:
        """What people did about this week before it was over, and what counts as phasing or scaling."""
        end = self.case.during.ends_at(self.case.rules.zone)
        enough = {"sales": PHASED, "operations": SCALED}
        return [
            part
            for part in contributions.of_events(self.case.deeds())
            if part.time < end and part.action.removeprefix("intervention.") in enough[part.side]
        ]

    def acted_on(self) -> Verdict:
        """Somebody phased it or scaled up for it."""
        return Verdict("acted_on", bool(self.parts), lambda: {"deeds": len(self.parts)})

    def make(self) -> Making:
        """Their deeds; final when what was due in it can hardly come back any more."""
        week, rules = self.case.week, self.case.rules
        limit = share(self.before.against, self.before.lines) + AGAINST.of(rules)
        last = self.case.during.end - timedelta(days=1)
        refs = [part.event for part in self.parts]
        return Making(
            parts=tuple(self.parts),
            facts=self.facts(),
            evidence=tuple(dict.fromkeys([*refs, *self.case.receipts()])),
            final_at=midnight_after(rules, last + timedelta(days=rules.return_window_days)),
            difficulty=min(Decimal(1), self.times - 1),
            pending=share(week.against + week.unassessed, week.lines) > limit,
            reason=self._against() if share(week.against, week.lines) > limit else None,
        )

    def _against(self) -> str:
        against, usual = self.case.week.against, share(self.before.against, self.before.lines)
        return (
            f"{against} of {self.case.week.lines} lines were faulty or complained of, usually {usual:.1f} %"
        )

    @property
    def times(self) -> Decimal:
        """How many usual weeks it was."""
        return self.case.week.live / self.usual

    def facts(self) -> dict[str, Any]:
        """What a story may state."""
        during, week = self.case.during, self.case.week
        return {
            "week": during.name,
            "from": during.start.isoformat(),
            "to": (during.end - timedelta(days=1)).isoformat(),
            "lines": week.live,
            "usual_lines": str(self.usual),
            "times": f"{self.times:.1f}",
            "weeks_before": TRAILING,
            "otif_percent": f"{week.live_otif:.1f}",
            "usual_otif_percent": f"{self.before.otif:.1f}",
            "overdue_at_start": self.case.overdue(during.start),
            "overdue_at_end": self.case.overdue(during.end),
            "return_window_days": self.case.rules.return_window_days,
        }
