"""Survey answers of a period: the last of each contact about each order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, String, case, cast, func, null, select

from shared.kpis.counted import of_ourselves
from shared.tables import feedback

if TYPE_CHECKING:
    from shared.kpis.asked import Asked, Counts
    from shared.rules import Rules


def points_per_answer(asked: Asked, kind: str) -> Counts:
    """Sum the points of the answers that count, over their number."""
    answer = feedback.c
    period, inside = asked.by_instant(answer.time)
    # About an order the last answer counts for ever; without one, a contact may answer each period.
    about = case(
        (answer.order_id.is_not(None), "o" + answer.order_id),
        (answer.contact.is_not(None), "p" + cast(period, String)),
        else_="e" + answer.source + "/" + answer.id,
    )
    newest = func.row_number().over(
        partition_by=(answer.customer_id, func.coalesce(answer.contact, ""), about),
        order_by=(answer.time.desc(), answer.source.desc(), answer.id.desc()),
    )
    ranked = (
        select(answer.time, answer.points, answer.customer_id, answer.order_id, newest.label("newest"))
        .where(answer.kind == kind, answer.counted, inside, ~of_ourselves(feedback), ~_said_again(asked))
        .subquery()
    )
    period, _ = asked.by_instant(ranked.c.time)
    counted = (
        select(
            period.label("period"),
            null().label("unit"),
            func.sum(ranked.c.points).label("numerator"),
            func.count().label("denominator"),
            func.count().label("n"),
            func.sum(0).label("unmatched"),
            func.sum(ranked.c.points * ranked.c.points).label("squares"),
        )
        .where(ranked.c.newest == 1)
        .group_by("period")
    )
    return asked.cut(counted, customer=ranked.c.customer_id, order=ranked.c.order_id)


def _said_again(asked: Asked) -> ColumnElement[bool]:
    """Whether the contact answered about the order again, after all these periods."""
    answer, later = feedback.c, feedback.alias("later").c
    return (
        select(later.id)
        .where(
            later.order_id == answer.order_id,
            later.customer_id == answer.customer_id,
            func.coalesce(later.contact, "") == func.coalesce(answer.contact, ""),
            later.kind == answer.kind,
            later.counted,
            later.time >= asked.periods[-1].ends_at(asked.rules.zone),
        )
        .correlate(feedback)
        .exists()
    )


def settled_after_days(rules: Rules) -> int:
    """Customers may still answer until then."""
    return rules.feedback_window_days
