"""The figures of a period: value, sample, comparison and whether they may still change."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy.exc import DBAPIError

from shared.kpis.asked import Asked
from shared.kpis.model import Kpi, KpiStatus
from shared.kpis.registry import Definition, kpis

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from shared.periods import Period
    from shared.rules import Rules

_PLACES = Decimal("0.0001")
Series = dict[tuple[str, str | None], tuple[tuple[str, Decimal | None], ...]]


class _Count(NamedTuple):
    numerator: Decimal
    denominator: Decimal
    n: int
    unmatched: int
    excluded: int | None = None
    excluded_met: int = 0

    @property
    def adjusted(self) -> _Count | None:
        """The same without what is excluded; None where nothing can be."""
        if self.excluded is None:
            return None
        left = (self.numerator - self.excluded_met, self.denominator - self.excluded)
        return self._replace(numerator=left[0], denominator=left[1])


@dataclass(frozen=True, slots=True)
class Measured:
    """The KPIs of one period, with the values of the periods before it."""

    kpis: tuple[Kpi, ...]
    series: Series


def measure(
    connection: Connection,
    period: Period,
    as_of: datetime,
    rules: Rules,
    targets: Mapping[str, Decimal],
    periods: int = 2,
) -> Measured:
    """Count every KPI in `period` and the `periods` - 1 before it, in one query each."""
    asked = Asked(tuple(period.back(back) for back in range(periods - 1, -1, -1)), as_of, rules)
    found: list[Kpi] = []
    series: Series = {}
    for definition in kpis().values():
        for basis in definition.bases:
            counts = _counts(connection, definition, asked, basis)
            # One unit of measure needs no naming; several are never summed, each has its own row.
            for unit, by_period in counts.items():
                shown = unit if len(counts) > 1 or (unit and definition.by_currency(basis)) else basis
                values = [_value(definition, by_period.get(i)) for i in range(periods)]
                status = _status(definition, values[-1], asked)
                count = by_period.get(periods - 1)
                made = _kpi(definition, shown, count, values, status, targets.get(definition.key))
                currency = unit if definition.by_currency(basis) else None
                found.append(replace(made, unit=definition.unit_on(basis), currency=currency))
                names = (asked_period.name for asked_period in asked.periods)
                series[definition.key, shown] = tuple(zip(names, values, strict=True))
    return Measured(tuple(found), series)


def _counts(
    connection: Connection, definition: Definition, asked: Asked, basis: str | None
) -> dict[str | None, dict[int, _Count]]:
    """The counts by unit of measure and number of the period; the unit with the largest sample first."""
    counts: dict[str | None, dict[int, _Count]] = defaultdict(dict)
    for row in _rows(connection, definition, asked, basis):
        counts[row.unit][row.period] = _Count(
            Decimal(row.numerator or 0),
            Decimal(row.denominator or 0),
            int(row.n or 0),
            int(row.unmatched or 0),
            *((row.excluded, row.excluded_met) if "excluded" in row._fields else ()),
        )
    by_size = sorted(counts, key=lambda unit: (-sum(c.n for c in counts[unit].values()), unit or ""))
    return {unit: counts[unit] for unit in by_size} or {None: {}}


def _rows(
    connection: Connection, definition: Definition, asked: Asked, basis: str | None
) -> Sequence[Row[Any]]:
    """Ask exactly; where a sum is more than the database can hold, ask again for its first 15 digits."""
    try:
        return connection.execute(definition.query(asked, basis)).all()
    except DBAPIError as error:
        if "overflow" not in str(error.orig):
            raise
    return connection.execute(definition.query(replace(asked, exact=False), basis)).all()


def _value(definition: Definition, count: _Count | None) -> Decimal | None:
    """Numerator ÷ denominator, to 4 decimals, half to even; None without a denominator."""
    if count is None or count.denominator == 0:
        return None
    exact = count.numerator * definition.factor / count.denominator
    return exact.quantize(_PLACES, ROUND_HALF_EVEN)


def _kpi(
    definition: Definition,
    basis: str | None,
    count: _Count | None,
    values: list[Decimal | None],
    status: KpiStatus,
    target: Decimal | None,
) -> Kpi:
    value, previous = values[-1], values[-2] if len(values) > 1 else None
    known = count if count is not None and value is not None else None
    parts = known if definition.parts else None
    return Kpi(
        key=definition.key,
        basis=basis,
        value=value,
        unit=definition.unit,
        better=definition.better,
        numerator=parts.numerator if parts else None,
        denominator=parts.denominator if parts else None,
        n=known.n if known else 0,
        target=target,
        previous=previous,
        change=None if value is None or previous is None else value - previous,
        status=status,
        unmatched=count.unmatched if count else 0,
        adjusted=_value(definition, known.adjusted) if known else None,
        excluded=(known.excluded or 0) if known else 0,
    )


def _status(definition: Definition, value: Decimal | None, asked: Asked) -> KpiStatus:
    if value is None:
        return "no_data"
    return "final" if asked.as_of >= settled_at(definition, asked.periods[-1], asked.rules) else "provisional"


def settled_at(definition: Definition, period: Period, rules: Rules) -> datetime:
    """From when a KPI of a period is final."""
    return period.ends_at(rules.zone) + timedelta(days=definition.settled_after_days(rules))


def all_settled(period: Period, as_of: datetime, rules: Rules) -> bool:
    """Whether every KPI of a period is final."""
    return all(as_of >= settled_at(definition, period, rules) for definition in kpis().values())
