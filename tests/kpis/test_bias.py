"""Forecast bias."""

from __future__ import annotations

from tests.kpis.measured import measured
from tests.kpis.test_wape import pairs


def test_over_forecast_is_positive() -> None:
    kpi = measured(pairs(), "bias")
    assert (str(kpi.value), kpi.better, kpi.unit) == ("9.3750", "zero", "percent")
