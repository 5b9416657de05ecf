"""The KPIs: each module holds one function of its own name, registered by a decorator."""

from __future__ import annotations

import pkgutil
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Literal

import shared.kpis
from shared.kpis.asked import DIMENSIONS, Asked
from shared.periods import Period
from shared.rules import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.kpis.asked import Counts, Dimension
    from shared.kpis.model import Better, Bounds, Count, Owner, Unit
    from shared.rules import Rules

    Per = Literal["unit of measure", "currency"]
    Query = Callable[[Asked, str | None], Counts]
    Interval = Callable[[Count], Bounds | None]


@dataclass(frozen=True, slots=True)
class Definition:
    """A KPI: how it is counted and how it is read.

    `query` answers with the columns `period` (its number), `unit` (of measure, a currency, or null),
    `numerator`, `denominator`, `n` and `unmatched`; the value is numerator ÷ denominator × `factor`. With
    `excluded` and `excluded_met` beside them, it is adjusted, too. The docstring of its module is its page.
    """

    key: str
    query: Query
    unit: Unit
    better: Better
    factor: int
    bases: tuple[str | None, ...]
    settled_after_days: Callable[[Rules], int]
    """Days after the end of a period from which its value is final."""
    owner: Owner
    formula: str
    per: Per | None = None
    """What has a row of its own, since it is never summed."""
    parts: bool = True
    """Whether numerator and denominator say something by themselves: not those of a percentile or a sum."""
    adds_up: bool = True
    """Whether counts of slices can be summed; those of a median cannot."""
    interval: Interval | None = None
    """The bounds of the value before `factor`; None where sampling is not what it is unsure by."""
    few_below: int = 20
    """Samples below are too small to read much into."""

    def unit_on(self, basis: str | None) -> Unit:
        """The unit of its value."""
        return "money" if basis == "money" else self.unit

    def by_currency(self, basis: str | None) -> bool:
        """Whether its rows are of one currency each."""
        return self.per == "currency" or basis == "money"

    @property
    def page(self) -> str:
        """What there is to know about it."""
        return sys.modules[self.query.__module__].__doc__ or ""

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """By what it can be cut: what its query answers."""
        return _dimensions(self)


@cache
def _dimensions(definition: Definition) -> tuple[Dimension, ...]:
    asked = Asked((Period.month(2000, 1),), datetime(2000, 1, 1, tzinfo=UTC), DEFAULTS)
    cut = {by: definition.query(replace(asked, by=by), definition.bases[0]) for by in DIMENSIONS}
    return tuple(by for by, query in cut.items() if "slice" in query.selected_columns)


_KPIS: dict[str, Definition] = {}


def kpi(
    *,
    unit: Unit,
    better: Better,
    settled_after_days: Callable[[Rules], int],
    owner: Owner,
    formula: str,
    factor: int = 1,
    bases: tuple[str | None, ...] = (None,),
    adds_up: bool = True,
    interval: Interval | None = None,
    few_below: int = 20,
    per: Per | None = None,
    parts: bool = True,
) -> Callable[[Query], Query]:
    """Register a KPI under its function's name, which is its key."""

    def register(query: Query) -> Query:
        key = query.__name__
        if key in _KPIS:
            raise ValueError(f"two KPIs are called {key}")
        _KPIS[key] = Definition(
            key,
            query,
            unit,
            better,
            factor,
            bases,
            settled_after_days,
            owner,
            formula,
            per,
            parts,
            adds_up,
            interval,
            few_below,
        )
        return query

    return register


@cache
def kpis() -> dict[str, Definition]:
    """Every KPI by key."""
    for module in pkgutil.iter_modules(shared.kpis.__path__):
        import_module(f"{shared.kpis.__name__}.{module.name}")
    return dict(sorted(_KPIS.items()))
