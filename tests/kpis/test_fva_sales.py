"""What Sales adds to a forecast."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.rules import DEFAULTS
from tests.kpis.measured import MARCH, measured, value
from tests.make import at, demand, forecast

Json = dict[str, object]
WANTED = demand(100, at("04-01"))
SALES = forecast(90, at("01-20"), step="sales")


def before(*wanted: int) -> list[Json]:
    """Demand of the months up to January, which has not ended 30 days before March."""
    return [
        demand(qty, at("04-01"), period=MARCH.back(back).name)
        for back, qty in enumerate(reversed(wanted), start=2)
    ]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([forecast(70, at("01-20"), step="statistical")], "20.0000"),
        ([forecast(130, at("01-20"), step="naive")], "20.0000"),
        ([forecast(95, at("01-20"), step="statistical"), forecast(0, at("01-20"), step="naive")], "-5.0000"),
        ([forecast(70, at("01-20"), step="consensus")], None),
        ([forecast(70, at("02-20"), step="statistical")], None),
        (before(60, 80, 999), "20.0000"),  # January was not over when the forecast had to stand
        (before(*[10] * 5, *[80] * 12, 999), "10.0000"),  # of the last twelve known
        ([], None),
    ],
)
def test_points_nearer_than_the_step_before(told: list[Json], expected: str | None) -> None:
    kpi = measured([WANTED, SALES, *told], "fva_sales")
    assert (None if kpi.value is None else str(kpi.value), kpi.unit) == (expected, "points")


def test_with_a_shorter_lag_more_is_known() -> None:
    near = replace(DEFAULTS, forecast_lag_days=28)
    assert value([WANTED, SALES, *before(60, 80, 100)], "fva_sales", rules=near) == "10.0000"


def test_both_sides_are_summed_before_they_are_compared() -> None:
    other = [
        demand(300, at("04-01"), product_id="P-2"),
        forecast(330, at("01-20"), step="sales", product_id="P-2"),
        forecast(400, at("01-20"), step="statistical", product_id="P-2"),
    ]
    kpi = measured([WANTED, SALES, forecast(70, at("01-20"), step="statistical"), *other], "fva_sales")
    assert (str(kpi.value), kpi.numerator, kpi.denominator, kpi.n) == ("22.5000", 90, 400, 2)


def test_what_lacks_demand_or_reference_is_counted_apart() -> None:
    lonely = [forecast(9, at("01-20"), step="sales", product_id=name) for name in ("P-8", "P-9")]
    lonely.append(demand(9, at("04-01"), product_id="P-9"))
    kpi = measured([WANTED, SALES, forecast(70, at("01-20"), step="statistical"), *lonely], "fva_sales")
    assert (str(kpi.value), kpi.n, kpi.unmatched) == ("20.0000", 1, 2)


def test_where_sales_said_nothing_there_is_no_data() -> None:
    told = [WANTED, forecast(70, at("01-20"), step="statistical"), forecast(80, at("01-20"))]
    assert measured(told, "fva_sales").status == "no_data"
