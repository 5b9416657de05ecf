"""First-pass fill rate in orders: how many orders had every line whole in its first shipment.

A line's first shipment is the first `delivery.shipped` that names it, with all that its source tells of that
shipment. An order counts in the period of its last due line. Lines are those due in the period by the first
promise, scored; what was not shipped at all by then was not filled. A line that arrived without a told
shipment is left out and counted apart; where nothing was shipped there is no data. What is shipped later
never counts.

Source: RightChain, first-pass fill rate; PRTM links it to forecast accuracy, which makes it a joint figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_

from shared.kpis.due_lines import settled_after_days
from shared.kpis.first_pass import FILLED, KNOWN, TOLD
from shared.kpis.intervals import wilson
from shared.kpis.registry import kpi
from shared.kpis.whole_orders import share_of_all, share_of_orders
from shared.tables import order_days

if TYPE_CHECKING:
    from shared.kpis.asked import Asked, Counts


@kpi(
    unit="percent",
    better="higher",
    factor=100,
    bases=("first_commit",),
    settled_after_days=settled_after_days,
    owner="Joint",
    formula="orders with every line whole in its first shipment ÷ orders due",
    adds_up=False,
    interval=wilson,
)
def fill_rate_orders(asked: Asked, _basis: str | None) -> Counts:
    """One short line fails its order."""
    if asked.by is None:
        return share_of_all(asked, order_days.c.first_pass, order_days.c.told)
    return share_of_orders(asked, and_(KNOWN, ~FILLED), and_(KNOWN, FILLED), TOLD)
