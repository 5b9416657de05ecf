"""Published forecasts of real shipments: whoever repeats the naive forecast has seen nothing coming."""

from __future__ import annotations

import pytest

from shared.patterns import forecast_error as errors
from tests import m3

pytestmark = pytest.mark.skipif(not m3.FILE.is_file(), reason=f"{m3.FILE} is not here")
FEW = 12
"""Every so-manieth of the 474 series; `python -m tests.m3` looks at all."""


def test_the_naive_forecast_never_wins_and_the_others_seldom() -> None:
    found = m3.tallies(m3.read(every=FEW))
    by_method = {name: sum(t.held for (sales, _), t in found.items() if sales == name) for name in m3.METHODS}
    windows = sum(t.windows for (sales, _), t in found.items() if sales == m3.NAIVE)
    assert windows == 3 * 40 * 12
    assert by_method.pop(m3.NAIVE) == 0
    assert all(0 < held < windows / 20 for held in by_method.values()), by_method


def test_the_published_errors_are_reproduced() -> None:
    """WAPE and bias over all pairs, as they were worked out from the file by others."""
    series = m3.read()
    said = [(one.said["THETA"][month], qty) for one in series for month, qty in one.actual.items()]
    assert len(said) == 8532
    assert f"{errors.wape(said):.3f}" == "19.079"
    assert f"{errors.bias(said):.3f}" == "4.711"
