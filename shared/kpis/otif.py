"""On time and in full: of the lines due in a period, how many were both.

A line belongs to the period of its due day on that basis, once it is scored: when it closed, or when the
grace after the due day is over. Lines that never came count as missed; lines the customer cancelled in time
do not count, nor does a line on a basis on which it was never promised. Counted line by line: it is not
`on_time` times `in_full`.

Source: McKinsey; Infor, whose ten lines give 60 percent. On the requested basis it is the customer service
level.
"""

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
    owner="Joint",
    formula="lines on time and in full ÷ lines due",
)
def otif(asked: Asked, basis: str | None) -> Counts:
    """Undelivered lines count from the end of the grace on: a line never delivered must not vanish."""
    return share_of_due(asked, basis, lambda line: and_(line.on_time, line.in_full))
