"""Forecast value added by Sales: by how many points its forecast was nearer to demand than what came before.

The forecast error (WAPE) of the reference minus that of the Sales step, over the products for which Sales
spoke; above 0 Sales helped. The reference is the step before: the statistical forecast, else the naive one as
told; where neither was, the mean of the demand known when the forecast had to stand, of at most the last
twelve periods. So nobody is praised for beating what could not be known yet. Products without demand or
reference are left out and counted apart. Differences of a few points are chance.

Source: Gilliland (SAS), forecast value added; Morlidge on naive forecasts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Subquery, and_, case, func, literal, select, type_coerce

from shared.kpis.forecast_pairs import demands, first_of, settled_after_days, units
from shared.kpis.registry import kpi
from shared.tables import Scaled

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from shared.kpis.asked import Asked, Counts
    from shared.periods import Period

_BEFORE = ("statistical", "naive")
_KNOWN = 12


@kpi(
    unit="points",
    better="higher",
    factor=100,
    settled_after_days=settled_after_days,
    owner="Sales",
    formula="(Σ |reference - demand| - Σ |Sales forecast - demand|) ÷ Σ demand",
    per="unit of measure",
)
def fva_sales(asked: Asked, _basis: str | None) -> Counts:
    """In points of forecast error."""
    earlier = _earlier(asked)
    wanted = demands(replace(asked, periods=earlier + asked.periods))
    sales, told = first_of(asked, ("sales",)).subquery("sales"), first_of(asked, _BEFORE).subquery("told")
    mean, unit = _means(asked, len(earlier), sales, wanted), units()
    at = and_(wanted.c.product_id == sales.c.product_id, wanted.c.period == sales.c.period + len(earlier))
    joined = (
        sales.outerjoin(wanted, at)
        .outerjoin(told, _same(told, sales))
        .outerjoin(mean, _same(mean, sales))
        .outerjoin(unit, unit.c.product_id == sales.c.product_id)
    )
    a, s, r = wanted.c.qty, sales.c.qty, func.coalesce(told.c.qty, mean.c.qty)
    paired = and_(a.is_not(None), r.is_not(None), func.coalesce(unit.c.units, 1) == 1)
    gain = func.abs(r - a) - func.abs(s - a)
    return (
        select(
            sales.c.period,
            unit.c.uom.label("unit"),
            type_coerce(asked.total(case((paired, gain))), Scaled).label("numerator"),
            type_coerce(asked.total(case((paired, a))), Scaled).label("denominator"),
            func.sum(case((paired, 1), else_=0)).label("n"),
            func.sum(case((paired, 0), else_=1)).label("unmatched"),
        )
        .select_from(joined)
        .group_by(sales.c.period, unit.c.uom)
    )


def _same(one: Subquery, other: Subquery) -> ColumnElement[bool]:
    return and_(one.c.product_id == other.c.product_id, one.c.period == other.c.period)


def _earlier(asked: Asked) -> tuple[Period, ...]:
    """The periods before those asked of which a mean may be made."""
    furthest = max(_ended_before(asked, period) for period in asked.periods) + _KNOWN - 1
    return tuple(asked.periods[0].back(back) for back in range(furthest, 0, -1))


def _ended_before(asked: Asked, period: Period) -> int:
    """How many periods back the last one lies that had ended when the forecast had to stand."""
    back, cut_off = 1, period.start - timedelta(days=asked.rules.forecast_lag_days)
    while period.back(back).end > cut_off:
        back += 1
    return back


def _means(asked: Asked, before: int, sales: Subquery, wanted: Subquery) -> Subquery:
    """The mean demand known for each of the Sales forecasts, down to millionths."""
    lasts = (before + i - _ended_before(asked, period) for i, period in enumerate(asked.periods))
    last = case(*((sales.c.period == i, literal(number)) for i, number in enumerate(lasts)))
    known = wanted.alias("known").c
    within = known.period.between(last - _KNOWN + 1, last)
    total, periods = asked.total(known.qty), func.count()
    return (
        select(sales.c.product_id, sales.c.period, ((total - total % periods) // periods).label("qty"))
        .where(known.product_id == sales.c.product_id, within)
        .group_by(sales.c.product_id, sales.c.period)
        .subquery("mean")
    )
