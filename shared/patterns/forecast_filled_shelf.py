"""Sales saw demand coming that nothing else foretold, and Operations had the goods there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shared.patterns import forecast_error as errors
from shared.patterns import product_deeds as deeds
from shared.patterns.availability import Availability
from shared.patterns.claim import Claim, Making
from shared.patterns.finality import midnight_after
from shared.patterns.forecast_references import Reference, References, references
from shared.patterns.forecast_window import ForecastWindow
from shared.patterns.model import Verdict
from shared.patterns.registry import subject_pattern
from shared.patterns.thresholds import threshold

if TYPE_CHECKING:
    from shared.patterns.product_case import ProductCase

_P = "forecast_filled_shelf"
TOTAL = threshold(f"{_P}.total", "300", "units in six months", "below, a few pieces decide every figure")
LEAST = threshold(f"{_P}.least", "20", "units a month", "a month of few pieces is off by chance alone")
ADDED = threshold(f"{_P}.added", "2", "percentage points", "smaller differences of the error are noise")
ADDED_SHARE = threshold(
    f"{_P}.added_share", "20", "percent of the reference's error", "chance rarely takes a fifth off an error"
)
BETTER = threshold(f"{_P}.better", "5", "of six months", "one good month does not make a forecaster")
BIAS = threshold(f"{_P}.bias", "10", "percent", "more is padding or sandbagging, not foresight")
TRACKING = threshold(f"{_P}.tracking_signal", "4", "ratio", "beyond, the errors all point one way")
FILLED = threshold(f"{_P}.filled", "95", "percent", "less is no full shelf")
FULLER = threshold(
    f"{_P}.fuller", "2", "percentage points", "a shelf that was always full needed no forecast"
)
SETTLED = threshold(f"{_P}.settled_days", "7", "days", "until then customers cancel")
WINDOW = 6


@subject_pattern("product", apart=WINDOW)
def forecast_filled_shelf(case: ProductCase) -> Claim | None:
    """Six months of Sales' forecast, as it stood a lead time ahead, against the best of all others."""
    window = ForecastWindow(case, case.months(WINDOW))
    if not window.complete:
        return None
    shelf = _Shelf(case, window)
    return Claim(
        (
            shelf.worth_measuring,
            shelf.unbiased,
            shelf.added_value,
            shelf.mostly_better,
            window.even,
            window.seen_live,
            shelf.filled.seen_live,
            shelf.filled.ordered_enough,
            shelf.full,
            shelf.fuller,
        ),
        shelf.make,
    )


@dataclass(frozen=True)
class _Shelf:
    """Six months, and the six before."""

    case: ProductCase
    window: ForecastWindow

    @cached_property
    def references(self) -> References:
        """What else could have been forecast."""
        return references(self.case, self.window.months, self.window.stands, self.window.demand)

    @property
    def best(self) -> Reference:
        """The nearest of them."""
        return self.references.ranked[0]

    @cached_property
    def filled(self) -> Availability:
        """The orders of the six months."""
        return Availability(self.case, self.window.months)

    @cached_property
    def before(self) -> Availability:
        """The orders of the six months before."""
        return Availability(self.case, self.case.months(WINDOW, before=WINDOW))

    def worth_measuring(self) -> Verdict:
        """Enough is wanted for an error to mean something."""
        total, least = sum(self.window.demand, Decimal(0)), min(self.window.demand)
        enough = total >= TOTAL.of(self.case.rules) and least >= LEAST.of(self.case.rules)
        return Verdict(
            "worth_measuring", enough, lambda: {"demand": f"{total:f}", "least_month": f"{least:f}"}
        )

    def unbiased(self) -> Verdict:
        """Neither padded nor sandbagged."""
        bias, tracking = self.window.bias, self.window.tracking
        held = abs(bias) <= BIAS.of(self.case.rules) and abs(tracking) <= TRACKING.of(self.case.rules)
        return Verdict(
            "unbiased",
            held,
            lambda: {"bias_percent": f"{bias:.1f}", "tracking_signal": f"{tracking:.2f}"},
        )

    def added_value(self) -> Verdict:
        """Clearly nearer than the best that could be had without Sales."""
        if not self.references.proven:
            return Verdict("added_value", passed=False, values=dict)
        added = self.best.wape - self.window.wape
        rules = self.case.rules
        least = max(ADDED.of(rules), self.best.wape * ADDED_SHARE.of(rules) / 100)
        errors_of = {one.name: f"{one.wape:.1f}" for one in self.references.ranked}
        return Verdict(
            "added_value",
            added >= least,
            lambda: {
                "error_percent": f"{self.window.wape:.1f}",
                "reference_errors_percent": errors_of,
                "added_points": f"{added:.1f}",
                "least_points": f"{least:.1f}",
                "lag_days": self.case.lag.days,
            },
        )

    def mostly_better(self) -> Verdict:
        """In nearly every month, not by one lucky hit."""
        least = BETTER.of(self.case.rules)
        months = errors.better(self.window.pairs, self.best.pairs) if self.references.ranked else 0
        return Verdict("mostly_better", months >= least, lambda: {"months": months, "least": str(least)})

    def full(self) -> Verdict:
        """What customers ordered was there at once."""
        percent, least = self.filled.at_once.percent, FILLED.of(self.case.rules)
        return Verdict(
            "shelf_full",
            percent is not None and percent >= least,
            lambda: {"first_pass_in_time_percent": errors.rounded(percent), "least_percent": str(least)},
        )

    def fuller(self) -> Verdict:
        """Fuller than in the six months before, which must be known."""
        now, then = self.filled.first_pass.percent, self.before.first_pass.percent
        least = FULLER.of(self.case.rules)
        return Verdict(
            "fuller_than_before",
            now is not None and then is not None and now - then >= least,
            lambda: {
                "first_pass_percent": errors.rounded(now),
                "before_percent": errors.rounded(then),
                "least_points": str(least),
            },
        )

    def make(self) -> Making:
        """Who forecast with a reason, and who brought the goods."""
        rules, stands = self.case.rules, self.window.stands
        first = deeds.versions_of(stands)[0]
        made = deeds.parts(
            self.case, stands, first.time, (*deeds.FORECAST, *deeds.DEMAND), (*deeds.SUPPLY, *deeds.HABIT)
        )
        last = self.case.during.end + timedelta(days=int(SETTLED.of(rules)) - 1)
        naive = next((one.wape for one in self.references.ranked if one.name == "last month known"), None)
        back = self.filled.returns
        return Making(
            parts=made,
            facts=self.facts(),
            evidence=deeds.evidence(stands, made, self.filled.shipments),
            final_at=midnight_after(rules, last),
            difficulty=min(Decimal(1), (naive or self.best.wape) / 100),
            pending=back.pending,
            reason=back.reason,
            enough=(deeds.FORECAST, deeds.SUPPLY),
        )

    def facts(self) -> dict[str, Any]:
        """What a story may state."""
        return {
            "product_id": self.case.product.product_id,
            **deeds.days(self.window.months),
            "months": WINDOW,
            "lag_days": self.case.lag.days,
            "error_percent": f"{self.window.wape:.1f}",
            "reference": self.best.name,
            "reference_error_percent": f"{self.best.wape:.1f}",
            "better_months": errors.better(self.window.pairs, self.best.pairs),
            "bias_percent": f"{self.window.bias:.1f}",
            "first_pass_percent": errors.rounded(self.filled.first_pass.percent),
            "first_pass_before_percent": errors.rounded(self.before.first_pass.percent),
            "lines": len(self.filled.lines),
        }
