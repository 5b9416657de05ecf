"""Perfect orders: complete, on the day first promised, with the right papers and sound, all of their lines.

An order counts in the period in which its last line was due by the first promise, once every line is scored,
and is perfect when all its lines are, but for those that the customer cancelled in time. A component that
fails makes it imperfect. Where none fails but one is unknown (papers of which nobody told, a return not yet
assessed, a line never confirmed), the order is left out and counted apart: it is never taken for perfect.
Where no order is known to be perfect and some are unknown, it cannot be computed and there is no data. It is
counted order by order, and is not the product of the shares of its components.

Source: SCOR RL.1.1, perfect order fulfilment, with RL.2.1 to RL.2.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_

from shared.kpis.due_lines import scored
from shared.kpis.intervals import wilson
from shared.kpis.registry import kpi
from shared.kpis.whole_orders import share_of_all, share_of_orders
from shared.tables import order_days, order_lines

if TYPE_CHECKING:
    from shared.kpis.asked import Asked, Counts
    from shared.rules import Rules

_LINE = order_lines.c
_IN_TIME_AND_FULL = and_(_LINE.first_commit_verdict == "closed", _LINE.first_commit_on_time, _LINE.in_full)
_SOUND = and_(_LINE.documents_ok.is_(True), _LINE.condition_ok.is_(True))


def _settled_after_days(rules: Rules) -> int:
    return rules.return_window_days + rules.late_event_grace_days


@kpi(
    unit="percent",
    better="higher",
    factor=100,
    bases=("first_commit",),
    settled_after_days=_settled_after_days,
    owner="Joint",
    formula="orders of which every line is perfect ÷ orders known to be perfect or not",
    adds_up=False,
    interval=wilson,
)
def perfect_order(asked: Asked, basis: str | None) -> Counts:
    """Restated when goods come back within the return window."""
    if asked.by is None:
        return share_of_all(asked, order_days.c.perfect)
    faulty = or_(_LINE.documents_ok.is_(False), _LINE.condition_ok.is_(False))
    failed = or_(faulty, and_(scored(asked, basis), ~_IN_TIME_AND_FULL))
    return share_of_orders(asked, failed, and_(_IN_TIME_AND_FULL, _SOUND))
