"""Lines due in a period, once scored: what on time, in full and both are shares of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, func, null, or_, select
from sqlalchemy.types import Integer

from shared.tables import order_lines

if TYPE_CHECKING:
    from shared.kpis.asked import Asked, Counts
    from shared.rules import Rules

BASES = ("first_commit", "requested", "last_commit")
"""The headline first."""


def share_of_due(asked: Asked, basis: str | None, met: ColumnElement[bool]) -> Counts:
    """Count the lines due on a basis, undelivered ones included, and those that closed and `met`."""
    line = order_lines.c
    verdict, overdue_at = line[f"{basis}_verdict"], line[f"{basis}_overdue_at"]
    period, inside = asked.by_day(line[f"{basis}_due"])
    overdue = and_(verdict == "waiting", overdue_at <= asked.as_of)
    scored = or_(verdict.in_(("closed", "missed")), overdue)
    good = and_(verdict == "closed", met)
    count = func.count()
    counted = (
        select(
            period.label("period"),
            null().label("unit"),
            func.sum(good.cast(Integer)).label("numerator"),
            count.label("denominator"),
            count.label("n"),
            func.sum(0).label("unmatched"),
        )
        .where(line.counted, inside, scored)
        .group_by("period")
    )
    return asked.cut(counted, customer=line.customer_id, product=line.product_id, order=line.order_id)


def settled_after_days(rules: Rules) -> int:
    """Late proof of delivery may still come in until then."""
    return rules.late_tolerance_days + rules.late_event_grace_days
