"""What things are called, for those who may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from shared import tables
from shared.store.chunks import Among, run_among
from shared.store.journal import by_key, one_source
from shared.stories.names import CustomerName, Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import ColumnElement, Connection

    from shared.store.journal import Key

_C, _T = tables.customers.c, tables.texts.c


_CALLED = select(_C.customer_id, _C.segment, _C.confidential, _C.registrations).where(Among(_C.customer_id))
_SECRET = select(_C.customer_id, _C.segment, _C.registrations).where(_C.confidential.is_(True))
_SAID = one_source(select(_T.source, _T.id, _T.text).where(_T.path == "name"), _T.source, _T.id)


def names(connection: Connection, customer_ids: Iterable[str]) -> Names:
    """The names of customers; those of people are asked for apart, for only some wish to be named.

    A customer is called what the last registration in force says: one that was corrected or taken back
    names nobody.
    """
    found = list(run_among(connection, _CALLED, customer_ids))
    said = {row.customer_id: _last(row.registrations) for row in found if row.registrations}
    texts = {(row.source, row.id): row.text for row in by_key(connection, _SAID, said.values())}
    return Names(
        customers={
            row.customer_id: CustomerName(name, row.segment, bool(row.confidential))
            for row in found
            if (name := texts.get(said.get(row.customer_id, ("", ""))))
        }
    )


def confidential(
    connection: Connection, whose: ColumnElement[bool]
) -> Iterator[tuple[str, str | None, list[str]]]:
    """Those of some customers whose names not everyone may see: id, segment and every name they ever had."""
    found = connection.execute(_SECRET.where(whose).order_by(_C.customer_id)).all()
    keys = {row.customer_id: [_key(line) for line in row.registrations.splitlines()] for row in found}
    told = by_key(connection, _SAID, {key for each in keys.values() for key in each})
    texts = {(row.source, row.id): row.text for row in told}
    for row in found:
        called = sorted({texts[key] for key in keys[row.customer_id] if key in texts})
        yield row.customer_id, row.segment, called


def product_names(connection: Connection, registered: Mapping[str, Key]) -> dict[str, str]:
    """The names of products, each from the event that registered it."""
    texts = {(row.source, row.id): row.text for row in by_key(connection, _SAID, registered.values())}
    return {name: texts[key] for name, key in registered.items() if key in texts}


def person_names(connection: Connection, person_ids: Iterable[str]) -> set[str]:
    """The names of people, whatever they prefer: so as not to print them."""
    ids = sorted(person_ids)
    return {row[0] for query in (_SAID_OF, _LISTED) for row in run_among(connection, query, ids)}


def names_of_each(connection: Connection, person_ids: Iterable[str]) -> set[tuple[str, str]]:
    """The same beside the id of each."""
    ids = sorted(person_ids)
    return {(row[1], row[0]) for query in (_SAID_OF, _LISTED) for row in run_among(connection, query, ids)}


def everybody(connection: Connection) -> dict[str, set[str]]:
    """Every name by which a person was ever called, by id."""
    found: dict[str, set[str]] = {}
    for query in (select(_N.id, _N.name).where(_N.kind == "person"), _ALL_LISTED):
        for person_id, name in connection.execute(query):
            found.setdefault(person_id, set()).add(name)
    return found


_N, _P = tables.names.c, tables.people.c
_SAID_OF = select(_N.name, _N.id).where(_N.kind == "person", Among(_N.id))
_LISTED = select(_P.name, _P.person_id).where(_P.name.is_not(None), Among(_P.person_id))
_ALL_LISTED = select(_P.person_id, _P.name).where(_P.name.is_not(None))


def event_texts(connection: Connection, keys: Iterable[Key]) -> dict[tuple[str, str, str], str]:
    """What people wrote in these events, by source, id and field."""
    return {(row.source, row.id, row.path): row.text for row in by_key(connection, _WRITTEN, keys)}


_WRITTEN = one_source(select(_T.source, _T.id, _T.path, _T.text), _T.source, _T.id)


def _last(registrations: str) -> Key:
    return _key(registrations.rstrip("\n").rpartition("\n")[2])


def _key(registration: str) -> Key:
    source, _, event_id = registration.partition("\t")
    return source, event_id
