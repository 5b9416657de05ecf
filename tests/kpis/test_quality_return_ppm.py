"""Quality returns per million accepted units."""

from __future__ import annotations

from tests.kpis.measured import measured, value
from tests.make import assessed, at, delivered, instant, line, placed, returned


def order(qty: int, back: int, cause: str = "quality") -> list[dict[str, object]]:
    events = [placed(at("03-01"), line(qty=qty)), delivered(qty, at("03-10"))]
    return [*events, returned(back, at("04-02")), assessed(cause, at("04-05"))]


def test_140_of_85_000() -> None:
    kpi = measured(order(85_000, 140), "quality_return_ppm")
    assert (str(kpi.value), kpi.numerator, kpi.denominator) == ("1647.0588", 140, 85_000)


def test_only_what_was_assessed_as_quality_counts() -> None:
    assert value(order(1000, 1, "changed_mind"), "quality_return_ppm") == "0.0000"
    assert value(order(1000, 1)[:-1], "quality_return_ppm") == "0.0000"


def test_no_fault_found_after_all_takes_it_back() -> None:
    events = order(1000, 1)
    again = assessed("no_fault_found", at("04-09"))
    assert value([*events, again], "quality_return_ppm") == "0.0000"


def test_returns_meet_the_month_of_their_delivery_and_wait_for_the_window() -> None:
    assert measured(order(1000, 1), "quality_return_ppm", as_of=instant("05-03")).status == "provisional"
    assert measured(order(1000, 1), "quality_return_ppm", as_of=instant("05-04")).status == "final"


def test_parcels_of_one_return_add_up_and_what_two_sources_tell_of_does_not() -> None:
    parcels = [*order(1000, 1), returned(2, at("04-03"))]
    assert value(parcels, "quality_return_ppm") == "3000.0000"
    again = returned(3, at("04-04")) | {"source": "wms"}
    assert value([*parcels, again], "quality_return_ppm") == "3000.0000"


def test_units_of_measure_are_never_summed() -> None:
    kilos = [
        placed(at("03-01"), line(uom="kg", qty=9), order_id="SO-2"),
        delivered(9, at("03-10"), order_id="SO-2"),
    ]
    assert str(measured([*order(1000, 1), *kilos], "quality_return_ppm", "each").value) == "1000.0000"
    assert str(measured([*order(1000, 1), *kilos], "quality_return_ppm", "kg").value) == "0.0000"


def test_more_units_than_the_database_can_add_up() -> None:
    most = 999_999_999_999
    events = [
        event
        for number in range(12)
        for event in (
            placed(at("03-01"), line(qty=most), order_id=f"SO-{number}"),
            delivered(most, at("03-10"), order_id=f"SO-{number}"),
        )
    ]
    kpi = measured(events, "quality_return_ppm")
    assert (str(kpi.value), kpi.denominator) == ("0.0000", 12 * most)
    assert measured(events, "bias").status == "no_data", "the sums behind a forecast hold as well"
