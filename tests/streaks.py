"""A customer whose orders come without a fault, week after week, with deeds on both sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from shared.rules import DEFAULTS
from tests import make

Json = dict[str, Any]
FOUR = replace(
    DEFAULTS,
    thresholds=(
        ("perfect_order_streak.least", Decimal(4)),
        ("perfect_order_streak.luck", Decimal("0.3")),
        ("perfect_order_streak.usual", Decimal("0.7")),
    ),
)
"""Rules by which four in a row are more than luck."""
FIRST = date(2026, 1, 7)


def order(
    number: int, *, on: str | None = None, papers: bool = True, customer: str = "C-1", prefix: str = "SO"
) -> list[Json]:
    """Order `SO-<number>` of the week of that number, due and delivered on its Wednesday unless `on` says."""
    due = FIRST + timedelta(weeks=number)
    names = {"order_id": f"{prefix}-{number}", "customer_id": customer}
    day = (due - timedelta(days=5)).isoformat()
    part = {"documents_ok": papers}
    clean, fixed = (make.SALES, "order_simplification"), (make.OPERATIONS, "process_fix")
    return [
        make.placed(
            make.at(day), make.line(requested_on=due.isoformat(), unit_price="10"), actor=make.SALES,
            **names, name=f"{prefix}-placed-{number}",
        ),
        make.confirmed(due.isoformat(), make.at(day, "13:00"), **names, name=f"{prefix}-confirmed-{number}"),
        make.intervened(make.at(day, "14:00"), *clean, **names, name=f"{prefix}-s-{number}"),
        make.intervened(make.at(day, "15:00"), *fixed, **names, name=f"{prefix}-o-{number}"),
        make.delivered(
            100, make.at(on or due.isoformat()), shipment=f"S-{number}", part=part, **names,
            name=f"{prefix}-delivered-{number}",
        ),
    ]  # fmt: skip


def weeks(count: int) -> list[Json]:
    """So many orders in a row, from January 2026 on, one a week."""
    return [event for number in range(count) for event in order(number)]
