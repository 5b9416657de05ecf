"""In full, whatever the day."""

from __future__ import annotations

from tests.kpis.measured import value
from tests.kpis.test_otif import ten_lines
from tests.make import at, confirmed, delivered, placed


def test_quantity_only() -> None:
    assert value(ten_lines(), "in_full", "requested") == "70.0000"


def test_in_full_is_against_what_was_ordered_even_where_less_was_promised() -> None:
    events = [placed(), confirmed("2026-03-12", qty=60), delivered(60, at("03-12"))]
    assert value(events, "in_full", "first_commit") == "0.0000"
