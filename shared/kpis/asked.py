"""What a KPI is asked for, and the columns it answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    type_coerce,
)

from shared.tables import customers, orders, products

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
        if self.by is None:
            return query
        found = slice_of(self.by, customer, product, order)
        if found is None:
            return query
        cut = query.add_columns(found.label("slice")).group_by("slice")
        return cut if self.only is None else cut.where(found.in_(sorted(self.only)))

    def total(self, quantity: ColumnElement[Any]) -> ColumnElement[Any]:
        """Sum millionths of a quantity."""
        amount = type_coerce(quantity, BigInteger)
        return func.sum(amount if self.exact else cast(amount, Double))

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


def slice_of(
    by: Dimension,
    customer: ColumnElement[str] | None,
    product: ColumnElement[str] | None,
    order: ColumnElement[str] | None,
) -> ColumnElement[Any] | None:
    """The slice that a row with these ids is in; None where they cannot tell."""
    match by:
        case "customer" if customer is not None:
            return _root(customer)
        case "family" if product is not None:
            known = products.alias("of_family").c
            return select(known.family).where(known.product_id == product).scalar_subquery()
        case "site" if order is not None:
            return _of_order("site", order)
        case "salesperson" if customer is not None:
            owner = _owner(customer)
            return owner if order is None else func.coalesce(owner, _of_order("account_owner", order))
    return None


def _root(customer: ColumnElement[str]) -> ColumnElement[Any]:
    """Parents and merges followed; a customer that was never registered stands for itself."""
    known = customers.alias("of_root").c
    return func.coalesce(
        select(known.root_id).where(known.customer_id == customer).scalar_subquery(), customer
    )


def _of_order(column: str, order: ColumnElement[str]) -> ColumnElement[Any]:
    known = orders.alias(f"of_{column}").c
    return select(known[column]).where(known.order_id == order).scalar_subquery()


def _owner(customer: ColumnElement[str]) -> ColumnElement[Any]:
    """Who owns the account: that of the customer it was merged into, else its own, else its root's."""
    own, merged, root = (customers.alias(name) for name in ("owned", "owned_merged", "owned_root"))
    known = own.join(merged, merged.c.customer_id == own.c.merged_id, isouter=True)
    known = known.join(root, root.c.customer_id == own.c.root_id, isouter=True)
    owners = (account.c.account_owner for account in (merged, own, root))
    return (
        select(func.coalesce(*owners))
        .select_from(known)
        .where(own.c.customer_id == customer)
        .scalar_subquery()
    )
