"""Whole orders, in the period in which their last line was due by the first promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, case, func, literal, null, or_, select, true
from sqlalchemy.types import Integer

from shared.tables import Day, order_days, order_lines

if TYPE_CHECKING:
    from datetime import date

    from shared.kpis.asked import Asked, Counts

_LINE = order_lines.c
_VERDICT = _LINE.first_commit_verdict
_ALWAYS = true()


def share_of_orders(
    asked: Asked,
    failed: ColumnElement[bool],
    met: ColumnElement[bool],
    told: ColumnElement[bool] = _ALWAYS,
) -> Counts:
    """Count the orders of which every line has `met`, of all that are known.

    One line that `failed` fails its order, else one that is neither leaves it unknown and out. Lines that
    the customer cancelled in time do not matter; an order with an open line waits. Where no order is known
    to be good and some are unknown, or nothing was `told` of any line, there is no figure.
    """
    order = _orders(asked, failed, met, told).subquery()
    bad = order.c.failed > 0
    unknown, good = and_(~bad, order.c.met < order.c.lines), and_(~bad, order.c.met == order.c.lines)
    counted = _share(asked, order.c.due, literal(1, Integer), good, unknown, order.c.told > 0).where(
        order.c.open == 0
    )
    return asked.cut(counted, customer=order.c.customer_id, order=order.c.order_id)


def share_of_all(asked: Asked, judged: ColumnElement[str], told: ColumnElement[bool] = _ALWAYS) -> Counts:
    """The same for the whole company, of totals that have `judged` the orders."""
    order = order_days.c
    counted = _share(asked, order.day, order.orders, judged == "good", judged == "unknown", told)
    return counted.where(order.scored_from <= asked.as_of)


def _share(
    asked: Asked,
    due: ColumnElement[date],
    orders: ColumnElement[int],
    good: ColumnElement[bool],
    unknown: ColumnElement[bool],
    told: ColumnElement[bool],
) -> Counts:
    period, inside = asked.by_day(due)
    goods, unknowns, tolds = (func.sum(case((which, orders), else_=0)) for which in (good, unknown, told))
    dark = or_(and_(goods == 0, unknowns > 0), tolds == 0)
    known = case((dark, 0), else_=func.sum(orders) - unknowns)
    return (
        select(
            period.label("period"),
            null().label("unit"),
            goods.label("numerator"),
            known.label("denominator"),
            known.label("n"),
            unknowns.label("unmatched"),
        )
        .where(inside)
        .group_by("period")
    )


def _orders(
    asked: Asked,
    failed: ColumnElement[bool],
    met: ColumnElement[bool],
    told: ColumnElement[bool],
) -> Counts:
    """Each order with a line due in these periods, and how its lines stand."""
    _, inside = asked.by_day(_LINE.first_commit_due)
    due = select(_LINE.order_id).where(_LINE.counted, inside)
    waits = and_(_VERDICT == "waiting", _LINE.first_commit_overdue_at > asked.as_of)
    return (
        select(
            _LINE.order_id,
            func.max(_LINE.customer_id).label("customer_id"),
            func.max(_LINE.first_commit_due, type_=Day).label("due"),
            func.count().label("lines"),
            _how_many(failed).label("failed"),
            _how_many(met).label("met"),
            _how_many(waits).label("open"),
            _how_many(told).label("told"),
        )
        .where(_LINE.order_id.in_(due), _VERDICT != "excluded")
        .group_by(_LINE.order_id)
    )


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
