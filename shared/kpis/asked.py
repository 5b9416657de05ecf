"""What a KPI is asked for, and the columns it answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    type_coerce,
)

if TYPE_CHECKING:
    from datetime import datetime

    from shared.periods import Period
    from shared.rules import Rules

Counts = Select[*tuple[Any, ...]]
"""A query with the columns `period unit numerator denominator n unmatched`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Consecutive periods, oldest first, as of an instant."""

    periods: tuple[Period, ...]
    as_of: datetime
    rules: Rules
    exact: bool = True
    """Whether sums are exact; a database that cannot hold them is asked again for 15 digits."""

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
