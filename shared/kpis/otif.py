"""On time and in full: of the lines due in a period, how many were both. Not the product of the two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_

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
def otif(asked: Asked, basis: str | None) -> Counts:
    """Undelivered lines count from the end of the grace on: a line never delivered must not vanish."""
    return share_of_due(asked, basis, lambda line: and_(line.on_time, line.in_full))
