"""Sales gave up a habit of forecasting too much or too little, and stock or customers were freed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shared.events.forecasts import StockCounted
from shared.patterns import product_deeds as deeds
from shared.patterns.availability import Availability
from shared.patterns.claim import Claim, Making
from shared.patterns.finality import midnight_after
from shared.patterns.forecast_error import rounded
from shared.patterns.forecast_window import ForecastWindow
from shared.patterns.model import Verdict
from shared.patterns.registry import subject_pattern
from shared.patterns.thresholds import threshold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.patterns.product_case import ProductCase
    from shared.periods import Period

_P = "bias_repaired"
HABIT = threshold(f"{_P}.habit", "4", "tracking signal of six months", "beyond, errors point one way")
OLD_BIAS = threshold(f"{_P}.old_bias", "10", "percent", "a smaller bias costs nobody stock or customers")
BIAS = threshold(f"{_P}.bias", "5", "percent", "what is left must be small")
TRACKING = threshold(f"{_P}.tracking_signal", "3", "ratio", "what is left must point either way")
ERROR_CUT = threshold(
    f"{_P}.error_cut", "20", "percent", "a bias that only turned into noise is not repaired"
)
MOVED = threshold(
    f"{_P}.moved", "50", "percent of the gap", "else demand came to the forecast, not the forecast to demand"
)
FREED = threshold(f"{_P}.freed", "20", "percent", "less stock or fewer short lines than that is chance")
WORSE = threshold(f"{_P}.worse", "2", "percentage points", "stock saved by leaving customers short is no win")
TOTAL = threshold(f"{_P}.total", "300", "units in six months", "below, a few pieces decide every figure")
SETTLED = threshold(f"{_P}.settled_days", "7", "days", "until then customers cancel")
_WINDOW, _COUNTED, _SHORT = 6, 3, 3
"""Months of each window, of which stock must be counted, and lines that must have been short."""
_TALKED = timedelta(days=92)
"""How long before the first month without bias the change may have begun."""


@subject_pattern("product", apart=_WINDOW)
def bias_repaired(case: ProductCase) -> Claim | None:
    """Six months of bias, then six without."""
    after, before = (ForecastWindow(case, case.months(_WINDOW, before=back)) for back in (0, _WINDOW))
    if not (after.complete and before.complete):
        return None
    repair = _Repair(case, before, after)
    return Claim(
        (
            repair.worth_measuring,
            repair.habit,
            repair.repaired,
            repair.error_fell,
            repair.forecast_moved,
            after.even,
            after.seen_live,
            repair.freed,
        ),
        repair.make,
    )


@dataclass(frozen=True)
class _Repair:
    """The six months of bias, and the six without."""

    case: ProductCase
    before: ForecastWindow
    after: ForecastWindow

    @property
    def too_high(self) -> bool:
        """Whether too much was forecast, rather than too little."""
        return self.before.bias > 0

    def worth_measuring(self) -> Verdict:
        """Enough is wanted for a bias to mean something."""
        totals = [sum(window.demand, Decimal(0)) for window in (self.before, self.after)]
        enough = min(totals) >= TOTAL.of(self.case.rules)
        return Verdict("worth_measuring", enough, lambda: {"demand": [f"{total:f}" for total in totals]})

    def habit(self) -> Verdict:
        """The errors all pointed one way, and far."""
        bias, tracking, rules = self.before.bias, self.before.tracking, self.case.rules
        held = abs(tracking) > HABIT.of(rules) and abs(bias) >= OLD_BIAS.of(rules)
        return Verdict(
            "biased_before",
            held,
            lambda: {"bias_percent": f"{bias:.1f}", "tracking_signal": f"{tracking:.2f}"},
        )

    def repaired(self) -> Verdict:
        """They point either way, and little is left."""
        bias, tracking, rules = self.after.bias, self.after.tracking, self.case.rules
        held = abs(bias) <= BIAS.of(rules) and abs(tracking) <= TRACKING.of(rules)
        return Verdict(
            "unbiased_after",
            held,
            lambda: {"bias_percent": f"{bias:.1f}", "tracking_signal": f"{tracking:.2f}"},
        )

    def error_fell(self) -> Verdict:
        """Not too high in one month to make good for another."""
        most = self.before.wape * (100 - ERROR_CUT.of(self.case.rules)) / 100
        return Verdict(
            "error_fell",
            self.after.wape <= most,
            lambda: {
                "error_percent": f"{self.after.wape:.1f}",
                "before_percent": f"{self.before.wape:.1f}",
            },
        )

    def forecast_moved(self) -> Verdict:
        """The forecast came to demand; a lost customer, or a new one, repairs nothing."""
        said, wanted = _mean_pair(self.before)
        gap, least = said - wanted, MOVED.of(self.case.rules)
        share = 100 * (said - _mean_pair(self.after)[0]) / gap if gap else Decimal(0)
        return Verdict("forecast_moved", share >= least, lambda: {"of_the_gap_percent": f"{share:.0f}"})

    def freed(self) -> Verdict:
        """Stock fell, or fewer lines were short, whichever the bias had brought about."""
        then, now = self.stock if self.too_high else self.short
        most = None if then is None else then * (100 - FREED.of(self.case.rules)) / 100
        held = most is not None and now is not None and now <= most and not self.starved
        return Verdict(
            "stock_freed" if self.too_high else "fewer_short_lines",
            held,
            lambda: {"before": rounded(then), "after": rounded(now), "most": rounded(most)},
        )

    @cached_property
    def stock(self) -> tuple[Decimal | None, Decimal | None]:
        """What lay in store at the ends of the months, on average, before and after."""
        before, after = (self._stock(window.months) for window in (self.before, self.after))
        return before, after

    def _stock(self, months: Sequence[Period]) -> Decimal | None:
        ends = [qty for month in months if (qty := self._counted(month)) is not None]
        return sum(ends, Decimal(0)) / len(ends) if len(ends) >= _COUNTED else None

    def _counted(self, month: Period) -> Decimal | None:
        """The last count of each place in a month."""
        zone, counts = self.case.rules.zone, dict[str | None, Decimal]()
        for event in self.case.record.told():
            if isinstance(event.data, StockCounted) and (
                month.starts_at(zone) <= event.time < month.ends_at(zone)
            ):
                counts[event.data.location] = event.data.qty
        return sum(counts.values(), Decimal(0)) if counts else None

    @cached_property
    def orders(self) -> tuple[Availability, Availability]:
        """The orders of both windows."""
        return Availability(self.case, self.before.months), Availability(self.case, self.after.months)

    @cached_property
    def short(self) -> tuple[Decimal | None, Decimal | None]:
        """Percent of the lines that stock did not suffice for; unknown where hardly any was short."""
        before, after = (orders.short for orders in self.orders)
        return (before.percent if before.part >= _SHORT else None), after.percent

    @cached_property
    def starved(self) -> bool:
        """Whether more customers were left short than before."""
        before, after = ((orders.short.percent or Decimal(0)) for orders in self.orders)
        return after > before + WORSE.of(self.case.rules)

    def make(self) -> Making:
        """Who changed the habit, and who shared what it cost and set the buffers anew."""
        rules, stands = self.case.rules, self.after.stands
        since = self.after.months[0].starts_at(rules.zone) - _TALKED
        sales, operations = (
            (*deeds.FORECAST, *deeds.HABIT),
            ("intervention.buffer_changed", *deeds.HABIT),
        )
        made = deeds.parts(self.case, stands, since, sales, operations)
        last = self.case.during.end + timedelta(days=int(SETTLED.of(rules)) - 1)
        return Making(
            parts=made,
            facts=self.facts(),
            evidence=deeds.evidence([*self.before.stands, *stands], made, {}),
            final_at=midnight_after(rules, last),
            difficulty=min(Decimal(1), abs(self.before.bias) / 50),
            enough=(sales, operations),
        )

    def facts(self) -> dict[str, Any]:
        """What a story may state."""
        then, now = self.stock if self.too_high else self.short
        return {
            "product_id": self.case.product.product_id,
            **deeds.days(self.after.months),
            "months": _WINDOW,
            "too_high": self.too_high,
            "bias_before_percent": f"{self.before.bias:.1f}",
            "bias_percent": f"{self.after.bias:.1f}",
            "error_before_percent": f"{self.before.wape:.1f}",
            "error_percent": f"{self.after.wape:.1f}",
            "stock_before": f"{then:.0f}" if self.too_high else None,
            "stock_after": f"{now:.0f}" if self.too_high else None,
            "short_before_percent": None if self.too_high else rounded(then),
            "short_after_percent": None if self.too_high else rounded(now),
        }


def _mean_pair(window: ForecastWindow) -> tuple[Decimal, Decimal]:
    """Forecast and demand of a month, on average."""
    months = len(window.pairs)
    said, wanted = (sum(side, Decimal(0)) / months for side in zip(*window.pairs, strict=True))
    return said, wanted
