"""A new product's first three months: foreseen, there, kept, and not too much of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
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
from shared.periods import Period

if TYPE_CHECKING:
    from shared.patterns.product_case import ProductCase

_P = "launch_landed"
ERROR = threshold(f"{_P}.error", "50", "percent", "without a past, half of demand is a good guess")
TOTAL = threshold(f"{_P}.total", "100", "units in three months", "below, a few pieces decide every figure")
FILLED = threshold(f"{_P}.filled", "95", "percent", "less is no full shelf")
STOCK = threshold(f"{_P}.stock", "8", "weeks of demand", "more is a bet that the launch did not win")
_MONTHS, _DAYS, _HALF_A_MONTH = 3, 90, 15
_READY = timedelta(days=180)
"""How long before the launch its preparation may begin."""
_DAYS_A_WEEK = 7


@subject_pattern("product")
def launch_landed(case: ProductCase) -> Claim | None:
    """Judged once, in the third month; what is launched late in a month begins with the next."""
    launched = case.product.launched_on
    if launched is None or case.months(_MONTHS)[0] != Period.of(_nearly_whole(launched), "month"):
        return None
    launch = _Launch(case, launched)
    if not launch.window.complete:
        return None
    return Claim(
        (
            launch.worth_measuring,
            launch.foreseen,
            launch.window.even,
            launch.window.seen_live,
            launch.orders.ordered_enough,
            launch.lean,
            launch.orders.seen_live,
            launch.full,
        ),
        launch.make,
    )


def _nearly_whole(launched: date) -> date:
    """A day of the first month of which at least about half is left."""
    return launched + timedelta(days=_HALF_A_MONTH)


@dataclass(frozen=True)
class _Launch:
    """The first three months."""

    case: ProductCase
    launched: date

    @cached_property
    def window(self) -> ForecastWindow:
        """The ramp as Sales or Marketing foresaw it."""
        return ForecastWindow(self.case, self.case.months(_MONTHS), ("sales", "marketing"))

    @cached_property
    def orders(self) -> Availability:
        """The first orders."""
        return Availability(self.case, self.window.months)

    @cached_property
    def stock(self) -> Decimal | None:
        """What was left: the last count of each place; None where the last month saw none."""
        zone, counts = self.case.rules.zone, dict[str | None, tuple[datetime, Decimal]]()
        for event in self.case.record.told():
            within = self.window.months[0].starts_at(zone) <= event.time < self.case.during.ends_at(zone)
            if within and isinstance(event.data, StockCounted):
                counts[event.data.location] = (event.time, event.data.qty)
        recent = any(at >= self.case.during.starts_at(zone) for at, _ in counts.values())
        return sum((qty for _, qty in counts.values()), Decimal(0)) if recent else None

    @property
    def weeks(self) -> Decimal | None:
        """How long the stock lasts at the demand of the last month."""
        wanted, days = self.window.demand[-1], (self.case.during.end - self.case.during.start).days
        return None if self.stock is None or not wanted else self.stock * days / _DAYS_A_WEEK / wanted

    def worth_measuring(self) -> Verdict:
        """Enough was wanted for a percentage to mean something."""
        total = sum(self.window.demand, Decimal(0))
        return Verdict(
            "worth_measuring", total >= TOTAL.of(self.case.rules), lambda: {"demand": f"{total:f}"}
        )

    def foreseen(self) -> Verdict:
        """The ramp came about as forecast."""
        most = ERROR.of(self.case.rules)
        return Verdict(
            "foreseen",
            self.window.wape <= most,
            lambda: {
                "launched_on": self.launched.isoformat(),
                "error_percent": f"{self.window.wape:.1f}",
                "most_percent": str(most),
                "lag_days": self.case.lag.days,
            },
        )

    def lean(self) -> Verdict:
        """Not much is left."""
        weeks, most = self.weeks, STOCK.of(self.case.rules)
        return Verdict(
            "no_overstock",
            weeks is not None and weeks <= most,
            lambda: {"weeks_of_stock": rounded(weeks), "most": str(most)},
        )

    def full(self) -> Verdict:
        """What customers ordered was there at once."""
        percent, least = self.orders.at_once.percent, FILLED.of(self.case.rules)
        return Verdict(
            "shelf_full",
            percent is not None and percent >= least,
            lambda: {"first_pass_in_time_percent": rounded(percent), "least_percent": str(least)},
        )

    def make(self) -> Making:
        """Who forecast the ramp with a reason, and who made ready for it."""
        rules, stands = self.case.rules, self.window.stands
        since = datetime.combine(self.launched, time(), rules.zone) - _READY
        made = deeds.parts(
            self.case, stands, since, (*deeds.FORECAST, *deeds.DEMAND), (*deeds.SUPPLY, *deeds.HABIT)
        )
        back = self.orders.returns
        settled = self.orders.settled_on.astimezone(rules.zone).date()
        last = max(settled, self.launched + timedelta(days=_DAYS - 1))
        return Making(
            parts=made,
            facts=self.facts(),
            evidence=deeds.evidence(stands, made, self.orders.shipments),
            final_at=midnight_after(rules, last + timedelta(days=rules.return_window_days)),
            pending=back.pending,
            reason=back.reason,
            enough=(deeds.FORECAST, deeds.SUPPLY),
        )

    def facts(self) -> dict[str, Any]:
        """What a story may state."""
        back = self.orders.returns
        return {
            "product_id": self.case.product.product_id,
            "launched_on": self.launched.isoformat(),
            "lag_days": self.case.lag.days,
            **deeds.days(self.window.months),
            "demand": f"{sum(self.window.demand, Decimal(0)).normalize():f}",
            "error_percent": f"{self.window.wape:.1f}",
            "first_pass_percent": rounded(self.orders.at_once.percent),
            "weeks_of_stock": rounded(self.weeks),
            "accepted": f"{back.accepted.normalize():f}",
            "faulty_returns": f"{back.bad.normalize():f}",
            "nothing_faulty": not back.bad,
            "lines": len(self.orders.lines),
            "return_window_days": self.case.rules.return_window_days,
        }
