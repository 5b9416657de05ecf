"""What counts of deeds and invoices: those for customers, not for ourselves, and of orders that count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, or_, select

from shared.tables import customers, orders

if TYPE_CHECKING:
    from sqlalchemy import Table


def for_customers(deed: Table) -> ColumnElement[bool]:
    """Whether a row is of an order that counts, or of none and not for ourselves."""
    order = select(orders.c.order_id).where(orders.c.order_id == deed.c.order_id, orders.c.counted)
    return or_(
        and_(deed.c.order_id.is_(None), ~of_ourselves(deed)),
        order.correlate(deed).exists(),
    )


def of_ourselves(deed: Table) -> ColumnElement[bool]:
    """Whether the customer of a row, or the one it belongs to, is internal."""
    customer, root = customers.alias("customer"), customers.alias("root")
    both = customer.join(root, root.c.customer_id == customer.c.root_id, isouter=True)
    internal = or_(customer.c.is_internal, root.c.is_internal)
    return (
        select(customer.c.customer_id)
        .select_from(both)
        .where(customer.c.customer_id == deed.c.customer_id, internal)
        .correlate(deed)
        .exists()
    )
