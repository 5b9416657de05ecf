"""Forecast value added by Sales: by how many points its forecast was nearer to demand than what came before.

The forecast error (WAPE) of the reference minus that of the Sales step, over the products for which Sales
spoke; above 0 Sales helped. The reference is the step before: the statistical forecast, else the naive one as
told; where neither was, the mean demand of the last twelve periods that had ended when the forecast had to
stand, of as many as there are. So nobody is praised for beating what could not be known yet. Products
without demand or reference are left out and counted apart. Differences of a few points are chance.

Source: Gilliland (SAS), forecast value added; Morlidge on naive forecasts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, and_, case, cast, func, null, select, type_coerce, union_all

from shared.kpis.forecast_pairs import demands, first_of, settled_after_days, unit_of
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
    few_below=6,
)
def fva_sales(asked: Asked, _basis: str | None) -> Counts:
    """In points of forecast error."""
    each = _in_units(asked).subquery("each").c
    a, s, r = each.demand, each.sales, each.reference
    one_unit = each.least_uom == each.most_uom
    paired = and_(a.is_not(None), r.is_not(None), one_unit)
    gain = func.abs(r - a) - func.abs(s - a)
    counted = select(
        each.period,
        each.least_uom.label("unit"),
        type_coerce(asked.total(case((paired, gain))), Scaled).label("numerator"),
        type_coerce(asked.total(case((paired, a))), Scaled).label("denominator"),
        func.sum(case((paired, 1), else_=0)).label("n"),
        func.sum(case((paired, 0), else_=1)).label("unmatched"),
    ).group_by(each.period, each.least_uom)
    return asked.cut(counted, product=each.product_id)


def _in_units(asked: Asked) -> Counts:
    """The same with the first and last unit of measure of the product."""
    both = _side_by_side(asked).subquery("both")
    least, most = (unit_of(which, both.c.product_id) for which in (func.min, func.max))
    return select(both, least.label("least_uom"), most.label("most_uom"))


def _side_by_side(asked: Asked) -> Counts:
    """Of each product and period for which Sales spoke: its forecast, the reference and demand."""
    sales, told = first_of(asked, ("sales",)).subquery(), first_of(asked, _BEFORE).subquery()
    known = _known(asked).subquery()
    no_sales, no_reference, no_mean, no_demand = (
        cast(null(), BigInteger).label(name) for name in ("sales", "reference", "mean", "demand")
    )
    # One under the other and grouped: joined, three such subqueries are compared row by row.
    parts = union_all(
        select(
            sales.c.product_id, sales.c.period, sales.c.qty.label("sales"), no_reference, no_mean, no_demand
        ),
        select(told.c.product_id, told.c.period, no_sales, told.c.qty, no_mean, no_demand),
        select(known.c.product_id, known.c.period, no_sales, no_reference, known.c.mean, known.c.qty),
    ).subquery()
    product_id, period, s, before, mean, demand = parts.c
    return (
        select(
            product_id,
            period,
            func.max(s).label("sales"),
            func.coalesce(func.max(before), func.max(mean)).label("reference"),
            func.max(demand).label("demand"),
        )
        .group_by(product_id, period)
        .having(func.max(s).is_not(None))
    )


def _known(asked: Asked) -> Counts:
    """Demand, and beside it the mean of what was known when its forecast had to stand, down to millionths."""
    earlier = _earlier(asked)
    wanted = demands(replace(asked, periods=earlier + asked.periods)).c
    lags = [_ended_before(asked, period) for period in asked.periods]

    def mean(lag: int) -> ColumnElement[Any]:
        total, periods = (
            of.over(
                partition_by=wanted.product_id,
                order_by=wanted.period,
                range_=(1 - _KNOWN - lag, -lag),
            )
            for of in (func.sum(wanted.qty), func.count())
        )
        return (total - total % func.nullif(periods, 0)) // periods

    numbers = {lag: [len(earlier) + i for i, each in enumerate(lags) if each == lag] for lag in lags}
    means = case(*((wanted.period.in_(periods), mean(lag)) for lag, periods in numbers.items()))
    return select(
        wanted.product_id, (wanted.period - len(earlier)).label("period"), wanted.qty, means.label("mean")
    )


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
