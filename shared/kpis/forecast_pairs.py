"""Forecast and demand of each product and period, side by side.

Forecast: the step consensus, else sales, else marketing, else statistical; of it the last version that
stood a lag before the period began; a version for the whole product, else its customers and locations
summed. Demand: as recorded, else the ordered quantity by first requested day without what customers
cancelled. A pair needs both; what has no partner is counted apart.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)

from shared.tables import Scaled, demand_weeks, plans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.kpis.asked import Asked, Counts
    from shared.rules import Rules

_UNTOLD = "each"
STEPS = ("consensus", "sales", "marketing", "statistical")
"""From the step that counts first to the last resort."""


def over_pairs(asked: Asked, error: Any) -> Counts:
    """Sum `error(forecast, demand)` over the sum of demand, for the products that have both."""
    pair = _pairs(asked).subquery("pair").c
    one_unit = pair.least_uom == pair.most_uom
    paired = and_(pair.forecast.is_not(None), pair.demand.is_not(None), one_unit)
    counted = select(
        pair.period,
        pair.least_uom.label("unit"),
        type_coerce(asked.total(case((paired, error(pair.forecast, pair.demand)))), Scaled).label(
            "numerator"
        ),
        type_coerce(asked.total(case((paired, pair.demand))), Scaled).label("denominator"),
        func.sum(case((paired, 1), else_=0)).label("n"),
        func.sum(case((paired, 0), else_=1)).label("unmatched"),
    ).group_by(pair.period, pair.least_uom)
    return asked.cut(counted, product=pair.product_id)


def _pairs(asked: Asked) -> Counts:
    """Forecast and demand of each product and period, either of which may be missing, and its units."""
    forecast, demand = first_of(asked, STEPS).subquery("forecast"), demands(asked)
    both = forecast.join(
        demand,
        and_(forecast.c.product_id == demand.c.product_id, forecast.c.period == demand.c.period),
        full=True,
    )
    product = func.coalesce(forecast.c.product_id, demand.c.product_id)
    return select(
        func.coalesce(forecast.c.period, demand.c.period).label("period"),
        product.label("product_id"),
        forecast.c.qty.label("forecast"),
        demand.c.qty.label("demand"),
        unit_of(func.min, product).label("least_uom"),
        unit_of(func.max, product).label("most_uom"),
    ).select_from(both)


def by_step(asked: Asked) -> Counts:
    """The forecasts of each step that stood in time, beside the demand, by product of one unit of measure.

    The columns are `product_id uom step qty demand`.
    """
    last = _last_versions(asked, _stood_in_time(asked, STEPS)).subquery()
    forecast, demand = _whole_or_sum(asked, last, last.c.step).subquery(), demands(asked)
    same = and_(forecast.c.product_id == demand.c.product_id, forecast.c.period == demand.c.period)
    uom, other = (unit_of(which, forecast.c.product_id) for which in (func.min, func.max))
    return (
        select(
            forecast.c.product_id,
            uom.label("uom"),
            forecast.c.step,
            type_coerce(forecast.c.qty, Scaled).label("qty"),
            type_coerce(demand.c.qty, Scaled).label("demand"),
        )
        .select_from(forecast.join(demand, same))
        .where(uom == other, forecast.c.period == len(asked.periods) - 1)
    )


def first_of(asked: Asked, steps: Sequence[str]) -> Counts:
    """Of each product and period the last version in time of the first of these steps that spoke."""
    last = _last_versions(asked, _stood_in_time(asked, steps)).subquery()
    step = _whole_or_sum(asked, last, last.c.step).subquery()
    rank = case(*((step.c.step == name, literal(i)) for i, name in enumerate(steps)))
    first = func.row_number().over(partition_by=(step.c.product_id, step.c.period), order_by=rank)
    ranked = select(step, first.label("first")).subquery()
    chosen = select(ranked.c.product_id, ranked.c.period, ranked.c.qty)
    return chosen.where(ranked.c.first == 1)


def _stood_in_time(asked: Asked, steps: Sequence[str]) -> ColumnElement[bool]:
    """Published a lag before the period began."""
    lag = timedelta(days=asked.rules.forecast_lag_days)
    in_time = (
        and_(plans.c.period == period.name, plans.c.time <= period.starts_at(asked.rules.zone) - lag)
        for period in asked.periods
    )
    return and_(plans.c.step.in_(steps), or_(*in_time))


def _last_versions(asked: Asked, condition: ColumnElement[bool]) -> Counts:
    """The last version of each step, product, period, customer and location."""
    plan = plans.c
    number, inside = asked.by_name(plan.period)
    newest = func.row_number().over(
        partition_by=(plan.step, plan.product_id, plan.period, plan.customer_id, plan.location),
        order_by=(plan.time.desc(), plan.source.desc(), plan.id.desc()),
    )
    ranked = (
        select(
            plan.step,
            plan.product_id,
            number.label("period"),
            and_(plan.customer_id.is_(None), plan.location.is_(None)).label("whole"),
            type_coerce(plan.qty, BigInteger).label("qty"),
            newest.label("newest"),
        )
        .where(inside, condition)
        .subquery()
    )
    return select(ranked).where(ranked.c.newest == 1)


def _whole_or_sum(asked: Asked, last: Subquery, *groups: ColumnElement[Any]) -> Counts:
    """The version for the whole product, else the sum over customers and locations."""
    whole = func.max(case((last.c.whole, last.c.qty)))
    parts = asked.total(case((~last.c.whole, last.c.qty)))
    return select(
        last.c.product_id, last.c.period, *groups, func.coalesce(whole, parts).label("qty")
    ).group_by(last.c.product_id, last.c.period, *groups)


def demands(asked: Asked) -> Subquery:
    """One demand for each product and period."""
    recorded_last = _last_versions(asked, plans.c.step == "demand").subquery()
    recorded = _whole_or_sum(asked, recorded_last).cte("recorded")
    week = demand_weeks.c
    number, inside = asked.by_day(week.since)
    ordered = (
        select(week.product_id, number.label("period"), asked.total_of(week.whole, week.rest).label("qty"))
        .where(inside, or_(week.whole > 0, week.rest > 0))
        .group_by(week.product_id, "period")
        .having(func.min(week.uom) == func.max(week.uom))
        .subquery()
    )
    known = and_(recorded.c.product_id == ordered.c.product_id, recorded.c.period == ordered.c.period)
    return union_all(
        select(recorded.c.product_id, recorded.c.period, recorded.c.qty),
        select(ordered.c.product_id, ordered.c.period, ordered.c.qty).where(
            ~select(recorded.c.qty).where(known).exists()
        ),
    ).subquery("demand")


def unit_of(end: Any, product: ColumnElement[str]) -> ColumnElement[Any]:
    """The first or last unit of measure, in the order of an index, in which a product was ever ordered.

    Where the two are not the same there are several, and what is ordered in several is never summed. What
    was never ordered is counted in the unit that the contract takes where none is told.
    """
    week = demand_weeks.alias("unit").c
    return func.coalesce(select(end(week.uom)).where(week.product_id == product).scalar_subquery(), _UNTOLD)


def settled_after_days(rules: Rules) -> int:
    """Late orders of the period may still come in until then."""
    return rules.late_event_grace_days
