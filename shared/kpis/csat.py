"""Customer satisfaction: of the answers, how many were in the top quarter of their scale, as 4 and 5 of 5.

By the period of the answer. Of several answers of one contact about one order the last counts; about no
order, the last in each period. Contacts are compared by a keyed hash, whatever their capitals; who does not
say who they are is one contact of the order. Complaints and compliments are no answers.

Source: Zendesk; top-two-box.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.kpis.answers import points_per_answer, settled_after_days
from shared.kpis.intervals import wilson
from shared.kpis.registry import kpi

if TYPE_CHECKING:
    from shared.kpis.asked import Asked, Counts


@kpi(
    unit="percent",
    better="higher",
    factor=100,
    settled_after_days=settled_after_days,
    interval=wilson,
    few_below=10,
    owner="Joint",
    formula="answers in the top quarter of their scale ÷ answers",
)
def csat(asked: Asked, _basis: str | None) -> Counts:
    """By the month of the answer; who did not answer is not counted as neutral."""
    return points_per_answer(asked, "csat")
