"""Forecast error."""

from __future__ import annotations

import pytest

from tests.kpis.measured import measured, value
from tests.make import at, cancelled, confirmed, delivered, demand, forecast, line, placed

LONG_BEFORE = at("01-15")


def pairs() -> list[dict[str, object]]:
    """Demand of 100, 0, 50 and 10; forecasts of 110, 5, 40 and 20."""
    events = []
    for number, (wanted, planned) in enumerate(((100, 110), (0, 5), (50, 40), (10, 20))):
        product = f"P-{number}"
        events.append(demand(wanted, at("04-01"), product_id=product))
        events.append(forecast(planned, LONG_BEFORE, product_id=product))
    return events


def test_four_products() -> None:
    kpi = measured(pairs(), "wape")
    assert (str(kpi.value), kpi.n, kpi.unmatched) == ("21.8750", 4, 0)


def test_no_demand_at_all_is_no_data() -> None:
    assert value([demand(0, at("04-01")), forecast(5, LONG_BEFORE)], "wape") is None


def test_what_has_no_partner_is_counted_apart() -> None:
    lonely = [forecast(9, LONG_BEFORE, product_id="P-8"), demand(9, at("04-01"), product_id="P-9")]
    kpi = measured([*pairs(), *lonely], "wape")
    assert (str(kpi.value), kpi.n, kpi.unmatched) == ("21.8750", 4, 2)


@pytest.mark.parametrize(
    ("forecasts", "expected"),
    [
        ([(80, "01-10", {}), (90, "01-30", {})], "10.0000"),  # the last that stood 30 days before
        ([(90, "01-30", {}), (70, "01-31", {})], "10.0000"),
        ([(90, "01-10", {"step": "sales"}), (70, "01-10", {"step": "marketing"})], "10.0000"),
        ([(90, "01-10", {}), (100, "01-20", {"step": "sales"})], "10.0000"),
        ([(60, "01-10", {"customer_id": "C-1"}), (30, "01-10", {"location": "north"})], "10.0000"),
        ([(90, "01-10", {}), (30, "01-20", {"location": "north"})], "10.0000"),
        ([(90, "01-10", {"step": "naive"})], None),
    ],
)
def test_which_forecast_counts(
    forecasts: list[tuple[int, str, dict[str, str]]], expected: str | None
) -> None:
    told = [forecast(qty, at(day, "00:00"), **more) for qty, day, more in forecasts]
    assert value([demand(100, at("04-01")), *told], "wape") == expected


def test_without_recorded_demand_orders_tell_it_by_the_day_first_asked() -> None:
    told = [placed(), placed(at("03-01"), line(qty=20), order_id="SO-2"), forecast(90, LONG_BEFORE)]
    assert value(told, "wape") == "25.0000"


def test_what_arrived_before_the_customer_cancelled_the_rest_was_wanted() -> None:
    orders = [
        placed(at("03-01"), line(qty=100)),
        confirmed(),
        delivered(60, at("03-05")),
        cancelled(at("03-06"), initiator="customer"),
    ]
    assert value([*orders, forecast(66, LONG_BEFORE)], "wape") == "10.0000"


def test_a_product_never_ordered_is_summed_with_those_ordered_by_the_piece() -> None:
    told = [placed(at("03-01"), line(product_id="P-0")), *pairs()]
    kpi = measured(told, "wape")
    assert (str(kpi.value), kpi.n, kpi.unmatched) == ("21.8750", 4, 0)


def test_a_product_ordered_in_two_units_is_left_out() -> None:
    boxes = [
        placed(at("03-01"), line(product_id="P-5", uom="each"), order_id="SO-1"),
        placed(at("03-01"), line(product_id="P-5", uom="box"), order_id="SO-2"),
        demand(7, at("04-01"), product_id="P-5"),
        forecast(9, LONG_BEFORE, product_id="P-5"),
    ]
    assert measured(boxes, "wape").status == "no_data"
