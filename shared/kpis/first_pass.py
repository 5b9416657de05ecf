"""What the first shipment of each line held of its ordered quantity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ColumnElement, Subquery, and_, case, func, select, type_coerce

from shared.kpis.due_lines import scored
from shared.tables import order_lines, receipts, shipments

if TYPE_CHECKING:
    from sqlalchemy import FromClause

    from shared.kpis.asked import Asked, Counts

_LINE, _SHIPPED = order_lines.c, shipments.c


def first_shipped(asked: Asked) -> Subquery:
    """The quantity of each line's first shipment, for orders with a line due in these periods.

    A shipment may be told in several events of one source; what others tell of later ones is none of it.
    """
    _, inside = asked.by_day(_LINE.first_commit_due)
    due = select(_LINE.order_id).where(_LINE.counted, inside)
    told = (
        select(
            _SHIPPED.order_id,
            _SHIPPED.line_id,
            _SHIPPED.source,
            _SHIPPED.shipment_id,
            type_coerce(_SHIPPED.qty, BigInteger).label("qty"),
            _first(_SHIPPED.source).label("first_source"),
            _first(_SHIPPED.shipment_id).label("first_id"),
        )
        .where(_SHIPPED.order_id.in_(due))
        .subquery()
    )
    first = and_(told.c.source == told.c.first_source, told.c.shipment_id == told.c.first_id)
    return (
        # Not filtered before: PostgreSQL would expect next to no rows, and look at them line by line.
        select(told.c.order_id, told.c.line_id, asked.total(case((first, told.c.qty))).label("qty"))
        .group_by(told.c.order_id, told.c.line_id)
        .subquery("first_shipment")
    )


def _first(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """What the first event says that names the line."""
    return func.first_value(column).over(
        partition_by=(_SHIPPED.order_id, _SHIPPED.line_id),
        order_by=(_SHIPPED.time, _SHIPPED.source, _SHIPPED.id),
    )


def with_first(first: Subquery) -> FromClause:
    """Every line beside its first shipment, if one was told."""
    same = and_(first.c.order_id == _LINE.order_id, first.c.line_id == _LINE.line_id)
    return order_lines.outerjoin(first, same)


def unknown(first: Subquery) -> ColumnElement[bool]:
    """Whether a line arrived of which no shipment was told."""
    receipt = receipts.alias("receipt").c
    same = and_(receipt.order_id == _LINE.order_id, receipt.line_id == _LINE.line_id)
    return and_(first.c.qty.is_(None), select(receipt.id).where(same).correlate(order_lines).exists())


def filled(first: Subquery) -> ColumnElement[bool]:
    """Whether the first shipment sufficed; what never left did not."""
    return func.coalesce(first.c.qty, 0) >= type_coerce(_LINE.enough_qty, BigInteger)


def held(first: Subquery) -> ColumnElement[int]:
    """What the first shipment held of the ordered quantity; 0 where nothing left."""
    ordered, qty = type_coerce(_LINE.ordered_qty, BigInteger), func.coalesce(first.c.qty, 0)
    return case((qty > ordered, ordered), else_=qty)


def share_of_lines_due(
    asked: Asked,
    first: Subquery,
    met: ColumnElement[Any],
    whole: ColumnElement[Any],
    unit: ColumnElement[Any],
) -> Counts:
    """Sum `met` over `whole` of the lines due by the first promise; where nothing was shipped, no figure."""
    period, inside = asked.by_day(_LINE.first_commit_due)
    known, shipped = ~unknown(first), func.count(first.c.qty)
    left = func.sum(case((known, 1), else_=0))
    every = asked.total(case((known, whole)))
    counted = (
        select(
            period.label("period"),
            unit.label("unit"),
            asked.total(case((known, met))).label("numerator"),
            case((shipped == 0, 0), else_=every).label("denominator"),
            left.label("n"),
            (func.count() - left).label("unmatched"),
        )
        .select_from(with_first(first))
        .where(_LINE.counted, inside, scored(asked, "first_commit"))
        .group_by("period", "unit")
    )
    return asked.cut(counted, customer=_LINE.customer_id, product=_LINE.product_id, order=_LINE.order_id)
