"""One figure of one KPI in one period, with all that a controller asks about it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, NamedTuple

Better = Literal["higher", "lower", "zero"]
Unit = Literal["percent", "points", "ppm", "days", "units", "money", "ratio", "count", "per_100_lines"]
KpiStatus = Literal["final", "provisional", "no_data"]
Standing = Literal["reached", "near", "missed"]
"""How a value stands against its target."""
SIGNS: Final[dict[Standing, str]] = {"reached": "✓", "near": "≈", "missed": "✗"}
"""What is printed beside the word, so that no reader depends on a colour."""
Bounds = tuple[Decimal, Decimal]


class Count(NamedTuple):
    """What was counted of a KPI in one period: the value is numerator ÷ denominator × factor."""

    numerator: Decimal
    denominator: Decimal
    n: int
    unmatched: int
    squares: Decimal = Decimal(0)
    """The sum of squares of what the numerator sums, where an interval needs it."""
    unit: str | None = None
    """The unit of measure of both."""

    def plus(self, other: Count) -> Count:
        """Both together, which must be in one unit of measure."""
        return Count(
            self.numerator + other.numerator,
            self.denominator + other.denominator,
            self.n + other.n,
            self.unmatched + other.unmatched,
            self.squares + other.squares,
            self.unit,
        )


@dataclass(frozen=True, slots=True)
class Kpi:
    """A value with its basis, sample and comparison; percentages are 0-100.

    `change` is value minus previous in the unit (points for percent); None where either has no data.
    """

    key: str
    basis: str | None
    value: Decimal | None
    unit: Unit
    better: Better
    numerator: Decimal | None
    denominator: Decimal | None
    n: int
    target: Decimal | None
    previous: Decimal | None
    change: Decimal | None
    status: KpiStatus
    unmatched: int = 0
    """Forecasts without demand, or demand without forecast: left out, and shown."""
    few: bool = False
    """Whether the sample is too small to read much into the value."""
    low: Decimal | None = None
    """With `high`, the bounds of its 95 % confidence interval; None where an interval says nothing."""
    high: Decimal | None = None
    standing: Standing | None = None
    """None without a target, or without data."""
