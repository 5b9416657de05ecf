"""Order cycle times: from placed to full, and what stands at a share of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Integer, and_, case, func, literal, null, select, type_coerce, union_all

from shared.tables import orders

if TYPE_CHECKING:
    from fractions import Fraction

    from shared.kpis.asked import Asked, Counts
    from shared.rules import Rules

_DAY = 24 * 60 * 60 * 10**6
"""In microseconds."""


def percentile(asked: Asked, share: Fraction) -> Counts:
    """Find the cycle time that a share of the orders filled in a period did not exceed.

    Between two orders it is interpolated, as spreadsheets do (PERCENTILE.INC) and PostgreSQL does
    (percentile_cont): of n times, rank 1 + share × (n - 1). Exact: in whole microseconds times the share's
    denominator.
    """
    order, parts = orders.c, share.denominator
    period, inside = asked.by_instant(order.filled_at)
    took = type_coerce(order.filled_at, BigInteger) - type_coerce(order.placed_at, BigInteger)
    filled = select(period.label("period"), took.label("took")).where(order.counted, inside)
    filled, of = asked.sliced(filled, customer=order.customer_id, order=order.order_id)
    if of is None:
        return _of_all(asked, share)
    ranked = filled.add_columns(
        of.label("slice"),
        func.row_number().over(partition_by=[period, of], order_by=(took, order.order_id)).label("rank"),
        func.count().over(partition_by=[period, of]).label("orders"),
    ).subquery()
    steps = (ranked.c.orders - 1) * share.numerator
    below, beyond = steps // parts + 1, steps % parts
    weight = case((ranked.c.rank == below, parts - beyond), (ranked.c.rank == below + 1, beyond), else_=0)
    return select(
        ranked.c.period,
        null().label("unit"),
        func.sum(ranked.c.took * weight).label("numerator"),
        literal(parts * _DAY, BigInteger).label("denominator"),
        func.count().label("n"),
        func.sum(0).label("unmatched"),
        ranked.c.slice,
    ).group_by(ranked.c.period, ranked.c.slice)


def _of_all(asked: Asked, share: Fraction) -> Counts:
    """For the whole company, from an index alone: the two times at the rank of each period, of all in order.

    Numbering all of them, as slices must, takes several times as long.
    """
    order, parts, zone = orders.c, share.denominator, asked.rules.zone
    took = (type_coerce(order.filled_at, BigInteger) - type_coerce(order.placed_at, BigInteger)).label("took")
    period_of, filled = asked.by_instant(order.filled_at)
    counts = select(period_of.label("period"), func.count().label("n")).where(order.counted, filled)
    counted = counts.group_by("period").cte("counted")
    found = []
    for number, period in enumerate(asked.periods):
        inside = and_(
            order.counted, order.filled_at >= period.starts_at(zone), order.filled_at < period.ends_at(zone)
        )
        many = select(counted.c.n).where(counted.c.period == number).scalar_subquery()
        steps = (many - 1) * share.numerator
        at, beyond = steps // parts, steps % parts
        both = select(took).where(inside).order_by(took).limit(2).offset(func.coalesce(at, 0)).subquery()
        value = func.min(both.c.took) * (parts - beyond) + func.max(both.c.took) * beyond
        found.append(select(literal(number, Integer).label("period"), value.label("value"), many.label("n")))
    one = union_all(*found).subquery().c
    return select(
        one.period,
        null().label("unit"),
        one.value.label("numerator"),
        literal(parts * _DAY, BigInteger).label("denominator"),
        one.n,
        literal(0, Integer).label("unmatched"),
    ).where(one.n.is_not(None))


def settled_after_days(rules: Rules) -> int:
    """Late proof of delivery may still come in until then."""
    return rules.late_event_grace_days
