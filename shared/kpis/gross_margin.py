"""Gross margin: what is left of net sales after the cost of goods and premium freight, in percent.

From invoices and credit notes by the period in which they were posted, each currency by itself. Credit notes
are taken off, whatever their sign; one without a cost took back no goods and is an allowance. Premium freight
counts as a cost: a margin that expediting has eaten is none. An invoice without a cost of goods is left out
and counted apart. Where net sales are not above 0 there is no data. Invoices of samples, intercompany orders,
internal customers and orders put aside do not count.

Source: K17 in the field's catalogue; Finance keeps the books it comes from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, and_, case, func, or_, select, type_coerce, union_all

from shared.kpis.counted import for_customers, of_ourselves
from shared.kpis.registry import kpi
from shared.tables import Scaled, invoices, margin_times

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from shared.kpis.asked import Asked, Counts
    from shared.rules import Rules


def _settled_after_days(rules: Rules) -> int:
    return rules.late_event_grace_days


@kpi(
    unit="percent",
    better="higher",
    factor=100,
    settled_after_days=_settled_after_days,
    owner="Joint",
    formula="(net sales - cost of goods - premium freight) ÷ net sales",
    per="currency",
)
def gross_margin(asked: Asked, _basis: str | None) -> Counts:
    """The sample counts invoices and credit notes."""
    if asked.by is None:
        return _of_all(asked)
    invoice = invoices.c
    counted = _rows(asked, for_customers(invoices))
    return asked.cut(counted, customer=invoice.customer_id, order=invoice.order_id)


def _rows(asked: Asked, counts: ColumnElement[bool]) -> Counts:
    """Count invoices one by one."""
    invoice = invoices.c
    period, inside = asked.by_instant(invoice.time)
    same = or_(invoice.premium_freight.is_(None), invoice.freight_currency == invoice.currency)
    known = and_(invoice.cost_of_goods.is_not(None), same)
    net, cost = (type_coerce(each, BigInteger) for each in (invoice.net_sales, invoice.cost_of_goods))
    freight = func.coalesce(type_coerce(invoice.premium_freight, BigInteger), 0)
    sales = asked.total(case((known, net)))
    return (
        select(
            period.label("period"),
            invoice.currency.label("unit"),
            type_coerce(asked.total(case((known, net - cost - freight))), Scaled).label("numerator"),
            type_coerce(sales, Scaled).label("denominator"),
            func.sum(case((known, 1), else_=0)).label("n"),
            func.sum(case((known, 0), else_=1)).label("unmatched"),
        )
        .where(inside, counts)
        .group_by("period", invoice.currency)
    )


def _of_all(asked: Asked) -> Counts:
    """For the whole company: totals of orders, and the few invoices that name none, one by one."""
    total, invoice = margin_times.c, invoices.c
    period, inside = asked.by_instant(total.since)
    sales, cost = (
        asked.total_of(whole, rest)
        for whole, rest in ((total.net_whole, total.net_rest), (total.cost_whole, total.cost_rest))
    )
    of_orders = (
        select(
            period.label("period"),
            total.currency.label("unit"),
            type_coerce(sales - cost, Scaled).label("numerator"),
            type_coerce(sales, Scaled).label("denominator"),
            func.sum(total.invoices - total.unknown).label("n"),
            func.sum(total.unknown).label("unmatched"),
        )
        .where(inside)
        .group_by("period", total.currency)
    )
    of_none = _rows(asked, and_(invoice.order_id.is_(None), ~of_ourselves(invoices)))
    both = union_all(of_orders, of_none).subquery().c
    sums = (type_coerce(func.sum(type_coerce(each, BigInteger)), Scaled) for each in (both[2], both[3]))
    return select(
        both.period,
        both.unit,
        *(amount.label(name) for name, amount in zip(("numerator", "denominator"), sums, strict=True)),
        func.sum(both.n).label("n"),
        func.sum(both.unmatched).label("unmatched"),
    ).group_by(both.period, both.unit)
