"""One figure of one KPI in one period, with all that a controller asks about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from decimal import Decimal

Better = Literal["higher", "lower", "zero"]
Unit = Literal["percent", "points", "ppm", "days", "units", "money", "ratio", "count", "per_100_lines"]
Owner = Literal["Sales", "Operations", "Joint", "Finance"]
KpiStatus = Literal["final", "provisional", "no_data"]


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
    adjusted: Decimal | None = None
    """The value without what failed or passed for a reported reason on the customer's side."""
    excluded: int = 0
    """How much the adjusted value leaves out."""
    currency: str | None = None
