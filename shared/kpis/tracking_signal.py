"""Tracking signal: whether forecasts have been wrong in one direction for a long time.

Over the twelve periods up to and with this one: demand minus forecast, summed over the products of each
period, added up, and divided by the mean of its sizes (the mean absolute deviation). Above 0 the forecast was
too low, below 0 too high; chance keeps it within about 4 either way. It cannot exceed the number of periods,
so at least six are needed, else there is no data, nor is there without any error. Forecast and demand are
paired as for `wape`.

Source: APICS CPIM, limits of ±4; signs differ between authors.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, case, func, select, type_coerce

from shared.kpis.forecast_pairs import over_pairs, settled_after_days
from shared.kpis.registry import kpi

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.sql.functions import FunctionElement

    from shared.kpis.asked import Asked, Counts

_PERIODS, _LEAST = 12, 6


@kpi(
    unit="ratio",
    better="zero",
    settled_after_days=settled_after_days,
    owner="Joint",
    formula="Σ (demand - forecast) ÷ mean |demand - forecast|",
    adds_up=False,
    few_below=6,
    per="unit of measure",
    parts=False,
)
def tracking_signal(asked: Asked, _basis: str | None) -> Counts:
    """The sample counts periods."""
    before = tuple(asked.periods[0].back(back) for back in range(_PERIODS - 1, 0, -1))
    paired = over_pairs(
        replace(asked, periods=before + asked.periods, by=None), lambda forecast, demand: demand - forecast
    )
    one = paired.subquery()
    error = type_coerce(one.c.numerator, BigInteger)

    def lately(total: FunctionElement[Any]) -> ColumnElement[Any]:
        return total.over(partition_by=one.c.unit, order_by=one.c.period, range_=(1 - _PERIODS, 0))

    seen = (
        select(
            one.c.period,
            one.c.unit,
            one.c.unmatched,
            lately(func.sum(error)).label("sum"),
            lately(func.sum(func.abs(error))).label("size"),
            lately(func.count()).label("n"),
        )
        .where(one.c.n > 0)
        .subquery()
    )
    return select(
        (seen.c.period - len(before)).label("period"),
        seen.c.unit,
        (seen.c.sum * seen.c.n).label("numerator"),
        case((seen.c.n >= _LEAST, seen.c.size), else_=0).label("denominator"),
        seen.c.n,
        seen.c.unmatched,
    ).where(seen.c.period >= len(before))
