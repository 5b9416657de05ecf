"""First-pass fill rate in orders."""

from __future__ import annotations

from tests.kpis.first_shipments import one, two_orders
from tests.kpis.measured import measured, value
from tests.make import at, shipped


def test_none_of_two_orders() -> None:
    kpi = measured(two_orders(), "fill_rate_orders", "first_commit")
    assert (str(kpi.value), kpi.n) == ("0.0000", 2)


def test_whole_orders() -> None:
    assert value(one(shipped(100, at("03-08"))), "fill_rate_orders", "first_commit") == "100.0000"


def test_an_order_that_arrived_untold_is_left_out() -> None:
    kpi = measured(one(), "fill_rate_orders", "first_commit")
    assert (kpi.value, kpi.n, kpi.unmatched) == (None, 0, 1)
