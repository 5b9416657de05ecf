"""Some months of a product: what was forecast in time, beside what was wanted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from shared.patterns import forecast_error as errors
from shared.patterns.model import Verdict
from shared.patterns.thresholds import threshold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shared.patterns.product_case import Part, ProductCase, Stand
    from shared.periods import Period

    Pairs = list[tuple[Decimal, Decimal]]

PART_BIAS = threshold(
    "forecasts.part_bias", "20", "percent", "accounts that far off, up and down, are right in their sum only"
)
PART_SHARE = threshold(
    "forecasts.part_share", "10", "percent", "an account that wants less than that says little of a habit"
)


@dataclass(frozen=True)
class ForecastWindow:
    """Forecasts of some steps, the first that spoke of each month, and demand."""

    case: ProductCase
    months: Sequence[Period]
    steps: Sequence[str] = ("sales",)

    @cached_property
    def complete(self) -> bool:
        """Whether every month has both, and something was wanted; the last month is asked first."""
        known = all(
            self._forecast(month) is not None and self.case.demand(month) is not None
            for month in reversed(self.months)
        )
        return known and sum(self.demand) > 0

    @cached_property
    def stands(self) -> list[Stand]:
        """The forecast of each month that has one."""
        return [stand for month in self.months if (stand := self._forecast(month)) is not None]

    @cached_property
    def demand(self) -> list[Decimal]:
        """The demand of each month of which it is known."""
        return [qty for month in self.months if (qty := self.case.demand(month)) is not None]

    def _forecast(self, month: Period) -> Stand | None:
        return next(filter(None, (self.case.forecast(step, month) for step in self.steps)), None)

    @cached_property
    def pairs(self) -> Pairs:
        """Forecast and demand, month by month, of a complete window."""
        return list(zip((stand.qty for stand in self.stands), self.demand, strict=True))

    @cached_property
    def wape(self) -> Decimal:
        """Percent."""
        return errors.wape(self.pairs) or Decimal(0)

    @cached_property
    def bias(self) -> Decimal:
        """Percent, + is too much."""
        return errors.bias(self.pairs) or Decimal(0)

    @cached_property
    def tracking(self) -> Decimal:
        """The tracking signal, + is too little."""
        return errors.tracking_signal(self.pairs)

    @cached_property
    def part_biases(self) -> list[Decimal]:
        """The bias of each account or place that is forecast, and whose demand is known, apart."""
        said: dict[Part, Decimal] = defaultdict(Decimal)
        wanted: dict[Part, Decimal] = defaultdict(Decimal)
        for month, stand in zip(self.months, self.stands, strict=True):
            demand = self._demand_of_parts(month)
            for version in stand.versions:
                if version.part in demand:
                    said[version.part] += version.qty
                    wanted[version.part] += demand[version.part]
        least = sum(self.demand) * PART_SHARE.of(self.case.rules) / 100
        return [100 * (said[part] - qty) / qty for part, qty in wanted.items() if qty > least]

    def _demand_of_parts(self, month: Period) -> dict[Part, Decimal]:
        if (recorded := self.case.recorded(month)) is not None:
            return {v.part: v.qty for v in recorded.versions if v.part != (None, None)}
        found: dict[Part, Decimal] = defaultdict(Decimal)
        for line in self.case.lines(month):
            found[line.customer_id, None] += line.demand
        return found

    @cached_property
    def loaded(self) -> list[str]:
        """Recorded demand that was loaded as history."""
        stands: Iterable[Stand | None] = map(self.case.recorded, self.months)
        return [v.id for stand in stands if stand for v in stand.versions if v.backfill]

    def even(self) -> Verdict:
        """No account far too high beside another far too low."""
        worst, most = max(map(abs, self.part_biases), default=Decimal(0)), PART_BIAS.of(self.case.rules)
        return Verdict(
            "right_in_each_part",
            worst <= most,
            lambda: {
                "parts": len(self.part_biases),
                "worst_bias_percent": f"{worst:.1f}",
                "most_percent": str(most),
            },
        )

    def seen_live(self) -> Verdict:
        """Its demand was told as it came."""
        return Verdict("demand_seen_live", not self.loaded, lambda: {"loaded_demand": self.loaded[:5]})
