"""Quality returns: units that came back and were assessed as a quality fault, per million accepted.

Both sides count in the period in which the units were delivered, so that a month's returns meet its own
units. Faulty units are taken from the receipts of their lot, then from the earliest. Other causes, and
returns not yet assessed, do not count; a later assessment replaces an earlier one.

Source: the return triangle by delivery month (Nevada chart); a returned lot is no random sample.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, and_, cast, func, select, type_coerce

from shared.kpis.intervals import clopper_pearson
from shared.kpis.registry import kpi
from shared.tables import SCALE, Scaled, order_lines, receipts, received_days

if TYPE_CHECKING:
    from shared.kpis.asked import Asked, Counts
    from shared.rules import Rules


def _settled_after_days(rules: Rules) -> int:
    return rules.return_window_days + rules.late_event_grace_days


@kpi(
    unit="ppm",
    better="lower",
    factor=10**6,
    settled_after_days=_settled_after_days,
    interval=clopper_pearson,
    few_below=10_000,
    owner="Operations",
    formula="units returned and assessed as quality × 10⁶ ÷ units accepted",
    per="unit of measure",
)
def quality_return_ppm(asked: Asked, _basis: str | None) -> Counts:
    """Both counted in the month the units were delivered, so that a month's returns meet its own units."""
    if asked.by is None:
        return _of_all(asked)
    receipt, line = receipts.c, order_lines.c
    period, inside = asked.by_day(receipt.day)
    counted = (
        select(
            period.label("period"),
            receipt.uom.label("unit"),
            type_coerce(asked.total(receipt.returned_bad_qty), Scaled).label("numerator"),
            type_coerce(asked.total(receipt.accepted_qty), Scaled).label("denominator"),
            cast(asked.total(receipt.accepted_qty) / SCALE, BigInteger).label("n"),
            func.sum(0).label("unmatched"),
        )
        .where(receipt.counted, inside)
        .group_by("period", receipt.uom)
    )
    of_line = and_(line.order_id == receipt.order_id, line.line_id == receipt.line_id)
    return asked.cut(
        counted.join(order_lines, of_line),
        customer=line.customer_id,
        product=line.product_id,
        order=line.order_id,
    )


def _of_all(asked: Asked) -> Counts:
    """For the whole company, from totals."""
    received = received_days.c
    period, inside = asked.by_day(received.day)
    accepted = asked.total_of(received.whole, received.rest)
    return (
        select(
            period.label("period"),
            received.uom.label("unit"),
            type_coerce(asked.total_of(received.bad_whole, received.bad_rest), Scaled).label("numerator"),
            type_coerce(accepted, Scaled).label("denominator"),
            cast(accepted / SCALE, BigInteger).label("n"),
            func.sum(0).label("unmatched"),
        )
        .where(inside)
        .group_by("period", received.uom)
    )
