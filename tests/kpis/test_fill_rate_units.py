"""First-pass fill rate in units."""

from __future__ import annotations

import pytest

from tests.kpis.first_shipments import one, two_orders
from tests.kpis.measured import measured, value
from tests.make import at, confirmed, corrected, line, placed, retracted, shipped


def test_170_of_200_units() -> None:
    kpi = measured(two_orders(), "fill_rate_units", "first_commit")
    assert (str(kpi.value), kpi.numerator, kpi.denominator, kpi.n) == ("85.0000", 170, 200, 6)


FIRST = shipped(60, at("03-08"))


@pytest.mark.parametrize(
    ("shipments", "expected"),
    [
        ([FIRST, shipped(40, at("03-09"), shipment="S-2")], "60.0000"),
        ([FIRST, shipped(40, at("03-09"))], "100.0000"),  # the rest of the same shipment
        ([FIRST, shipped(60, at("03-09"), source="wms")], "60.0000"),  # the same told twice
        ([shipped(140, at("03-08"))], "100.0000"),  # more than was ordered fills no more
        ([shipped(0, at("03-07"), shipment="S-0"), FIRST], "60.0000"),
        ([FIRST, shipped(30, at("03-07"), shipment="S-2")], "30.0000"),
        ([FIRST, corrected(FIRST, lines=[{"line_id": "1", "qty": 70}])], "70.0000"),
        ([FIRST, retracted(FIRST, at("03-09"))], None),
        ([shipped(60, at("03-08"), line_id="9")], None),
    ],
)
def test_only_the_first_shipment_of_a_line_counts(shipments: list[dict[str, object]], expected: str) -> None:
    assert value(one(*shipments), "fill_rate_units", "first_commit") == expected


def test_what_never_left_was_not_filled_and_what_nobody_told_is_left_out() -> None:
    never = [placed(order_id="SO-2"), confirmed(order_id="SO-2")]
    kpi = measured([*one(FIRST), *never], "fill_rate_units", "first_commit")
    assert (str(kpi.value), kpi.n, kpi.unmatched) == ("30.0000", 2, 0)
    untold = [event | {"data": event["data"] | {"order_id": "SO-3"}} for event in one()]
    untold = [event | {"id": f"u{event['id']}"} for event in untold]
    kpi = measured([*one(FIRST), *untold], "fill_rate_units", "first_commit")
    assert (str(kpi.value), kpi.n, kpi.unmatched) == ("60.0000", 1, 1)


def test_without_any_shipment_there_is_no_data() -> None:
    assert measured(one(), "fill_rate_units", "first_commit").status == "no_data"
    assert measured([placed(), confirmed()], "fill_rate_units", "first_commit").status == "no_data"


def test_units_of_measure_have_rows_of_their_own() -> None:
    kilos = [placed(at("03-01"), line(uom="kg", qty=10), order_id="SO-2"), confirmed(order_id="SO-2")]
    kilos.append(shipped("2.5", at("03-08"), order_id="SO-2"))
    found = [value([*one(FIRST), *kilos], "fill_rate_units", unit) for unit in ("each", "kg")]
    assert found == ["60.0000", "25.0000"]
