"""One figure of one KPI in one period, with all that a controller asks about it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, NamedTuple

Better = Literal["higher", "lower", "zero"]
Unit = Literal["percent", "points", "ppm", "days", "units", "money", "ratio", "count", "per_100_lines"]
Owner = Literal["Sales", "Operations", "Joint", "Finance"]
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
    excluded: int | None = None
    """How many the adjusted figure leaves out; None where there is no such figure."""
    excluded_met: int = 0
    """How many of these the numerator counts."""

    @property
    def adjusted(self) -> Count | None:
        """The same without what is excluded; None where nothing can be."""
        if self.excluded is None:
            return None
        left = (self.numerator - self.excluded_met, self.denominator - self.excluded)
        return self._replace(numerator=left[0], denominator=left[1])

    def plus(self, other: Count) -> Count:
        """Both together, which must be in one unit of measure."""
        return Count(
            self.numerator + other.numerator,
            self.denominator + other.denominator,
            self.n + other.n,
            self.unmatched + other.unmatched,
            self.squares + other.squares,
            self.unit,
            None if self.excluded is None else self.excluded + (other.excluded or 0),
            self.excluded_met + other.excluded_met,
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
    """What was left out and is shown, because a side of it is not known: a forecast without demand, say."""
    few: bool = False
    """Whether the sample is too small to read much into the value."""
    low: Decimal | None = None
    """With `high`, the bounds of its 95 % confidence interval; None where an interval says nothing."""
    high: Decimal | None = None
    standing: Standing | None = None
    """None without a target, or without data."""
    adjusted: Decimal | None = None
    """The value without what failed or passed for a reported reason on the customer's side."""
    excluded: int = 0
    """How much the adjusted value leaves out."""
    currency: str | None = None
