"""Net promoter score: the share of 9 and 10 minus the share of 0 to 6, in points from -100 to 100.

By the period of the answer; 7 and 8 stay in the denominator. Of several answers of one contact about one
order the last counts; about no order, the last in each period. Contacts are one whatever their capitals, and
who does not say who they are is one contact of the order. With few answers it says little: at 30 it is known
to within 28 points.

Source: Reichheld; MeasuringU on its interval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.kpis.answers import points_per_answer, settled_after_days
from shared.kpis.intervals import adjusted_wald
from shared.kpis.registry import kpi

if TYPE_CHECKING:
    from shared.kpis.asked import Asked, Counts


@kpi(
    unit="points",
    better="higher",
    factor=100,
    settled_after_days=settled_after_days,
    interval=adjusted_wald,
    few_below=10,
    owner="Joint",
    formula="(answers of 9 and 10 - answers of 0 to 6) × 100 ÷ answers",
)
def nps(asked: Asked, _basis: str | None) -> Counts:
    """By the month of the answer; 7 and 8 stay in the denominator."""
    return points_per_answer(asked, "nps")
