"""The projections: rows that the journal can rebuild, replaced subject by subject."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, and_, func, or_, select

from shared import tables
from shared.history.account import Account
from shared.store.chunks import among, chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import ColumnElement

_O = tables.orders
_C = tables.customers.c
_SOME = 200


def select_by(
    connection: Connection,
    columns: Sequence[ColumnElement[Any]],
    key: ColumnElement[Any],
    keys: Iterable[str],
) -> list[Row[Any]]:
    """Read columns of the rows of these keys."""
    return [
        row
        for some in chunks(sorted(keys))
        for row in connection.execute(select(*columns).where(among(connection, key, some)))
    ]


def accounts(connection: Connection, customer_ids: Iterable[str]) -> dict[str, Account]:
    """The master data of customers, by id."""
    return {
        row.customer_id: _account(row)
        for row in select_by(connection, list(_C), _C.customer_id, customer_ids)
    }


def all_accounts(connection: Connection) -> dict[str, Account]:
    """Every customer's master data: for roots, when parents or merges change."""
    return {row.customer_id: _account(row) for row in connection.execute(select(tables.customers))}


def _account(row: Row[Any]) -> Account:
    names = Account.__dataclass_fields__
    return Account(**{name: getattr(row, name) for name in names})


def roots(connection: Connection, customer_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The root and the merged customer of each that is on record."""
    rows = select_by(connection, [_C.customer_id, _C.root_id, _C.merged_id], _C.customer_id, customer_ids)
    return {row.customer_id: (row.root_id, row.merged_id) for row in rows}


def positions(connection: Connection, order_ids: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """Where orders stand among those of their root, by order id."""
    columns = [_O.c.order_id, _O.c.root_id, _O.c.kind, _O.c.placed_at]
    return {row.order_id: tuple(row[1:]) for row in select_by(connection, columns, _O.c.order_id, order_ids)}


def neighbours(connection: Connection, order_ids: Iterable[str]) -> set[str]:
    """The next normal order of the same root after each of these."""
    later = _O.alias("later")
    following = _beside(
        later.c.order_id, later, _comes_before(_O, later), later.c.placed_at, later.c.place_rank
    )
    rows = select_by(connection, [following.label("following")], _O.c.order_id, order_ids)
    return {row.following for row in rows if row.following is not None}


def prior_orders(connection: Connection, order_ids: Iterable[str]) -> dict[str, datetime | None]:
    """When the root customer's latest normal order before each of these was placed."""
    earlier = _O.alias("earlier")
    prior = _beside(earlier.c.placed_at, earlier, _comes_before(earlier, _O), earlier.c.placed_at.desc())
    rows = select_by(connection, [_O.c.order_id, prior.label("prior_at")], _O.c.order_id, order_ids)
    return {row.order_id: row.prior_at for row in rows}


def _comes_before(one: Any, other: Any) -> Any:
    """Placed earlier, or at the same instant with the smaller id."""
    same_time = and_(one.c.placed_at == other.c.placed_at, one.c.place_rank < other.c.place_rank)
    return or_(one.c.placed_at < other.c.placed_at, same_time)


def _beside(column: Any, beside: Any, position: Any, *order: Any) -> Any:
    """One column of the nearest normal order of the same root, in one correlated subquery."""
    return (
        select(column)
        .where(beside.c.root_id == _O.c.root_id, beside.c.kind == "normal", position)
        .order_by(*order)
        .limit(1)
        .correlate(_O)
        .scalar_subquery()
    )


def orders_of(connection: Connection, customer_ids: Iterable[str]) -> set[str]:
    """The orders of these customers, and those that have one of them as root."""
    ids = sorted(customer_ids)
    return {
        row.order_id
        for column in (_O.c.customer_id, _O.c.root_id)
        for row in select_by(connection, [_O.c.order_id], column, ids)
    }


def closed_before(
    connection: Connection, said: Sequence[tuple[str, datetime]], window: timedelta
) -> set[str]:
    """The orders of a customer (merges followed) that closed within `window` before each instant."""
    merged = func.coalesce(_C.merged_id, _O.c.customer_id)
    closed = select(_O.c.order_id).join(tables.customers, _C.customer_id == _O.c.customer_id, isouter=True)
    return {
        order_id
        for start in range(0, len(said), _SOME)
        for order_id in connection.scalars(
            closed.where(
                or_(
                    *(
                        and_(merged == customer_id, _O.c.closed_at.between(instant - window, instant))
                        for customer_id, instant in said[start : start + _SOME]
                    )
                )
            )
        )
    }


_F = tables.feedback
_AGAINST = (_F.c.order_id.is_(None), _F.c.against)
"""Feedback that names no order and speaks against the customer's recent ones."""


def contradictions(connection: Connection, subjects: Iterable[str]) -> set[tuple[str, datetime]]:
    """Which customer (merges followed) spoke against us when, in the feedback of these subjects."""
    merged = func.coalesce(_C.merged_id, _F.c.customer_id).label("merged_id")
    query = select(merged, _F.c.time).join(tables.customers, _C.customer_id == _F.c.customer_id, isouter=True)
    return {
        (row.merged_id, row.time)
        for some in chunks(sorted(subjects))
        for row in connection.execute(query.where(among(connection, _F.c.subject, some), *_AGAINST))
    }


def loose_contradictions(
    connection: Connection, merged_ids: Iterable[str]
) -> dict[str, list[tuple[tuple[str, str], datetime]]]:
    """The same by customer, with the events' names."""
    merged = func.coalesce(_C.merged_id, _F.c.customer_id)
    query = (
        select(merged.label("merged_id"), _F.c.source, _F.c.id, _F.c.time)
        .join(tables.customers, _C.customer_id == _F.c.customer_id, isouter=True)
        .order_by(_F.c.time, _F.c.source, _F.c.id)
    )
    found: dict[str, list[tuple[tuple[str, str], datetime]]] = defaultdict(list)
    for some in chunks(sorted(merged_ids)):
        for row in connection.execute(query.where(among(connection, merged, some), *_AGAINST)):
            found[row.merged_id].append(((row.source, row.id), row.time))
    return found
