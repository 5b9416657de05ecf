"""Forecast error: Σ|forecast − demand| ÷ Σ demand, in percent (weighted absolute percentage error)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func

from shared.kpis.forecast_pairs import over_pairs, settled_after_days
from shared.kpis.registry import kpi

if TYPE_CHECKING:
    from shared.kpis.asked import Asked, Counts


@kpi(unit="percent", better="lower", factor=100, settled_after_days=settled_after_days, few_below=6)
def wape(asked: Asked, _basis: str | None) -> Counts:
    """Products without demand keep their error in the numerator; it can exceed 100."""
    return over_pairs(asked, lambda forecast, demand: func.abs(forecast - demand))
