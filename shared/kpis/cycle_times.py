"""Order cycle times: from placed to full, and what stands at a share of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, case, func, literal, null, select, type_coerce

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
    kinds = [period] if of is None else [period, of]
    ranked = filled.add_columns(
        (null() if of is None else of).label("slice"),
        func.row_number().over(partition_by=kinds, order_by=(took, order.order_id)).label("rank"),
        func.count().over(partition_by=kinds).label("orders"),
    ).subquery()
    steps = (ranked.c.orders - 1) * share.numerator
    below, beyond = steps // parts + 1, steps % parts
    weight = case((ranked.c.rank == below, parts - beyond), (ranked.c.rank == below + 1, beyond), else_=0)
    found = select(
        ranked.c.period,
        null().label("unit"),
        func.sum(ranked.c.took * weight).label("numerator"),
        literal(parts * _DAY, BigInteger).label("denominator"),
        func.count().label("n"),
        func.sum(0).label("unmatched"),
    ).group_by(ranked.c.period)
    return found if of is None else found.add_columns(ranked.c.slice).group_by(ranked.c.slice)


def settled_after_days(rules: Rules) -> int:
    """Late proof of delivery may still come in until then."""
    return rules.late_event_grace_days
