"""First-pass fill rate in lines."""

from __future__ import annotations

from tests.kpis.first_shipments import one, two_orders
from tests.kpis.measured import measured, value
from tests.make import at, cancelled, shipped


def test_four_of_six_lines() -> None:
    kpi = measured(two_orders(), "fill_rate_lines", "first_commit")
    assert (str(kpi.value), kpi.numerator, kpi.denominator, kpi.n) == ("66.6667", 4, 6, 6)


def test_what_may_be_missing_may_be_missing() -> None:
    held = [shipped("94.9", at("03-08")), shipped(95, at("03-08"))]
    found = [value(one(each, under_tolerance=5), "fill_rate_lines", "first_commit") for each in held]
    assert found == ["0.0000", "100.0000"]


def test_a_line_the_customer_cancelled_in_time_is_not_due() -> None:
    events = [*one(shipped(100, at("03-08")))[:-1], cancelled(at("03-09"), initiator="customer")]
    assert value(events, "fill_rate_lines", "first_commit") is None
