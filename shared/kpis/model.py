"""One figure of one KPI in one period, with all that a controller asks about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from decimal import Decimal

Better = Literal["higher", "lower", "zero"]
Unit = Literal["percent", "points", "ppm", "days", "units", "money", "ratio", "count", "per_100_lines"]
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
    """Forecasts without demand, or demand without forecast: left out, and shown."""
