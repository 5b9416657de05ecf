"""Confidence intervals, against published values and by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kpis.intervals import adjusted_wald, clopper_pearson, wilson
from shared.kpis.model import Count
from tests.kpis.measured import measured
from tests.make import at, delivered, feedback, line, placed


def counted(above: int, n: int, squares: int = 0, unit: str = "pcs") -> Count:
    return Count(Decimal(above), Decimal(n), n, 0, Decimal(squares), unit)


def printed(bounds: tuple[Decimal, Decimal] | None) -> tuple[str, ...]:
    assert bounds
    return tuple(f"{bound:.4f}" for bound in bounds)


@pytest.mark.parametrize(
    ("above", "n", "score", "exact"),
    [  # R. G. Newcombe, Statistics in Medicine 17 (1998), table I, methods 3 and 5
        (81, 263, ("0.2553", "0.3662"), ("0.2527", "0.3676")),
        (15, 148, ("0.0624", "0.1605"), ("0.0578", "0.1617")),
        (0, 20, ("0.0000", "0.1611"), ("0.0000", "0.1684")),
        (1, 29, ("0.0061", "0.1718"), ("0.0009", "0.1776")),
    ],
)
def test_published_values(above: int, n: int, score: tuple[str, ...], exact: tuple[str, ...]) -> None:
    assert printed(wilson(counted(above, n))) == score
    assert printed(clopper_pearson(counted(above, n))) == exact


def test_a_net_score_by_hand() -> None:
    """15 promoters and 6 detractors of 30: 9/33 ± 1.96 √((22.5/33 − (9/33)²) / 33)."""
    assert printed(adjusted_wald(counted(9, 30, squares=21))) == ("0.0068", "0.5386")


@given(st.data())
def test_what_was_measured_is_inside(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 10_000))
    above = data.draw(st.integers(0, n))
    for bounds in (wilson(counted(above, n)), clopper_pearson(counted(above, n))):
        assert bounds is not None
        assert 0 <= bounds[0] <= Decimal(above) / n + Decimal("1e-12")
        assert Decimal(above) / n - Decimal("1e-12") <= bounds[1] <= 1
    against = data.draw(st.integers(0, n - above))
    low, high = adjusted_wald(counted(above - against, n, squares=above + against))
    assert -1 <= low <= Decimal(above - against) / n <= high <= 1


def test_a_rate_of_kilograms_has_no_interval() -> None:
    assert clopper_pearson(counted(1, 29, unit="kg")) is None


def test_in_the_unit_of_the_kpi_and_few() -> None:
    answers = [feedback("nps", at("03-11"), score, loose=True, contact=f"c{score}") for score in (9, 10, 3)]
    nps = measured(answers, "nps")
    assert (str(nps.value), nps.few) == ("33.3333", True)
    assert (str(nps.low), str(nps.high)) == ("-51.3332", "84.6665"), "1/6 ± 1.96 √((4.5/6 − 1/36) / 6)"
    lines = [line(line_id=str(number)) for number in range(20)]
    told = [placed(at("03-01"), *lines)]
    told += [delivered(100, at("03-09"), part={"line_id": str(number)}) for number in range(19)]
    otif = measured(told, "otif", "requested")
    assert (str(otif.value), otif.few) == ("95.0000", False)
    assert (str(otif.low), str(otif.high)) == ("76.3869", "99.1119")


def test_no_data_has_no_interval_and_is_not_few() -> None:
    assert [(kpi.low, kpi.high, kpi.few) for kpi in [measured([], "nps")]] == [(None, None, False)]
