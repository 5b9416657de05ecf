"""What things are called, for those who may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared import tables
from shared.store.journal import by_key
from shared.store.projections import select_by
from shared.stories.names import CustomerName, Names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from shared.store.journal import Key

_C, _T = tables.customers.c, tables.texts.c


def names(connection: Connection, customer_ids: Iterable[str]) -> Names:
    """The names of customers; people are named only if they wish, which nobody has said yet.

    A customer is called what the last registration in force says: one that was corrected or taken back
    names nobody.
    """
    columns = [_C.customer_id, _C.segment, _C.confidential, _C.registrations]
    found = select_by(connection, columns, _C.customer_id, customer_ids)
    said = {row.customer_id: _last(row.registrations) for row in found if row.registrations}
    texts = {
        (row.source, row.id): row.text
        for row in by_key(connection, said.values(), (_T.source, _T.id, _T.path, _T.text), _T.source, _T.id)
        if row.path == "name"
    }
    return Names(
        customers={
            row.customer_id: CustomerName(name, row.segment, bool(row.confidential))
            for row in found
            if (name := texts.get(said.get(row.customer_id, ("", ""))))
        }
    )


def _last(registrations: str) -> Key:
    source, _, event_id = registrations.rstrip("\n").rpartition("\n")[2].partition("\t")
    return source, event_id
