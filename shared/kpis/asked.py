"""What a KPI is asked for, and the columns it answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    FromClause,
    Integer,
    Numeric,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    type_coerce,
)

from shared.tables import SCALE, customers, orders, products

if TYPE_CHECKING:
    from datetime import datetime

    from shared.periods import Period
    from shared.rules import Rules

Counts = Select[*tuple[Any, ...]]
"""A query with the columns `period unit numerator denominator n unmatched`.

`slice` follows where it is cut, and `squares` where an interval needs them.
"""
Dimension = Literal["customer", "family", "site", "salesperson"]
"""By what figures may be cut: the root customer, the product's family, the ship-to's site, the owner."""
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)


@dataclass(frozen=True, slots=True)
class Asked:
    """Consecutive periods, oldest first, as of an instant."""

    periods: tuple[Period, ...]
    as_of: datetime
    rules: Rules
    exact: bool = True
    """Whether sums are exact; a database that cannot hold them is asked again for 15 digits."""
    by: Dimension | None = None
    """By what to cut; None for the whole company."""
    only: frozenset[str] | None = None
    """The slices to count; None for all."""

    def cut(
        self,
        query: Counts,
        *,
        customer: ColumnElement[str] | None = None,
        product: ColumnElement[str] | None = None,
        order: ColumnElement[str] | None = None,
    ) -> Counts:
        """Group a query by slice, too, where the ids that its rows have can tell the slice.

        A query that comes back as it was cannot be cut so, and its KPI is not offered there.
        """
        told, name = self.sliced(query, customer, product, order)
        return told if name is None else told.add_columns(name.label("slice")).group_by("slice")

    def sliced(
        self,
        query: Counts,
        customer: ColumnElement[str] | None = None,
        product: ColumnElement[str] | None = None,
        order: ColumnElement[str] | None = None,
    ) -> tuple[Counts, ColumnElement[Any] | None]:
        """Keep the rows of the slices that are asked for, with what names the slice of each; None without."""
        found = slice_of(self.by, customer, product, order) if self.by else None
        if found is None:
            return query, None
        for known, key in found.joined:
            query = query.outerjoin(known, key)
        return query if self.only is None else query.where(found.name.in_(sorted(self.only))), found.name

    def total(self, quantity: ColumnElement[Any]) -> ColumnElement[Any]:
        """Sum millionths of a quantity."""
        amount = type_coerce(quantity, BigInteger)
        return func.sum(amount if self.exact else cast(amount, Double))

    def total_of(self, whole: ColumnElement[Any], rest: ColumnElement[Any]) -> ColumnElement[Any]:
        """The same of sums kept in whole units and millionths, which may be beyond 64 bits.

        PostgreSQL holds such as numerics, and SQLite with 15 digits.
        """
        return self.total(cast(whole, Numeric) * SCALE + rest)

    def by_day(self, day: ColumnElement[Any]) -> tuple[ColumnElement[int], ColumnElement[bool]]:
        """Number the period that a date falls in, and the condition that it falls in one."""
        return self._split(day, [self.periods[0].start, *(period.end for period in self.periods)])

    def by_instant(self, instant: ColumnElement[Any]) -> tuple[ColumnElement[int], ColumnElement[bool]]:
        """Number the period that a point in time falls in, in the organisation's zone."""
        zone = self.rules.zone
        ends = [period.ends_at(zone) for period in self.periods]
        return self._split(instant, [self.periods[0].starts_at(zone), *ends])

    def by_name(self, name: ColumnElement[Any]) -> tuple[ColumnElement[int], ColumnElement[bool]]:
        """Number the period that is called so."""
        names = [period.name for period in self.periods]
        number = case(*((name == text, literal(i, Integer)) for i, text in enumerate(names)))
        return number, name.in_(names)

    def _split(
        self, column: ColumnElement[Any], bounds: list[Any]
    ) -> tuple[ColumnElement[int], ColumnElement[bool]]:
        number = case(*((column < end, literal(i, Integer)) for i, end in enumerate(bounds[1:])))
        return number, and_(column >= bounds[0], column < bounds[-1])


class _Slice(NamedTuple):
    """The name of a row's slice, and the tables that tell it, each joined by its key."""

    name: ColumnElement[Any]
    joined: tuple[tuple[FromClause, ColumnElement[bool]], ...]


def slice_of(
    by: Dimension,
    customer: ColumnElement[str] | None,
    product: ColumnElement[str] | None,
    order: ColumnElement[str] | None,
) -> _Slice | None:
    """The slice that a row with these ids is in; None where they cannot tell."""
    match by:
        case "customer" if customer is not None:
            known = customers.alias("of_root")
            return _Slice(
                func.coalesce(known.c.root_id, customer), ((known, known.c.customer_id == customer),)
            )
        case "family" if product is not None:
            family = products.alias("of_family")
            return _Slice(family.c.family, ((family, family.c.product_id == product),))
        case "site" if order is not None:
            placed = orders.alias("of_site")
            return _Slice(placed.c.site, ((placed, placed.c.order_id == order),))
        case "salesperson" if customer is not None:
            return _owner(customer, order)
    return None


def _owner(customer: ColumnElement[str], order: ColumnElement[str] | None) -> _Slice:
    """Who owns the account: that of the customer it was merged into, else its own, else its root's.

    Where none of them says, the order may.
    """
    own, merged, root = (customers.alias(name) for name in ("owned", "owned_merged", "owned_root"))
    owners = [account.c.account_owner for account in (merged, own, root)]
    joined: list[tuple[FromClause, ColumnElement[bool]]] = [
        (own, own.c.customer_id == customer),
        (merged, merged.c.customer_id == own.c.merged_id),
        (root, root.c.customer_id == own.c.root_id),
    ]
    if order is not None:
        placed = orders.alias("of_owner")
        owners.append(placed.c.account_owner)
        joined.append((placed, placed.c.order_id == order))
    return _Slice(func.coalesce(*owners), tuple(joined))
