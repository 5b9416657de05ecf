"""Forecast error (WAPE): how far forecasts were from demand, as a share of demand.

A pair is one product in one period. Forecast: the step consensus, else sales, else marketing, else
statistical; of it the last version that stood `TANDEM_FORECAST_LAG_DAYS` before the period began; a version
for the whole product, else its customers and locations summed. Demand: as recorded, else what was ordered by
first requested day, without what customers cancelled. A pair needs both; what has no partner is left out, and
how many is shown. The weighted absolute percentage error can exceed 100: products without demand keep their
error.

Source: Kolassa and Schütz, MAD/mean ratio; weighted, because a mean of percentages explodes near 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func

from shared.kpis.forecast_pairs import over_pairs, settled_after_days
from shared.kpis.registry import kpi

if TYPE_CHECKING:
    from shared.kpis.asked import Asked, Counts


@kpi(
    unit="percent",
    better="lower",
    factor=100,
    settled_after_days=settled_after_days,
    owner="Joint",
    formula="Σ |forecast - demand| ÷ Σ demand",
    per="unit of measure",
    few_below=6,
)
def wape(asked: Asked, _basis: str | None) -> Counts:
    """Products without demand keep their error in the numerator; it can exceed 100."""
    return over_pairs(asked, lambda forecast, demand: func.abs(forecast - demand))
