"""Lines due in a period, once scored: what delivery KPIs are shares of."""

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
    return share_of_lines(asked, basis, and_(order_lines.c[f"{basis}_verdict"] == "closed", met))


def share_of_lines(asked: Asked, basis: str | None, good: ColumnElement[bool]) -> Counts:
    """Count the lines due on a basis and those that are `good`, closed or not."""
    line, count = order_lines.c, func.count()
    period, inside = asked.by_day(line[f"{basis}_due"])
    aside = line.excluded_adjusted.is_not(None)
    return (
        select(
            period.label("period"),
            null().label("unit"),
            func.sum(good.cast(Integer)).label("numerator"),
            count.label("denominator"),
            count.label("n"),
            func.sum(0).label("unmatched"),
            func.sum(aside.cast(Integer)).label("excluded"),
            func.sum(and_(aside, good).cast(Integer)).label("excluded_met"),
        )
        .where(line.counted, inside, scored(asked, basis))
        .group_by("period")
    )


def scored(asked: Asked, basis: str | None) -> ColumnElement[bool]:
    """Whether a line counts: it closed, was cancelled too late, or is overdue; not what is still open."""
    verdict, overdue_at = order_lines.c[f"{basis}_verdict"], order_lines.c[f"{basis}_overdue_at"]
    return or_(verdict.in_(("closed", "missed")), and_(verdict == "waiting", overdue_at <= asked.as_of))


def settled_after_days(rules: Rules) -> int:
    """Late proof of delivery may still come in until then."""
    return rules.late_tolerance_days + rules.late_event_grace_days
