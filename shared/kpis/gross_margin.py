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

from sqlalchemy import BigInteger, and_, case, func, or_, select, type_coerce

from shared.kpis.counted import for_customers
from shared.kpis.registry import kpi
from shared.tables import Scaled, invoices

if TYPE_CHECKING:
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
    invoice = invoices.c
    period, inside = asked.by_instant(invoice.time)
    same = or_(invoice.premium_freight.is_(None), invoice.freight_currency == invoice.currency)
    known = and_(invoice.cost_of_goods.is_not(None), same)
    net, cost = (type_coerce(each, BigInteger) for each in (invoice.net_sales, invoice.cost_of_goods))
    freight = func.coalesce(type_coerce(invoice.premium_freight, BigInteger), 0)
    sales = asked.total(case((known, net)))
    counted = (
        select(
            period.label("period"),
            invoice.currency.label("unit"),
            type_coerce(asked.total(case((known, net - cost - freight))), Scaled).label("numerator"),
            type_coerce(sales, Scaled).label("denominator"),
            func.sum(case((known, 1), else_=0)).label("n"),
            func.sum(case((known, 0), else_=1)).label("unmatched"),
        )
        .where(inside, for_customers(invoices))
        .group_by("period", invoice.currency)
    )
    return asked.cut(counted, customer=invoice.customer_id, order=invoice.order_id)
