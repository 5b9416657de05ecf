"""Forecast bias: Σ(forecast − demand) ÷ Σ demand, in percent; + is too high a forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.kpis.forecast_pairs import over_pairs, settled_after_days
from shared.kpis.registry import kpi

if TYPE_CHECKING:
    from sqlalchemy import Select

    from shared.kpis.asked import Asked


@kpi(unit="percent", better="zero", factor=100, settled_after_days=settled_after_days)
def bias(asked: Asked, _basis: str | None) -> Select[Any]:
    """Errors of either sign cancel: a bias of 0 says nothing of the size of the errors."""
    return over_pairs(asked, lambda forecast, demand: forecast - demand)
