"""First-pass fill rate in lines: how many lines left whole with their first shipment.

A line's first shipment is the first `delivery.shipped` that names it, with all that its source tells of that
shipment. It is whole when it holds the ordered quantity less `under_tolerance`. Lines are those due in the
period by the first promise, scored; what was not shipped at all by then was not filled. A line that arrived
without a told shipment is left out and counted apart; where nothing was shipped there is no data. What is
shipped later never counts.

Source: RightChain, first-pass fill rate; PRTM links it to forecast accuracy, which makes it a joint figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.kpis.due_lines import settled_after_days
from shared.kpis.first_pass import share_of_lines
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
    formula="lines whole in their first shipment ÷ lines due",
    adds_up=False,
    interval=wilson,
)
def fill_rate_lines(asked: Asked, _basis: str | None) -> Counts:
    """Whole or not."""
    return share_of_lines(asked)
