"""Lines due in a period, once scored: what delivery KPIs are shares of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, literal, null, or_, select
from sqlalchemy.types import Integer

from shared.tables import due_days, order_lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from shared.kpis.asked import Asked, Counts
    from shared.rules import Rules

    Flag = ColumnElement[bool]

BASES = ("first_commit", "requested", "last_commit")
"""The headline first."""


class DueLines(NamedTuple):
    """The columns of lines due on a basis: of day totals, or of single lines where figures are cut."""

    day: ColumnElement[date]
    scored: Flag
    on_time: Flag
    in_full: Flag
    slipped: Flag
    """Whether we moved the promise to a later day."""
    adjusted: Flag
    """Whether the adjusted figure leaves it out."""
    lines: ColumnElement[int]
    """How many a row stands for."""


def due_lines(asked: Asked, basis: str | None) -> DueLines:
    """Day totals for the whole company; they know no customer, so slices are counted line by line."""
    if asked.by is None:
        total = due_days.c
        counts = and_(total.basis == basis, total.scored_from <= asked.as_of)
        kept = (total.on_time, total.in_full, total.slipped, total.adjusted)
        return DueLines(total.day, counts, *kept, total.lines)
    line = order_lines.c
    closed = line[f"{basis}_verdict"] == "closed"
    return DueLines(
        line[f"{basis}_due"],
        and_(line.counted, scored(asked, basis)),
        and_(closed, line[f"{basis}_on_time"]),
        and_(closed, line.in_full),
        line.slips > 0,
        line.excluded_adjusted.is_not(None),
        literal(1, Integer),
    )


def share_of_due(asked: Asked, basis: str | None, met: Callable[[DueLines], Flag]) -> Counts:
    """Count the lines due on a basis, undelivered ones included, and those that `met`."""
    due, line = due_lines(asked, basis), order_lines.c
    period, inside = asked.by_day(due.day)
    every = func.sum(due.lines)
    counted = (
        select(
            period.label("period"),
            null().label("unit"),
            _lines(due, met(due)).label("numerator"),
            every.label("denominator"),
            every.label("n"),
            func.sum(0).label("unmatched"),
            _lines(due, due.adjusted).label("excluded"),
            _lines(due, and_(due.adjusted, met(due))).label("excluded_met"),
        )
        .where(inside, due.scored)
        .group_by("period")
    )
    return asked.cut(counted, customer=line.customer_id, product=line.product_id, order=line.order_id)


def _lines(due: DueLines, which: Flag) -> ColumnElement[int]:
    return func.sum(case((which, due.lines), else_=0))


def scored(asked: Asked, basis: str | None) -> ColumnElement[bool]:
    """Whether a line counts: it closed, was cancelled too late, or is overdue; not what is still open."""
    verdict, overdue_at = order_lines.c[f"{basis}_verdict"], order_lines.c[f"{basis}_overdue_at"]
    return or_(verdict.in_(("closed", "missed")), and_(verdict == "waiting", overdue_at <= asked.as_of))


def settled_after_days(rules: Rules) -> int:
    """Late proof of delivery may still come in until then."""
    return rules.late_tolerance_days + rules.late_event_grace_days
