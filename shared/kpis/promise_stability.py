"""Promise stability: of the lines due in a period, how many promises we never moved to a later day.

A move that the customer asked for is none of ours. A line that came late without a word counts as stable:
read it beside `on_time`, which it does not count as kept.

Source: K19 in the field's catalogue; market term: promise reliability.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import not_

from shared.kpis.due_lines import settled_after_days, share_of_due
from shared.kpis.intervals import wilson
from shared.kpis.registry import kpi

if TYPE_CHECKING:
    from shared.kpis.asked import Asked, Counts


@kpi(
    unit="percent",
    better="higher",
    factor=100,
    bases=("first_commit",),
    settled_after_days=settled_after_days,
    owner="Joint",
    formula="lines without a slip ÷ lines due",
    interval=wilson,
)
def promise_stability(asked: Asked, basis: str | None) -> Counts:
    """Slips of the whole life of a line."""
    return share_of_due(asked, basis, lambda line: not_(line.slipped))
