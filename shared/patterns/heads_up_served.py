"""Sales warned of a spike a lead time ahead, and Operations served it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from statistics import mean, pstdev
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.patterns import product_deeds as deeds
from shared.patterns.availability import Availability
from shared.patterns.claim import HALF, Claim, Making
from shared.patterns.finality import midnight_after
from shared.patterns.forecast_error import rounded
from shared.patterns.forecast_window import ForecastWindow
from shared.patterns.model import Verdict
from shared.patterns.product_case import Stand, standing
from shared.patterns.registry import subject_pattern
from shared.patterns.thresholds import threshold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from shared.patterns.product_case import ProductCase, Version

_P = "heads_up_served"
RAISED = threshold(f"{_P}.raised", "20", "percent", "smaller raises seldom help, and need no heads-up")
SPIKE = threshold(f"{_P}.spike", "20", "percent above the old forecast", "what came must be as unusual")
AS_REVISED = threshold(f"{_P}.as_revised", "15", "percent of the revised forecast", "else it was no warning")
LEAST_AHEAD = threshold(
    f"{_P}.least_ahead", "14", "days", "even for what is bought fast, plans are made before"
)
HONEST = threshold(f"{_P}.honest", "10", "percent", "who always asks for more has warned of nothing")
WORSE = threshold(f"{_P}.worse", "1", "percentage points", "a line of a hundred is no fall of service")
LEAST_OTIF = threshold(f"{_P}.least_otif", "80", "percent", "below, nobody would call it served")
_RECORD, _USUAL = 6, 12
_FULL_UPLIFT = 3
"""Usual deviations that count as full difficulty."""


class Raise(NamedTuple):
    """A revision upwards: what had been said at most, and what Sales says now."""

    since: datetime
    """Of its first version: a revision of many parts takes a day."""
    versions: tuple[Version, ...]
    old: Decimal
    new: Decimal


@subject_pattern("product")
def heads_up_served(case: ProductCase) -> Claim | None:
    """A month foretold to be far above what anybody had said, that came as foretold and was served."""
    spike = _Spike(case)
    if spike.raised is None or case.demand(case.during) is None:
        return None
    return Claim(
        (
            spike.told_in_time,
            spike.came,
            spike.as_revised,
            spike.stood_by,
            spike.honest,
            spike.window.seen_live,
            spike.orders.ordered_enough,
            spike.served,
            spike.orders.seen_live,
        ),
        spike.make,
    )


@dataclass(frozen=True)
class _Spike:
    """The month, and what was said of it."""

    case: ProductCase

    @cached_property
    def raised(self) -> Raise | None:
        """The last raise by Sales, seen live and in time, above all that anybody had said before."""
        told = self.case.said(self.case.during)
        in_time = [v for v in told if v.step == "sales" and self.case.trusted(v) and v.time <= self.until]
        found: Raise | None = None
        for versions in _by_day(in_time, self.case)[1:]:
            before = [
                v for v in told if v.time < versions[0].time and not _same_day(v, versions[0], self.case)
            ]
            now = standing(v for v in in_time if v.time <= versions[-1].time)
            old = max(_totals(before, self.case))
            if now is not None and old > 0 and now.qty * 100 >= old * (100 + RAISED.of(self.case.rules)):
                found = Raise(versions[0].time, tuple(versions), old, now.qty)
        return found

    @property
    def ahead(self) -> timedelta:
        """A lead time; where it is unknown, the lag of forecasts."""
        lead = self.case.product.lead_time_days
        days = self.case.rules.forecast_lag_days if lead is None else lead
        return timedelta(days=max(days, int(LEAST_AHEAD.of(self.case.rules))))

    @property
    def until(self) -> datetime:
        """By when a warning is of use."""
        return self.case.during.starts_at(self.case.rules.zone) - self.ahead

    @property
    def rise(self) -> Raise:
        """The raise, where there is one."""
        assert self.raised is not None, "only a raise makes a claim"
        return self.raised

    @cached_property
    def actual(self) -> Decimal:
        """What was wanted."""
        return self.case.demand(self.case.during) or Decimal(0)

    @cached_property
    def window(self) -> ForecastWindow:
        """The month itself."""
        return ForecastWindow(self.case, [self.case.during])

    @cached_property
    def orders(self) -> Availability:
        """The orders of the month."""
        return Availability(self.case, [self.case.during])

    @cached_property
    def usual(self) -> list[Decimal]:
        """The demand of the months before, as far as known."""
        demands = map(self.case.demand, self.case.months(_USUAL, before=1))
        return [demand for demand in demands if demand is not None]

    def told_in_time(self) -> Verdict:
        """Far above the old forecast, while Operations could still act."""
        start = self.case.during.starts_at(self.case.rules.zone)
        return Verdict(
            "told_in_time",
            passed=True,
            values=lambda: {
                "old_forecast": f"{self.rise.old:f}",
                "revised_forecast": f"{self.rise.new:f}",
                "days_ahead": (start - self.rise.versions[-1].time).days,
                "least_days_ahead": self.ahead.days,
            },
        )

    def came(self) -> Verdict:
        """Demand rose as far."""
        least = self.rise.old * (100 + SPIKE.of(self.case.rules)) / 100
        return Verdict(
            "spike_came",
            self.actual >= least,
            lambda: {"demand": f"{self.actual:f}", "least": f"{least:.1f}"},
        )

    def as_revised(self) -> Verdict:
        """As foretold, neither far less nor far more."""
        off = 100 * (self.actual - self.rise.new) / self.rise.new
        most = AS_REVISED.of(self.case.rules)
        return Verdict("came_as_revised", abs(off) <= most, lambda: {"off_percent": f"{off:.1f}"})

    def stood_by(self) -> Verdict:
        """Sales did not take the warning back before the month began."""
        start = self.case.during.starts_at(self.case.rules.zone)
        last = self.case.standing("sales", self.case.during, start)
        qty = Decimal(0) if last is None else last.qty
        least = self.rise.new * (100 - AS_REVISED.of(self.case.rules)) / 100
        return Verdict("stood_by_it", qty >= least, lambda: {"last_forecast": f"{qty:f}"})

    def honest(self) -> Verdict:
        """Sales' own record of this product shows no habit of asking for more."""
        record = ForecastWindow(self.case, self.case.months(_RECORD, before=1))
        most = HONEST.of(self.case.rules)
        return Verdict(
            "no_hedging",
            record.complete and record.bias <= most,
            lambda: {
                "bias_percent": rounded(record.bias) if record.complete else None,
                "most_percent": str(most),
                "months": _RECORD,
            },
        )

    def served(self) -> Verdict:
        """As much on time and in full as before: as requested, and as promised."""
        before = Availability(self.case, self.case.months(_USUAL, before=1))
        least = LEAST_OTIF.of(self.case.rules)
        pairs = [
            (self.orders.otif_requested.percent, before.otif_requested.percent),
            (self.orders.otif.percent, before.otif.percent),
        ]
        held = all(
            now is not None and then is not None and now >= max(least, then - WORSE.of(self.case.rules))
            for now, then in pairs
        )
        names = ("requested", "first_commit")
        return Verdict(
            "served",
            held,
            lambda: {
                name: {"otif_percent": rounded(now), "before_percent": rounded(then)}
                for name, (now, then) in zip(names, pairs, strict=True)
            },
        )

    def make(self) -> Making:
        """Who warned with a reason, and who acted on it."""
        stand = Stand(self.rise.versions)
        made = deeds.parts(
            self.case,
            [stand],
            self.rise.since,
            (*deeds.FORECAST, *deeds.DEMAND),
            deeds.SUPPLY,
        )
        back = self.orders.returns
        last = self.orders.settled_on.astimezone(self.case.rules.zone).date()
        return Making(
            parts=made,
            facts=self.facts(),
            evidence=deeds.evidence([stand], made, self.orders.shipments),
            final_at=midnight_after(
                self.case.rules, last + timedelta(days=self.case.rules.return_window_days)
            ),
            difficulty=self.difficulty,
            pending=back.pending,
            reason=back.reason,
            enough=(deeds.FORECAST, deeds.SUPPLY),
        )

    @property
    def difficulty(self) -> Decimal:
        """The uplift, in usual deviations of demand."""
        spread = pstdev(self.usual) if self.usual else Decimal(0)
        if not spread:
            return HALF
        return min(Decimal(1), (self.actual - mean(self.usual)) / spread / _FULL_UPLIFT)

    def facts(self) -> dict[str, Any]:
        """What a story may state."""
        start = self.case.during.starts_at(self.case.rules.zone)
        return {
            "product_id": self.case.product.product_id,
            "ahead_days": (start - self.rise.versions[-1].time).days,
            "raised_on": self.rise.since.astimezone(self.case.rules.zone).date().isoformat(),
            "old_forecast": f"{self.rise.old.normalize():f}",
            "revised_forecast": f"{self.rise.new.normalize():f}",
            "demand": f"{self.actual.normalize():f}",
            "uplift_percent": f"{100 * (self.actual / self.rise.old - 1):.0f}",
            "otif_percent": rounded(self.orders.otif.percent),
            "lines": len(self.orders.lines),
            "return_window_days": self.case.rules.return_window_days,
        }


def _by_day(versions: Sequence[Version], case: ProductCase) -> list[list[Version]]:
    """One publication each: the versions of a day, in the organisation's zone."""
    zone = case.rules.zone
    return [list(day) for _, day in groupby(versions, lambda v: v.time.astimezone(zone).date())]


def _same_day(one: Version, other: Version, case: ProductCase) -> bool:
    zone = case.rules.zone
    return one.time.astimezone(zone).date() == other.time.astimezone(zone).date()


def _totals(versions: Sequence[Version], case: ProductCase) -> Iterable[Decimal]:
    """What each step said of the whole product, at the end of each day on which it spoke."""
    for step in {version.step for version in versions}:
        of_step = [version for version in versions if version.step == step]
        for day in _by_day(of_step, case):
            stand = standing(v for v in of_step if v.time <= day[-1].time)
            yield stand.qty if stand else Decimal(0)
