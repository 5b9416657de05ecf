"""Order cycle time (P90): the days from placing to full receipt that nine in ten orders did not exceed.

From the placing of an order to the receipt that filled its last line, in days of 24 hours, weekends included.
An order counts in the period in which it was filled; lines that were cancelled are left out, and an order
with a line closed short is never full. Orders still open are in no period yet: a month of few orders filled
may look fast. Between two orders the value is interpolated (rank 1 + share × (n - 1), as PERCENTILE.INC
does).

Source: SCOR RS.1.1, order fulfilment cycle time; median and P90 because few long waits would hide in a mean.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from shared.kpis.cycle_times import percentile, settled_after_days
from shared.kpis.registry import kpi

if TYPE_CHECKING:
    from shared.kpis.asked import Asked, Counts


@kpi(
    unit="days",
    better="lower",
    settled_after_days=settled_after_days,
    owner="Operations",
    formula="90th percentile of (filled - placed)",
    adds_up=False,
    parts=False,
)
def cycle_time_p90(asked: Asked, _basis: str | None) -> Counts:
    """By the organisation's time zone."""
    return percentile(asked, Fraction(9, 10))
