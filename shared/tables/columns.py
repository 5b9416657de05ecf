"""The kinds of columns that read the same on every database, and what all tables belong to."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Dialect, Integer, MetaData, TypeDecorator

from shared.instants import microseconds, moment

SCALE = 10**6


def millionths(value: Decimal) -> int:
    """A decimal of at most 6 places as it is stored."""
    return int(value * SCALE)


class Instant(TypeDecorator[datetime]):
    """A point in time as microseconds since 1970, the same order and digits on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the base class's signature
        """Aware datetime to integer."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the same
        """Integer to UTC datetime."""
        return None if value is None else moment(value)


class Scaled(TypeDecorator[Decimal]):
    """An exact decimal of at most 6 places as an integer of millionths."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the base class's signature
        """Decimal to millionths."""
        return None if value is None else millionths(value)

    def process_result_value(self, value: float | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - the same
        """Millionths to decimal; a sum too large for an integer comes as a double, with its 15 digits."""
        if value is None:
            return None
        millionths = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
        return millionths.scaleb(-6).normalize() + 0


class Day(TypeDecorator[date]):
    """A calendar date as its number in the proleptic Gregorian calendar: 1 is 1 January of year 1."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the base class's signature
        """Date to integer."""
        return None if value is None else value.toordinal()

    def process_result_value(self, value: int | None, dialect: Dialect) -> date | None:  # noqa: ARG002 - the same
        """Integer to date."""
        return None if value is None else date.fromordinal(value)


metadata = MetaData()
