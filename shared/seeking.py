"""Use case: orders and colleagues as someone types: by number, by customer, by name."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import func, select, union_all

from shared import tables
from shared.people.model import OPERATIONS, SALES
from shared.store.chunks import Among, run_among
from shared.store.names import names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Select

    from shared.patterns.model import Side

MOST: Final = 8
LEAST: Final = 2
"""Letters below which nothing is looked for: everything would be found."""
_RECENT: Final = 20_000
"""Orders among which any part of a number is looked for; elsewhere its beginning."""
_LATEST: Final = 200
"""Numbers that begin alike, of which the newest orders are shown."""
_CUSTOMERS: Final = 20
_O, _P = tables.orders.c, tables.people.c
_LAST: Final = "\U0010ffff"


class FoundOrder(NamedTuple):
    """An order as a list of them shows it."""

    order_id: str
    customer_id: str
    customer: str | None
    """Its name, where everyone may see it."""
    placed_at: datetime
    closed_at: datetime | None


class FoundPerson(NamedTuple):
    """A colleague as a list of them shows one: no address, no choices."""

    person_id: str
    name: str
    department: str

    @property
    def side(self) -> Side | None:
        """`sales` or `operations`; None for who is of neither."""
        return side_of(self.department)


def side_of(department: str) -> Side | None:
    """`sales` or `operations`; None for a department that is neither."""
    return "sales" if department in SALES else "operations" if department in OPERATIONS else None


def helping(department: str) -> Side | None:
    """The other side, which helped; None for a department that is of no side."""
    side = side_of(department)
    return None if side is None else "sales" if side == "operations" else "operations"


def other_side(department: str) -> frozenset[str]:
    """The departments of the other side; none for a department that is of no side."""
    side = helping(department)
    return frozenset() if side is None else SALES if side == "sales" else OPERATIONS


def called(connection: Connection) -> dict[str, str]:
    """Every customer whose name everyone may see, folded for looking it up."""
    ids = connection.scalars(select(tables.customers.c.customer_id)).all()
    known = names(connection, ids)
    told = ((id_, *known.customer(id_)) for id_ in known.customers)
    return {id_: folded(name) for id_, name, is_named in told if is_named}


def folded(text: str) -> str:
    """Text without marks and case, so that `muller` finds `Müller`."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def orders(connection: Connection, text: str, customers: Mapping[str, str]) -> list[FoundOrder]:
    """A few orders by number or customer, the newest first; `customers` as `called` says."""
    if len(text) < LEAST:
        return []
    needle = folded(text)
    whose = [id_ for id_, name in customers.items() if needle in name or id_ == text][:_CUSTOMERS]
    found = list(dict.fromkeys([*_beginning(connection, text), *_of_customers(connection, whose)]))
    if not found:
        recent = select(_O.order_id).order_by(_O.placed_at.desc()).limit(_RECENT).subquery()
        part = recent.c.order_id.icontains(text, autoescape=True)
        found = list(connection.scalars(select(recent.c.order_id).where(part).limit(MOST)))
    return orders_by_id(connection, found[:MOST])


def _beginning(connection: Connection, text: str) -> list[str]:
    """The newest of those orders whose number begins so, and of many of the last numbers: numbers rise."""
    begins = (_O.order_id >= text, _O.order_id < text + _LAST)
    last = select(_O.order_id, _O.placed_at).where(*begins).order_by(_O.order_id.desc()).limit(_LATEST)
    query = _newest(last.subquery().c)
    return list(connection.scalars(query))


def _of_customers(connection: Connection, customer_ids: list[str]) -> list[str]:
    """The newest orders of a few customers: each customer's own are a short stretch of an index."""
    if not customer_ids:
        return []
    each = [_newest(_O).where(_O.customer_id == id_).add_columns(_O.placed_at) for id_ in customer_ids]
    both = union_all(*(select(one.subquery()) for one in each)).subquery()
    return list(connection.scalars(_newest(both.c)))


def _newest(order: Any) -> Select[str]:
    return select(order.order_id).order_by(order.placed_at.desc(), order.order_id).limit(MOST)


def orders_by_id(connection: Connection, order_ids: Iterable[str]) -> list[FoundOrder]:
    """These orders, the newest first; those that nobody knows are missing."""
    rows = list(run_among(connection, _ORDERS, order_ids))
    known = names(connection, {row.customer_id for row in rows})
    found = [
        FoundOrder(row.order_id, row.customer_id, name if is_named else None, row.placed_at, row.closed_at)
        for row in rows
        for name, is_named in [known.customer(row.customer_id)]
    ]
    return sorted(found, key=lambda each: (each.placed_at, each.order_id), reverse=True)


_ORDERS = select(_O.order_id, _O.customer_id, _O.placed_at, _O.closed_at).where(Among(_O.order_id))


def people(
    connection: Connection, text: str, *, among: Collection[str] = (), but: str = ""
) -> list[FoundPerson]:
    """A few colleagues of Sales or Operations by name, `but` not this one."""
    if len(text) < LEAST:
        return []
    wanted = sorted(among or SALES | OPERATIONS)
    here = (_P.erased_at.is_(None), _P.name.is_not(None), _P.person_id != but, _P.department.in_(wanted))
    named = func.lower(_P.name).contains(text.lower(), autoescape=True)
    query = select(_P.person_id, _P.name, _P.department).where(*here, named)
    rows = connection.execute(query.order_by(_P.name, _P.person_id).limit(MOST))
    return [FoundPerson(*row) for row in rows]


def people_by_id(connection: Connection, person_ids: Iterable[str]) -> dict[str, FoundPerson]:
    """These colleagues; who is erased, or of neither side, is missing."""
    rows = run_among(connection, _PEOPLE, person_ids)
    found = (FoundPerson(*row) for row in rows)
    return {each.person_id: each for each in found if each.side}


_PEOPLE = select(_P.person_id, _P.name, _P.department).where(
    Among(_P.person_id), _P.erased_at.is_(None), _P.name.is_not(None)
)
