"""Survey answers of a period: the last of each contact about each order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, String, case, cast, func, null, or_, select

from shared.tables import customers, feedback

if TYPE_CHECKING:
    from shared.kpis.asked import Asked, Counts
    from shared.rules import Rules


def points_per_answer(asked: Asked, kind: str) -> Counts:
    """Sum the points of the answers that count, over their number."""
    answer = feedback.c
    period, _ = asked.by_instant(answer.time)
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
        .where(answer.kind == kind, answer.counted, ~_ourselves())
        .subquery()
    )
    period, inside = asked.by_instant(ranked.c.time)
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
        .where(ranked.c.newest == 1, inside)
        .group_by("period")
    )
    return asked.cut(counted, customer=ranked.c.customer_id, order=ranked.c.order_id)


def _ourselves() -> ColumnElement[bool]:
    """Whether the customer who answered, or the one it belongs to, is internal."""
    customer, root = customers.alias("customer"), customers.alias("root")
    both = customer.join(root, root.c.customer_id == customer.c.root_id, isouter=True)
    return (
        select(customer.c.customer_id)
        .select_from(both)
        .where(
            customer.c.customer_id == feedback.c.customer_id, or_(customer.c.is_internal, root.c.is_internal)
        )
        .correlate(feedback)
        .exists()
    )


def settled_after_days(rules: Rules) -> int:
    """Customers may still answer until then."""
    return rules.feedback_window_days
