"""Whether forecasts lean to one side for long."""

from __future__ import annotations

import pytest

from shared.periods import Period
from tests.kpis.measured import MARCH, measured
from tests.make import demand, forecast

Json = dict[str, object]


def months(*pairs: tuple[int, int], product: str = "P-1") -> list[Json]:
    """Demand and forecast, the last in March, the others in the months before."""
    events = []
    for back, (wanted, planned) in enumerate(reversed(pairs)):
        month = MARCH.back(back)
        what = {"product_id": product, "period": month.name}
        events.append(forecast(planned, f"{month.back(3).start}T00:00:00Z", **what))
        events.append(demand(wanted, f"{month.end}T00:00:00Z", **what))
    return events


VECTOR = ((100, 110), (0, 5), (50, 40), (10, 20))


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (VECTOR, None),  # 4 periods cannot exceed a limit of 4
        (VECTOR * 2, "-3.4286"),
        (VECTOR * 4, "-5.1429"),  # the last twelve count
        (((15, 10),) * 5, None),
        (((15, 10),) * 6, "6.0000"),
        (((10, 10),) * 6, None),  # no error at all
    ],
)
def test_summed_over_its_mean_size(pairs: tuple[tuple[int, int], ...], expected: str | None) -> None:
    kpi = measured(months(*pairs), "tracking_signal")
    assert (None if kpi.value is None else str(kpi.value)) == expected
    assert (kpi.unit, kpi.better) == ("ratio", "zero")


def test_products_of_one_period_are_one_error() -> None:
    both = [*months(*((15, 10),) * 6), *months(*((10, 12),) * 6, product="P-2")]
    kpi = measured(both, "tracking_signal")
    assert (str(kpi.value), kpi.n) == ("6.0000", 6)


def test_a_period_without_pairs_has_no_figure_and_does_not_count() -> None:
    told = months(*((15, 10),) * 7)
    assert measured(told, "tracking_signal", period=Period.month(2026, 4)).value is None
    gap = [event for event in told if event["data"]["period"] != "2026-01"]  # type: ignore[index] # our own events
    assert measured(gap, "tracking_signal").n == 6
