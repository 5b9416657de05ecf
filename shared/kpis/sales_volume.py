"""Sales volume: what customers received and kept, in units of each measure and in money of each currency.

Delivered, not booked: by the local day of each receipt, at the price of its order line, in the order's own
currency. Whatever came back is taken off the delivery it came with, so that a month is restated and not the
one in which goods return; returns that name no order are not. Samples, intercompany orders, internal
customers and lines given away (a price of 0) are no sales. Lines without a price count in units alone and are
counted apart in money. Units of measure and currencies are never summed.

Source: K15 in the field's catalogue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, literal, or_, select, type_coerce

from shared.kpis.registry import kpi
from shared.tables import Scaled, orders, receipts, sold_days

if TYPE_CHECKING:
    from shared.kpis.asked import Asked, Counts
    from shared.rules import Rules


def _settled_after_days(rules: Rules) -> int:
    return rules.return_window_days + rules.late_event_grace_days


@kpi(
    unit="units",
    better="higher",
    bases=("units", "money"),
    settled_after_days=_settled_after_days,
    owner="Sales",
    formula="Σ (accepted - returned); in money × unit price",
    adds_up=False,
    few_below=0,
    per="unit of measure",
    parts=False,
)
def sales_volume(asked: Asked, basis: str | None) -> Counts:
    """The sample counts orders."""
    if asked.by is None:
        return _of_all(asked, priced=basis == "money")
    receipt, money = receipts.c, basis == "money"
    period, inside = asked.by_day(receipt.day)
    kept = receipt.kept_value if money else receipt.kept_qty
    sold = or_(receipt.kept_value.is_(None), receipt.kept_value != 0, receipt.kept_qty == 0)
    unit = orders.c.currency if money else receipt.uom
    counted = (
        select(
            period.label("period"),
            unit.label("unit"),
            type_coerce(asked.total(kept), Scaled).label("numerator"),
            case((func.count(kept) > 0, 1), else_=0).label("denominator"),
            func.count(case((kept.is_not(None), receipt.order_id)).distinct()).label("n"),
            func.sum(case((kept.is_(None), 1), else_=literal(0))).label("unmatched"),
        )
        .join(orders, orders.c.order_id == receipt.order_id)
        .where(receipt.counted, inside, sold)
        .group_by("period", unit)
    )
    return asked.cut(counted, customer=orders.c.customer_id, order=orders.c.order_id)


def _of_all(asked: Asked, *, priced: bool) -> Counts:
    """For the whole company, from totals."""
    sold = sold_days.c
    period, inside = asked.by_day(sold.day)
    first = or_(
        *(
            and_(sold.day >= one.start, sold.day < one.end, sold.day_before < one.start)
            for one in asked.periods
        )
    )
    return (
        select(
            period.label("period"),
            sold.unit,
            type_coerce(asked.total_of(sold.whole, sold.rest), Scaled).label("numerator"),
            case((func.sum(sold.receipts - sold.unknown) > 0, 1), else_=0).label("denominator"),
            func.sum(case((first, sold.orders), else_=0)).label("n"),
            func.sum(sold.unknown).label("unmatched"),
        )
        .where(sold.priced.is_(priced), inside)
        .group_by("period", sold.unit)
    )
