"""On time, whatever the quantity."""

from __future__ import annotations

from tests.kpis.measured import value
from tests.kpis.test_otif import ten_lines
from tests.make import at, delivered, line_closed, placed


def test_timing_only() -> None:
    assert value(ten_lines(), "on_time", "requested") == "60.0000"
    short = [placed(), delivered(98, at("03-10")), line_closed(at("03-10", "13:00"))]
    assert [value(short, key, "requested") for key in ("on_time", "in_full")] == ["100.0000", "0.0000"]


def test_one_of_three_is_rounded_to_four_decimals() -> None:
    orders = [placed(order_id=f"SO-{n}") for n in range(3)] + [delivered(100, at("03-10"), order_id="SO-1")]
    assert value(orders, "on_time", "requested") == "33.3333"
