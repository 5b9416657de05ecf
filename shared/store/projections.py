"""The projections: rows that the journal can rebuild, replaced subject by subject."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, and_, func, null, or_, select, tuple_

from shared import tables
from shared.history.account import Account
from shared.store.chunks import Among, run_among

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime, timedelta


_O = tables.orders
_C = tables.customers.c
_SOME = 200


def accounts(connection: Connection, customer_ids: Iterable[str]) -> dict[str, Account]:
    """The master data of customers, by id."""
    return {row.customer_id: _account(row) for row in run_among(connection, _ACCOUNTS, customer_ids)}


_ACCOUNTS = select(tables.customers).where(Among(_C.customer_id))


def all_accounts(connection: Connection) -> dict[str, Account]:
    """Every customer's master data: for roots, when parents or merges change."""
    return {row.customer_id: _account(row) for row in connection.execute(select(tables.customers))}


def _account(row: Row[Any]) -> Account:
    names = Account.__dataclass_fields__
    return Account(**{name: getattr(row, name) for name in names})


def roots(connection: Connection, customer_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The root and the merged customer of each that is on record."""
    return {row[0]: (row[1], row[2]) for row in run_among(connection, _ROOTS, customer_ids)}


_ROOTS = select(_C.customer_id, _C.root_id, _C.merged_id).where(Among(_C.customer_id))


def helped(connection: Connection, subjects: Iterable[str]) -> set[str]:
    """The root customers for whom something was done about these products or weeks."""
    return {row[0] for row in run_among(connection, _HELPED, subjects) if row[0] is not None}


_I = tables.interventions
_HELPED = (
    select(func.coalesce(_C.root_id, _I.c.customer_id))
    .join(tables.customers, _C.customer_id == _I.c.customer_id, isouter=True)
    .where(Among(_I.c.subject))
)


def positions(connection: Connection, order_ids: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """Where orders stand among those of their root, by order id."""
    return {row[0]: tuple(row[1:]) for row in run_among(connection, _POSITIONS, order_ids)}


_POSITIONS = select(_O.c.order_id, _O.c.root_id, _O.c.kind, _O.c.placed_at).where(Among(_O.c.order_id))


def products_of(connection: Connection, order_ids: Iterable[str]) -> list[tuple[str, date]]:
    """Each product on these orders, with the first day for which it was requested."""
    return [(row[0], row[1]) for row in run_among(connection, _PRODUCTS, order_ids)]


_L = tables.order_lines.c
_PRODUCTS = (
    select(_L.product_id, func.min(_L.first_requested, type_=tables.Day))
    .where(Among(_L.order_id))
    .group_by(_L.product_id)
)


def earliest_due(connection: Connection, order_ids: Iterable[str]) -> date | None:
    """The first day promised of any line on these orders."""
    found = (row[0] for row in run_among(connection, _EARLIEST_DUE, order_ids))
    return min((day for day in found if day is not None), default=None)


_EARLIEST_DUE = select(func.min(_L.first_commit_due, type_=tables.Day)).where(Among(_L.order_id))


def deeds_of(connection: Connection, subjects: Iterable[str]) -> Iterator[tuple[datetime, str | None]]:
    """When something was done or flown in, and about which week, under these subjects."""
    for statement in _DEEDS:
        yield from run_among(connection, statement, subjects)


_DEEDS = (
    select(tables.interventions.c.time, tables.interventions.c.week).where(
        Among(tables.interventions.c.subject)
    ),
    select(tables.invoices.c.time, null()).where(
        tables.invoices.c.premium_freight.is_not(None), Among(tables.invoices.c.subject)
    ),
)


def holds_and_drafts_of(connection: Connection, order_ids: Iterable[str]) -> dict[str, set[str]]:
    """The holds and people's own stories about these orders, and holds of what came back with them."""
    ids = sorted(order_ids)
    found = {"hold": set[str](), "draft": set[str]()}
    if connection.execute(_ANY_HOLD).first() is not None:
        subjects = [f"order/{order_id}" for order_id in ids]
        found["hold"] |= {row[0] for row in run_among(connection, _HOLDS, subjects)}
        returned = {row[0] for row in run_among(connection, _RETURNED_PRODUCTS, subjects)}
        found["hold"] |= holds_of_products(connection, returned)
    if connection.execute(_ANY_DRAFT).first() is not None:
        found["draft"] |= {row[0] for row in run_among(connection, _DRAFTS, ids)}
    return found


def holds_of_products(connection: Connection, product_ids: Iterable[str]) -> set[str]:
    """The holds that name these products, or an order with one of them."""
    ids = sorted(product_ids)
    return {row[0] for statement in _HOLDS_OF for row in run_among(connection, statement, ids)}


_H, _R, _D = tables.holds.c, tables.returns.c, tables.drafts.c
_ANY_HOLD, _ANY_DRAFT = select(_H.hold_id).limit(1), select(_D.draft_id).limit(1)
_HOLDS = select(_H.hold_id).where(Among(_H.subject)).distinct()
_HELD = tables.order_lines.alias("held")
_HOLDS_BY_LINES = (
    select(_H.hold_id)
    .join(_HELD, _HELD.c.order_id == _H.order_id)
    .where(Among(_HELD.c.product_id))
    .distinct()
)
_HOLDS_BY_NAME = select(_H.hold_id).where(Among(_H.product_id)).distinct()
_HOLDS_OF = (_HOLDS_BY_LINES, _HOLDS_BY_NAME)
_RETURNED_PRODUCTS = (
    select(_L.product_id)
    .join(tables.returns, and_(_R.order_id == _L.order_id, _R.line_id == _L.line_id))
    .where(Among(_R.subject))
    .distinct()
)
_DRAFTS = select(_D.draft_id).where(Among(_D.order_id)).distinct()


_ASTRAY = (
    select(_R.customer_id, _R.product_id)
    .where(Among(_R.subject), or_(_R.lot.is_not(None), _R.order_id.is_(None)))
    .distinct()
)


def astray(connection: Connection, subjects: Iterable[str]) -> set[tuple[str | None, str | None]]:
    """Customer and product of what came back under these subjects and may be another order's."""
    return {(row[0], row[1]) for row in run_among(connection, _ASTRAY, subjects)}


_RETURNING = select(_R.customer_id).where(Among(_R.customer_id)).distinct()


def returning(connection: Connection, customer_ids: Iterable[str]) -> set[str]:
    """Those of these customers that sent anything back."""
    return {row[0] for row in run_among(connection, _RETURNING, customer_ids)}


_DEMANDING = (
    select(_L.order_id)
    .join(_O, _O.c.order_id == _L.order_id)
    .where(_L.special, _L.counted, _O.c.closed_at.is_not(None))
    .distinct()
)
_DEMANDING_OF_ROOT = _DEMANDING.where(Among(_O.c.root_id))
_DEMANDING_OF_PRODUCT = _DEMANDING.where(Among(_L.product_id))


def demanding_orders(connection: Connection, root_ids: Iterable[str]) -> set[str]:
    """The closed orders of these root customers with a special requirement."""
    return {row[0] for row in run_among(connection, _DEMANDING_OF_ROOT, root_ids)}


def demanding_orders_of(connection: Connection, product_ids: Iterable[str]) -> set[str]:
    """The closed orders of these products with a special requirement."""
    return {row[0] for row in run_among(connection, _DEMANDING_OF_PRODUCT, product_ids)}


_RETURNED_PRODUCT = func.coalesce(_R.product_id, _L.product_id)
_RETURNED_BY = func.coalesce(_C.root_id, _R.customer_id)
_RETURNED = (
    select(_RETURNED_BY, _R.order_id, _R.return_id, _RETURNED_PRODUCT, _R.lot, _R.time, _R.cause)
    .join(tables.customers, _C.customer_id == _R.customer_id, isouter=True)
    .join(tables.order_lines, and_(_L.order_id == _R.order_id, _L.line_id == _R.line_id), isouter=True)
    .where(or_(_R.lot.is_not(None), _R.order_id.is_(None)))
    .order_by(_R.time, _R.source, _R.id)
)
_RETURNED_TO_ROOT = _RETURNED.where(Among(_RETURNED_BY))
_RETURNED_BY_NOBODY = _RETURNED.where(_R.customer_id.is_(None), Among(_R.product_id))


def returned_astray(
    connection: Connection, root_ids: Iterable[str], product_ids: Iterable[str]
) -> list[Row[Any]]:
    """What came back under no order, or with its lot, from these customers.

    Of these products also what nobody knows who sent. Columns: root customer, order, return, product, lot,
    time, cause.
    """
    return [
        *run_among(connection, _RETURNED_TO_ROOT, root_ids),
        *run_among(connection, _RETURNED_BY_NOBODY, product_ids),
    ]


def _comes_before(one: Any, other: Any) -> Any:
    """Placed earlier, or at the same instant with the smaller id."""
    mine, its = (tuple_(order.c.placed_at, order.c.place_rank) for order in (one, other))
    return mine < its  # as rows, so that the index on placed_at serves


def _beside(column: Any, beside: Any, position: Any, *order: Any) -> Any:
    """One column of the nearest normal order of the same root, in one correlated subquery."""
    nearest = (
        select(column)
        .where(beside.c.root_id == _O.c.root_id, beside.c.kind == "normal", position)
        .order_by(*order)
        .limit(1)
        .correlate(_O)
        .scalar_subquery()
    )
    return select(_O.c.order_id, nearest).where(Among(_O.c.order_id))


_later, _earlier = _O.alias("later"), _O.alias("earlier")
_NEXT = _beside(_later.c.order_id, _later, _comes_before(_O, _later), _later.c.placed_at, _later.c.place_rank)
_PRIOR = _beside(_earlier.c.placed_at, _earlier, _comes_before(_earlier, _O), _earlier.c.placed_at.desc())


def neighbours(connection: Connection, order_ids: Iterable[str]) -> set[str]:
    """The next normal order of the same root after each of these."""
    return {row[1] for row in run_among(connection, _NEXT, order_ids) if row[1] is not None}


def prior_orders(connection: Connection, order_ids: Iterable[str]) -> dict[str, datetime | None]:
    """When the root customer's latest normal order before each of these was placed."""
    return {row[0]: row[1] for row in run_among(connection, _PRIOR, order_ids)}


def orders_of(connection: Connection, customer_ids: Iterable[str]) -> set[str]:
    """The orders of these customers, and those that have one of them as root."""
    ids = sorted(customer_ids)
    return {row[0] for statement in _ORDERS_OF for row in run_among(connection, statement, ids)}


_ORDERS_OF = [select(_O.c.order_id).where(Among(column)) for column in (_O.c.customer_id, _O.c.root_id)]


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
_SPEAKER = func.coalesce(_C.merged_id, _F.c.customer_id)
_SAID = (
    select(_SPEAKER, _F.c.source, _F.c.id, _F.c.time)
    .join(tables.customers, _C.customer_id == _F.c.customer_id, isouter=True)
    .where(*_AGAINST)
)
_SAID_IN = _SAID.where(Among(_F.c.subject))
_SAID_BY = _SAID.where(Among(_SPEAKER)).order_by(_F.c.time, _F.c.source, _F.c.id)


def contradictions(connection: Connection, subjects: Iterable[str]) -> set[tuple[str, datetime]]:
    """Which customer (merges followed) spoke against us when, in the feedback of these subjects."""
    return {(speaker, said_at) for speaker, _, _, said_at in run_among(connection, _SAID_IN, subjects)}


def loose_contradictions(
    connection: Connection, merged_ids: Iterable[str]
) -> dict[str, list[tuple[tuple[str, str], datetime]]]:
    """The same by customer, with the events' names."""
    found: dict[str, list[tuple[tuple[str, str], datetime]]] = defaultdict(list)
    for speaker, source, event_id, said_at in run_among(connection, _SAID_BY, merged_ids):
        found[speaker].append(((source, event_id), said_at))
    return found
