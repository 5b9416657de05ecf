"""Lines delayed for lack of stock."""

from __future__ import annotations

import pytest

from tests.kpis.measured import measured, value
from tests.make import at, cancelled, confirmed, line, placed, raised, resolved

Json = dict[str, object]


@pytest.mark.parametrize(
    ("short", "expected"),
    [
        ([confirmed(qty=99)], "50.0000"),
        ([confirmed(qty=99), confirmed(qty=100, time=at("03-04"))], "0.0000"),
        ([cancelled(at("03-05"), reason="no_stock", line_ids=["1"])], "50.0000"),
        ([cancelled(at("03-05"), reason="customer", line_ids=["1"], initiator="customer")], "0.0000"),
        ([raised(category="material_shortage", line_ids=["1"]), resolved()], "50.0000"),
        ([raised(category="material_shortage")], "100.0000"),
        ([raised(category="carrier")], "0.0000"),
        ([confirmed(qty=99), raised(category="material_shortage", line_ids=["1"])], "50.0000"),
    ],
)
def test_short_promise_cancellation_or_shortage(short: list[Json], expected: str) -> None:
    assert value([placed(at("03-01"), line(), line(line_id="2")), *short], "backorder_rate") == expected


def test_lines_count_in_the_month_they_were_placed() -> None:
    events = [
        placed(at("03-31", "23:30"), line(requested_on="2026-05-01")),
        confirmed(qty=9, time=at("04-02")),
    ]
    kpi = measured(events, "backorder_rate")
    assert (str(kpi.value), kpi.numerator, kpi.denominator) == ("100.0000", 1, 1)
    assert value([placed(at("03-31", "23:30", "-01:00"))], "backorder_rate") is None


def test_no_lines_are_no_data() -> None:
    assert measured([placed(kind="sample")], "backorder_rate").status == "no_data"
