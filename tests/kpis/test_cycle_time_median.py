"""The median of order cycle times."""

from __future__ import annotations

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kpis.measured import measured, value
from tests.kpis.orders_filled import filled_after
from tests.make import at, cancelled, changed, delivered, line, line_closed, placed, registered


@pytest.mark.parametrize(
    ("days", "expected"),
    [([], None), ([3], "3.0000"), ([2, 9], "5.5000"), ([8, 2, 4], "4.0000"), ([2, 4, 5, 30], "4.5000")],
)
def test_the_middle_one_or_the_mean_of_the_two(days: list[float], expected: str | None) -> None:
    kpi = measured(filled_after(*days), "cycle_time_median")
    assert (None if kpi.value is None else str(kpi.value), kpi.n) == (expected, len(days))
    assert (kpi.numerator, kpi.denominator, kpi.unit, kpi.better) == (None, None, "days", "lower")


@given(st.lists(st.integers(0, 25 * 24 * 60), min_size=1, max_size=6))
def test_it_is_the_median_of_any_times(minutes: list[int]) -> None:
    found = measured(filled_after(*(minute / 1440 for minute in minutes)), "cycle_time_median").value
    assert found is not None
    assert abs(float(found) - median(minutes) / 1440) < 0.0001


def test_a_split_order_takes_until_its_last_line_is_full() -> None:
    lines = [line(), line(line_id="2")]
    events = [placed(at("03-01"), *lines), delivered(60, at("03-04")), delivered(40, at("03-06"))]
    assert value(events, "cycle_time_median") is None, "the second line is open"
    rest = delivered(100, at("03-05"), part={"line_id": "2"})
    assert value([*events, rest], "cycle_time_median") == "5.0000"
    gone = cancelled(at("03-09"), line_ids=["2"])
    assert value([*events, gone], "cycle_time_median") == "5.0000", "what was cancelled is not waited for"


def test_what_was_closed_short_was_never_full_until_the_customer_wants_no_more() -> None:
    short = [placed(), delivered(98, at("03-05")), line_closed(at("03-06"))]
    assert value(short, "cycle_time_median") is None
    less = changed("qty", 98, at("03-07"), initiator="customer")
    assert value([*short, less], "cycle_time_median") == "4.0000"


def test_an_order_counts_in_the_month_in_which_it_was_filled() -> None:
    assert value(filled_after(30.4), "cycle_time_median") == "30.4000"
    assert value(filled_after(30.5), "cycle_time_median") is None


def test_orders_of_ourselves_do_not_count() -> None:
    assert value([*filled_after(3), registered(is_internal=True)], "cycle_time_median") is None
