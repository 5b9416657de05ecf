"""The figures of a period: value, sample, comparison and whether they may still change."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from shared.kpis.asked import Asked, Dimension
from shared.kpis.model import Count, Kpi, KpiStatus
from shared.kpis.registry import Definition, kpis
from shared.kpis.targets import target_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from shared.kpis.asked import Counts
    from shared.kpis.targets import Target, Targets
    from shared.periods import Period
    from shared.rules import Rules

_PLACES = Decimal("0.0001")
Slice = str | None
"""The id of what figures are cut by; None where it is not known, or nothing is cut."""
Series = dict[tuple[str, str | None], tuple[tuple[str, Decimal | None], ...]]


_ByUnit = dict[str | None, dict[int, Count]]
"""Counts by unit of measure and number of the period."""
_Question = tuple[str, str | None]
"""Key of a KPI and basis."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The KPIs of one period, with the values of the periods before it."""

    kpis: tuple[Kpi, ...]
    series: Series


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted once, to be read for the whole company, each slice, or any slices together."""

    asked: Asked
    slices: Mapping[Slice, Mapping[_Question, _ByUnit]]
    keys: frozenset[str] | None = None
    """Which KPIs were counted; None for every one."""

    def measured(self, targets: Targets, of: Iterable[Slice] | None = None, back: int = 0) -> Measured:
        """The figures of some slices together, of all by default: sums of counts, never means of shares.

        Of several slices, a KPI whose counts do not add up is left out. `back` goes that many periods back.
        """
        periods = self.asked.periods[: len(self.asked.periods) - back]
        chosen = self.slices if of is None else dict.fromkeys(of)
        found: list[Kpi] = []
        series: Series = {}
        for definition in offered(self.asked.by, self.keys):
            if len(chosen) > 1 and not definition.adds_up:
                continue
            target = target_of(targets, definition.key, periods[-1])
            for basis in definition.bases:
                counts = self._sum(chosen, (definition.key, basis))
                # One unit of measure needs no naming; several are never summed, each has its own row.
                for unit, by_period in counts.items():
                    priced = definition.by_currency(basis)
                    shown = unit if len(counts) > 1 or (unit and priced) else basis
                    values = [_value(definition, by_period.get(i)) for i in range(len(periods))]
                    status = _status(definition, values[-1], periods[-1], self.asked)
                    count = by_period.get(len(periods) - 1)
                    made = _kpi(definition, shown, count, values, status, target)
                    currency = unit if priced else None
                    found.append(replace(made, unit=definition.unit_on(basis), currency=currency))
                    names = (period.name for period in periods)
                    series[definition.key, shown] = tuple(zip(names, values, strict=True))
        return Measured(tuple(found), series)

    def _sum(self, slices: Iterable[Slice], question: _Question) -> _ByUnit:
        """The counts of slices together; the unit with the largest sample first."""
        counts: _ByUnit = defaultdict(dict)
        for name in slices:
            for unit, by_period in self.slices.get(name, {}).get(question, {}).items():
                for i, count in by_period.items():
                    known = counts[unit].get(i)
                    counts[unit][i] = count if known is None else known.plus(count)
        by_size = sorted(counts, key=lambda unit: (-sum(c.n for c in counts[unit].values()), unit or ""))
        return {unit: counts[unit] for unit in by_size} or {None: {}}


def measure(
    connection: Connection,
    period: Period,
    as_of: datetime,
    rules: Rules,
    targets: Targets,
    periods: int = 2,
) -> Measured:
    """Measure every KPI in `period` and the `periods` - 1 before it, in one query each."""
    return count(connection, period, as_of, rules, periods).measured(targets)


def count(
    connection: Connection,
    period: Period,
    as_of: datetime,
    rules: Rules,
    periods: int = 2,
    by: Dimension | None = None,
    only: Iterable[str] | None = None,
    keys: frozenset[str] | None = None,
) -> Tally:
    """Count every KPI that can be cut `by` a dimension, all slices and periods in one query each.

    `only` names the slices to count; whoever wants many reads them from one tally of all. `keys` names the
    KPIs, where not all are wanted.
    """
    few = None if only is None else frozenset(only)
    asked = Asked(
        tuple(period.back(back) for back in range(periods - 1, -1, -1)), as_of, rules, by=by, only=few
    )
    slices: dict[Slice, dict[_Question, _ByUnit]] = {}
    for definition in offered(by, keys):
        for basis in definition.bases:
            for row in _rows(connection, definition, asked, basis):
                found = slices.setdefault(row.slice if by else None, {})
                found.setdefault((definition.key, basis), {}).setdefault(row.unit, {})[row.period] = Count(
                    Decimal(row.numerator or 0),
                    Decimal(row.denominator or 0),
                    int(row.n or 0),
                    int(row.unmatched or 0),
                    Decimal(getattr(row, "squares", None) or 0),
                    row.unit,
                    *((int(row.excluded), int(row.excluded_met)) if "excluded" in row._fields else ()),
                )
    return Tally(asked, slices, keys)


def offered(by: Dimension | None, keys: frozenset[str] | None = None) -> list[Definition]:
    """The KPIs that can be cut by a dimension; of them those named, where not all are wanted."""
    found = (each for each in kpis().values() if by is None or by in each.dimensions)
    return [each for each in found if keys is None or each.key in keys]


def _rows(
    connection: Connection, definition: Definition, asked: Asked, basis: str | None
) -> Sequence[Row[Any]]:
    return rows_of(connection, asked, lambda told: definition.query(told, basis))


def rows_of(connection: Connection, asked: Asked, query: Callable[[Asked], Counts]) -> Sequence[Row[Any]]:
    """Ask exactly; where a sum is more than the database can hold, ask again for its first 15 digits."""
    try:
        return connection.execute(query(asked)).all()
    except DBAPIError as error:
        if "overflow" not in str(error.orig):
            raise
    return connection.execute(query(replace(asked, exact=False))).all()


def _value(definition: Definition, count: Count | None) -> Decimal | None:
    """Numerator ÷ denominator; None without a denominator, as where credit notes outweigh invoices."""
    if count is None or count.denominator <= 0:
        return None
    return _rounded(count.numerator * definition.factor / count.denominator)


def _rounded(exact: Decimal) -> Decimal:
    """To 4 decimals, half to even."""
    return exact.quantize(_PLACES, ROUND_HALF_EVEN)


def _kpi(
    definition: Definition,
    basis: str | None,
    count: Count | None,
    values: list[Decimal | None],
    status: KpiStatus,
    target: Target | None,
) -> Kpi:
    value, previous = values[-1], values[-2] if len(values) > 1 else None
    known = count if count is not None and value is not None else None
    parts = known if definition.parts else None
    bounds = definition.interval(known) if known and definition.interval else None
    low, high = (_rounded(bound * definition.factor) for bound in bounds) if bounds else (None, None)
    return Kpi(
        key=definition.key,
        basis=basis,
        value=value,
        unit=definition.unit,
        better=definition.better,
        numerator=parts.numerator if parts else None,
        denominator=parts.denominator if parts else None,
        n=known.n if known else 0,
        target=target.value if target else None,
        previous=previous,
        change=None if value is None or previous is None else value - previous,
        status=status,
        unmatched=count.unmatched if count else 0,
        few=known is not None and known.n < definition.few_below,
        low=low,
        high=high,
        standing=None if value is None or target is None else target.standing(value, definition.better),
        adjusted=_value(definition, known.adjusted) if known else None,
        excluded=(known.excluded or 0) if known else 0,
    )


def _status(definition: Definition, value: Decimal | None, period: Period, asked: Asked) -> KpiStatus:
    if value is None:
        return "no_data"
    return "final" if asked.as_of >= settled_at(definition, period, asked.rules) else "provisional"


def settled_at(definition: Definition, period: Period, rules: Rules) -> datetime:
    """From when a KPI of a period is final."""
    return period.ends_at(rules.zone) + timedelta(days=definition.settled_after_days(rules))


def all_settled(period: Period, as_of: datetime, rules: Rules) -> bool:
    """Whether every KPI of a period is final."""
    return all(as_of >= settled_at(definition, period, rules) for definition in kpis().values())
