"""What is left of net sales."""

from __future__ import annotations

import pytest

from tests.kpis.measured import measured, value
from tests.make import at, invoiced, placed, registered

Json = dict[str, object]
INVOICE = invoiced(at("03-12"), "1000.00", cost="600.00")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([INVOICE], "40.0000"),
        ([INVOICE, invoiced(at("03-20"), "500.00", cost="450.00")], "30.0000"),
        ([INVOICE, invoiced(at("03-20"), "100.00", cost="60.00", kind="credit_note")], "40.0000"),
        ([INVOICE, invoiced(at("03-20"), "-100.00", cost="-60.00", kind="credit_note")], "40.0000"),
        ([INVOICE, invoiced(at("03-20"), "200.00", kind="credit_note")], "25.0000"),
        ([invoiced(at("03-12"), "1000.00", "100.00", "600.00")], "30.0000"),
        ([INVOICE, invoiced(at("03-31", "23:30", "-01:00"), "9.00", cost="9.00")], "40.0000"),
        ([invoiced(at("03-12"), "0.00", cost="5.00")], None),
        ([], None),
    ],
)
def test_net_sales_less_costs_over_net_sales(told: list[Json], expected: str | None) -> None:
    basis = "EUR" if told else None
    assert value([placed(), *told], "gross_margin", basis) == expected


def test_an_invoice_without_a_cost_is_left_out() -> None:
    kpi = measured([placed(), INVOICE, invoiced(at("03-13"), "7.00")], "gross_margin", "EUR")
    assert (str(kpi.value), kpi.n, kpi.unmatched, kpi.currency) == ("40.0000", 1, 1, "EUR")


def test_each_currency_by_itself() -> None:
    dollars = {"net_sales": {"amount": "10.00", "currency": "USD"}, "order_id": None}
    other = invoiced(at("03-12"), **dollars, cost_of_goods={"amount": "9.00", "currency": "USD"})
    events = [placed(), INVOICE, other]
    assert [value(events, "gross_margin", code) for code in ("EUR", "USD")] == ["40.0000", "10.0000"]


@pytest.mark.parametrize("spoilt", [[placed(kind="sample")], [placed(), registered(is_internal=True)], []])
def test_orders_that_are_in_no_kpi(spoilt: list[Json]) -> None:
    assert value([*spoilt, INVOICE], "gross_margin") is None
