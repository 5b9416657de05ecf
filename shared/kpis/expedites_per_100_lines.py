"""Expedites: incidents in which a premium was paid to be in time, for each hundred lines due.

An incident is an order with an intervention marked `premium` in the period, however many legs it had; of what
names no order, each intervention is one. By the time of the intervention, over the lines due in the period by
the first promise. What it cost does not matter, and fewer expedites with a falling OTIF are no win.

Source: IATF 16949, premium freight incidents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, literal, null, select, union_all

from shared.kpis.counted import for_customers
from shared.kpis.due_lines import due_lines, settled_after_days
from shared.kpis.registry import kpi
from shared.tables import interventions, order_lines

if TYPE_CHECKING:
    from shared.kpis.asked import Asked, Counts


@kpi(
    unit="per_100_lines",
    better="lower",
    factor=100,
    settled_after_days=settled_after_days,
    owner="Joint",
    formula="premium incidents × 100 ÷ lines due",
)
def expedites_per_100_lines(asked: Asked, _basis: str | None) -> Counts:
    """Lines due by the first promise."""
    both = union_all(_incidents(asked), _lines(asked)).subquery()
    lines = func.sum(both.c.lines)
    counted = select(
        both.c.period,
        null().label("unit"),
        func.sum(both.c.incidents).label("numerator"),
        lines.label("denominator"),
        lines.label("n"),
        func.sum(0).label("unmatched"),
    ).group_by(both.c.period)
    return counted.add_columns(both.c.slice).group_by(both.c.slice) if "slice" in both.c else counted


def _incidents(asked: Asked) -> Counts:
    deed = interventions.c
    period, inside = asked.by_instant(deed.time)
    alone = "e" + deed.source + "/" + deed.id
    what = case((deed.order_id.is_not(None), "o" + deed.order_id), else_=alone)
    counted = (
        select(
            period.label("period"), func.count(what.distinct()).label("incidents"), literal(0).label("lines")
        )
        .where(deed.premium, inside, for_customers(interventions))
        .group_by("period")
    )
    return asked.cut(counted, customer=deed.customer_id, order=deed.order_id)


def _lines(asked: Asked) -> Counts:
    due, line = due_lines(asked, "first_commit"), order_lines.c
    period, inside = asked.by_day(due.day)
    counted = (
        select(period.label("period"), literal(0).label("incidents"), func.sum(due.lines).label("lines"))
        .where(inside, due.scored)
        .group_by("period")
    )
    return asked.cut(counted, customer=line.customer_id, order=line.order_id)
