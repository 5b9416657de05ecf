"""Forecast bias: how much more was forecast than wanted, as a share of demand.

Above 0 the forecast was too high; 0 says nothing about the size of the errors. Paired as for `wape`.

Source: the field's common form; signs differ between authors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.kpis.forecast_pairs import over_pairs, settled_after_days
from shared.kpis.registry import kpi

if TYPE_CHECKING:
    from shared.kpis.asked import Asked, Counts


@kpi(
    unit="percent",
    better="zero",
    factor=100,
    settled_after_days=settled_after_days,
    owner="Joint",
    formula="Σ (forecast - demand) ÷ Σ demand",
    per="unit of measure",
    few_below=6,
)
def bias(asked: Asked, _basis: str | None) -> Counts:
    """Errors of either sign cancel: a bias of 0 says nothing of the size of the errors."""
    return over_pairs(asked, lambda forecast, demand: forecast - demand)
