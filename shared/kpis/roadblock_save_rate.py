"""Roadblock save rate: of the roadblocks before what was due in a period, how many ended in time.

Saved means raised and resolved `on_original_promise` before the due day began, in the ship-to's time zone.
The due day is the first one promised first of the lines the roadblock names, or of all lines of the order.
What was raised from that day on was noticed too late and is no save; what nobody resolved is none, either.
False alarms stood in no way and do not count, nor do roadblocks before lines that were never promised, or
that the customer cancelled in time.

Source: the field's jeopardy management (Oracle, ServiceNow, TMF622).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Integer, and_, func, null, select

from shared.kpis.due_lines import settled_after_days
from shared.kpis.intervals import wilson
from shared.kpis.registry import kpi
from shared.tables import orders, risks

if TYPE_CHECKING:
    from shared.kpis.asked import Asked, Counts


@kpi(
    unit="percent",
    better="higher",
    factor=100,
    settled_after_days=settled_after_days,
    owner="Operations",
    formula="roadblocks resolved before the due day ÷ roadblocks raised",
    interval=wilson,
)
def roadblock_save_rate(asked: Asked, _basis: str | None) -> Counts:
    """Once the due day has begun: until then it is open whether it is saved."""
    risk, count = risks.c, func.count()
    period, inside = asked.by_day(risk.due)
    in_time = and_(
        risk.raised_at < risk.due_at, risk.resolved_at.is_not(None), risk.resolved_at < risk.due_at
    )
    promised = func.coalesce(risk.outcome, "") == "on_original_promise"
    counted = (
        select(
            period.label("period"),
            null().label("unit"),
            func.sum(and_(promised, in_time).cast(Integer)).label("numerator"),
            count.label("denominator"),
            count.label("n"),
            func.sum(0).label("unmatched"),
        )
        .join(orders, orders.c.order_id == risk.order_id)
        .where(inside, risk.due_at <= asked.as_of, func.coalesce(risk.outcome, "") != "false_alarm")
        .group_by("period")
    )
    return asked.cut(counted, customer=orders.c.customer_id, order=orders.c.order_id)
