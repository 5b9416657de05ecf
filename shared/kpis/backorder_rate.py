"""Backorder rate: of the lines ordered in a period, how many were delayed for lack of stock.

A line is one when the last confirmation promised less than was ordered, when it was cancelled for `no_stock`,
or when a roadblock of `material_shortage` stood before it; cancelled ones stay in, and each counts once. By
the period in which the order was placed, in the organisation's time zone; it may rise as long as lines are
open.

Source: OpsDog, customer backorder rate, but without dropping cancelled backorders as its benchmark does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Integer, func, null, select

from shared.kpis.due_lines import settled_after_days
from shared.kpis.intervals import wilson
from shared.kpis.registry import kpi
from shared.tables import order_lines, orders, placed_times

if TYPE_CHECKING:
    from shared.kpis.asked import Asked, Counts


@kpi(
    unit="percent",
    better="lower",
    factor=100,
    settled_after_days=settled_after_days,
    owner="Operations",
    formula="lines backordered ÷ lines placed",
    interval=wilson,
)
def backorder_rate(asked: Asked, _basis: str | None) -> Counts:
    """By the day of placing."""
    if asked.by is None:
        return _of_all(asked)
    period, inside = asked.by_instant(orders.c.placed_at)
    lines = func.count()
    counted = (
        select(
            period.label("period"),
            null().label("unit"),
            func.sum(order_lines.c.backordered.cast(Integer)).label("numerator"),
            lines.label("denominator"),
            lines.label("n"),
            func.sum(0).label("unmatched"),
        )
        .join(order_lines, order_lines.c.order_id == orders.c.order_id)
        .where(orders.c.counted, inside)
        .group_by("period")
    )
    line = order_lines.c
    return asked.cut(counted, customer=line.customer_id, product=line.product_id, order=line.order_id)


def _of_all(asked: Asked) -> Counts:
    """For the whole company, from totals."""
    placed = placed_times.c
    period, inside = asked.by_instant(placed.since)
    lines = func.sum(placed.lines)
    return (
        select(
            period.label("period"),
            null().label("unit"),
            func.sum(placed.backordered).label("numerator"),
            lines.label("denominator"),
            lines.label("n"),
            func.sum(0).label("unmatched"),
        )
        .where(inside)
        .group_by("period")
    )
