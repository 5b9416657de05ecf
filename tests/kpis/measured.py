"""KPIs measured over events, in a database of their own."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from shared.measuring import measure
from shared.periods import Period
from shared.rules import DEFAULTS, Rules
from tests import make, seen

if TYPE_CHECKING:
    from datetime import datetime

    from shared.kpis.model import Kpi

MARCH = Period.month(2026, 3)


def measured(
    events: list[dict[str, Any]],
    key: str,
    basis: str | None = None,
    *,
    period: Period = MARCH,
    as_of: datetime = make.LATER,
    rules: Rules = DEFAULTS,
) -> Kpi:
    """The one figure of a KPI on a basis."""
    with closing(seen.recorded(events, as_of, rules)) as store, store.reading() as connection:
        found = measure(connection, period, as_of, rules, {}).kpis
    (kpi,) = [kpi for kpi in found if (kpi.key, kpi.basis) == (key, basis)]
    return kpi


def value(events: list[dict[str, Any]], key: str, basis: str | None = None, **more: Any) -> str | None:
    """The value as it is printed: four decimals."""
    found = measured(events, key, basis, **more).value
    return None if found is None else str(found)
