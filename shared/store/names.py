"""What things are called, for those who may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, select

from shared import tables
from shared.store.chunks import chunks
from shared.stories.names import CustomerName, Names

if TYPE_CHECKING:
    from collections.abc import Iterable


def names(connection: Connection, customer_ids: Iterable[str]) -> Names:
    """The names of customers; people are named only if they wish, which nobody has said yet."""
    name, customer = tables.names.c, tables.customers.c
    query = select(name.id, name.name, customer.segment, customer.confidential).join(
        tables.customers, customer.customer_id == name.id, isouter=True
    )
    return Names(
        customers={
            row.id: CustomerName(row.name, row.segment, bool(row.confidential))
            for some in chunks(sorted(customer_ids))
            for row in connection.execute(query.where(and_(name.kind == "customer", name.id.in_(some))))
        }
    )
