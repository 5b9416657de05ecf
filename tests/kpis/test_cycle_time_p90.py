"""The 90th percentile of order cycle times."""

from __future__ import annotations

import pytest

from tests.kpis.measured import measured
from tests.kpis.orders_filled import filled_after


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], None),
        ([3], "3.0000"),
        ([10, 20], "19.0000"),
        (list(range(11)), "9.0000"),
        ([2, 4, 6, 8, 10], "9.2000"),
        ([1, 1, 1, 1, 1, 1, 1, 1, 1, 2], "1.1000"),
    ],
)
def test_between_two_orders_it_is_interpolated(days: list[float], expected: str | None) -> None:
    kpi = measured(filled_after(*days), "cycle_time_p90")
    assert (None if kpi.value is None else str(kpi.value), kpi.n) == (expected, len(days))


def test_each_period_has_its_own_orders() -> None:
    kpi = measured(filled_after(1, 2, 40), "cycle_time_p90")
    assert (str(kpi.value), kpi.n) == ("1.9000", 2)
