"""First-pass fill rate in units: what first shipments held of the ordered quantities.

A line's first shipment is the first `delivery.shipped` that names it, with all that its source tells of that
shipment. More than was ordered fills no other line. Lines are those due in the period by the first promise,
scored; what was not shipped at all by then was not filled. A line that arrived without a told shipment is
left out and counted apart; where nothing was shipped there is no data. What is shipped later never counts.

Source: RightChain, first-pass fill rate; PRTM links it to forecast accuracy, which makes it a joint figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.kpis.due_lines import settled_after_days
from shared.kpis.first_pass import share_of_units
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
    formula="units in first shipments ÷ units ordered",
    adds_up=False,
    per="unit of measure",
)
def fill_rate_units(asked: Asked, _basis: str | None) -> Counts:
    """Each unit of measure by itself."""
    return share_of_units(asked)
