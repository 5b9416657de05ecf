"""In full: of the lines due in a period, how many came in the ordered quantity, tolerances included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.kpis.due_lines import BASES, settled_after_days, share_of_due
from shared.kpis.intervals import wilson
from shared.kpis.registry import kpi

if TYPE_CHECKING:
    from shared.kpis.asked import Asked, Counts


@kpi(
    unit="percent",
    better="higher",
    factor=100,
    bases=BASES,
    settled_after_days=settled_after_days,
    interval=wilson,
)
def in_full(asked: Asked, basis: str | None) -> Counts:
    """Undelivered lines count from the end of the grace on: a line never delivered must not vanish."""
    return share_of_due(asked, basis, lambda line: line.in_full)
