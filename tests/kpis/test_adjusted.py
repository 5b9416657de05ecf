"""Raw and adjusted: what a reason on the customer's side spoilt is shown beside what counts."""

from __future__ import annotations

import pytest

from tests.kpis.measured import measured
from tests.make import at, confirmed, delivered, placed, raised

Json = dict[str, object]


def order(name: str, day: str, *more: Json) -> list[Json]:
    who = {"order_id": name}
    return [placed(**who), confirmed(**who), delivered(100, at(day), **who), *more]


def closed_dock(name: str) -> Json:
    return raised(at("03-12"), category="customer_site", order_id=name)


@pytest.mark.parametrize("key", ["on_time", "otif"])
def test_a_line_late_for_a_reason_of_the_customer_is_late_all_the_same(key: str) -> None:
    events = [*order("SO-1", "03-12"), *order("SO-2", "03-13", closed_dock("SO-2"))]
    kpi = measured(events, key, "first_commit")
    assert (str(kpi.value), kpi.n, str(kpi.adjusted), repr(kpi.excluded)) == ("50.0000", 2, "100.0000", "1")


def test_a_line_that_came_in_time_is_left_out_as_well() -> None:
    events = [*order("SO-1", "03-13"), *order("SO-2", "03-12", closed_dock("SO-2"))]
    kpi = measured(events, "otif", "first_commit")
    assert (str(kpi.value), str(kpi.adjusted), kpi.excluded) == ("50.0000", "0.0000", 1)


def test_where_nothing_is_left_there_is_no_adjusted_value() -> None:
    kpi = measured(order("SO-2", "03-13", closed_dock("SO-2")), "otif", "first_commit")
    assert (str(kpi.value), kpi.adjusted, kpi.excluded) == ("0.0000", None, 1)


def test_without_a_reason_both_are_the_same_and_other_kpis_have_none() -> None:
    kpi = measured(order("SO-1", "03-13"), "otif", "first_commit")
    assert (kpi.value, kpi.adjusted, kpi.excluded) == (0, 0, 0)
    assert measured(order("SO-1", "03-13"), "backorder_rate").adjusted is None
