"""What customers received and kept."""

from __future__ import annotations

from tests.kpis.measured import MARCH, measured, value
from tests.make import assessed, at, cancelled, delivered, line, placed, registered, returned

Json = dict[str, object]


def sold(qty: int = 100, price: str | None = "2.50", day: str = "03-10", **more: object) -> list[Json]:
    asked = line(**({} if price is None else {"unit_price": price}), **more)
    return [placed(at("03-01"), asked), delivered(qty, at(day))]


def test_units_and_money() -> None:
    units, money = measured(sold(), "sales_volume", "units"), measured(sold(), "sales_volume", "EUR")
    assert (str(units.value), units.unit, units.n, units.currency) == ("100.0000", "units", 1, None)
    assert (str(money.value), money.unit, money.n, money.currency) == ("250.0000", "money", 1, "EUR")
    assert (units.numerator, units.denominator) == (None, None)


def test_what_came_back_is_taken_off_its_delivery() -> None:
    back = [returned(10, at("04-02")), assessed("changed_mind", at("04-05"))]
    assert value([*sold(), *back], "sales_volume", "units") == "90.0000"
    assert value([*sold(), *back[:1]], "sales_volume", "EUR") == "225.0000", "whatever it will be found to be"
    april = MARCH.back(-1)
    assert measured([*sold(), *back], "sales_volume", "units", period=april).n == 0


def test_only_what_was_accepted_and_when() -> None:
    assert value([*sold(60), cancelled(at("03-12"))], "sales_volume", "units") == "60.0000"
    assert measured(sold(day="04-01"), "sales_volume", "units").n == 0


def test_what_is_given_away_or_kept_among_ourselves_is_no_sale() -> None:
    assert measured(sold(price="0.00"), "sales_volume", "units").status == "no_data"
    assert measured([*sold(), registered(is_internal=True)], "sales_volume", "units").status == "no_data"


def test_without_a_price_there_are_units_and_no_money() -> None:
    assert value(sold(price=None), "sales_volume", "units") == "100.0000"
    money = measured(sold(price=None), "sales_volume", "EUR")
    assert (money.value, money.n, money.unmatched) == (None, 0, 1)


def test_currencies_and_units_of_measure_are_never_summed() -> None:
    dollars = [
        placed(at("03-01"), line(uom="kg", unit_price="4.00"), order_id="SO-2", currency="USD"),
        delivered(100, at("03-10"), order_id="SO-2"),
    ]
    events = [*sold(), *dollars]
    found = {basis: value(events, "sales_volume", basis) for basis in ("each", "kg", "EUR", "USD")}
    assert found == {"each": "100.0000", "kg": "100.0000", "EUR": "250.0000", "USD": "400.0000"}
