"""On time: of the lines due in a period, how many closed on their due day or before.

A line belongs to the period of its due day on that basis, once it is scored: when it closed, or when the
grace after the due day is over. Lines that never came count as missed; lines the customer cancelled in time
do not count, nor does a line on a basis on which it was never promised. The day is the ship-to's local date,
with the late and early tolerance.

Source: R1 to R9 of the field; late and in part are no excuse for each other, so quantity does not matter
here.
"""

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
    owner="Operations",
    formula="lines on time ÷ lines due",
)
def on_time(asked: Asked, basis: str | None) -> Counts:
    """Undelivered lines count from the end of the grace on: a line never delivered must not vanish."""
    return share_of_due(asked, basis, lambda line: line.on_time)
