"""On time and in full."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.rules import DEFAULTS
from tests import make
from tests.kpis.measured import measured, value
from tests.make import at, delivered, instant, line, placed


def ten_lines() -> list[dict[str, object]]:
    """Six in full in time, two in part, one never, one split across its due day."""
    names = [str(number) for number in range(1, 11)]
    events = [placed(at("03-01"), *(line(line_id=name) for name in names))]
    events += [delivered(100, at("03-09"), part={"line_id": name}) for name in names[:6]]
    events += [delivered(60, at("03-10"), part={"line_id": name}) for name in names[6:8]]
    events += [delivered(50, at(f"03-{day}"), part={"line_id": "10"}) for day in (10, 11)]
    return events


def test_ten_lines_of_which_six_were_both() -> None:
    kpi = measured(ten_lines(), "otif", "requested")
    assert (str(kpi.value), kpi.numerator, kpi.denominator, kpi.n) == ("60.0000", 6, 10, 10)
    assert (kpi.unit, kpi.better, kpi.status) == ("percent", "higher", "final")


def test_no_lines_due_is_no_data_and_neither_0_nor_100() -> None:
    kpi = measured([], "otif", "first_commit")
    assert (kpi.value, kpi.n, kpi.change, kpi.status) == (None, 0, None, "no_data")


def test_a_line_belongs_to_the_month_it_was_due_not_to_that_of_its_delivery() -> None:
    events = [placed(at("03-01"), line(requested_on="2026-03-31")), delivered(100, at("04-02"))]
    assert value(events, "otif", "requested") == "0.0000"


def test_each_basis_has_its_own_month() -> None:
    events = [placed(), make.confirmed("2026-04-02"), delivered(100, at("04-01"))]
    assert [value(events, "otif", basis) for basis in ("requested", "first_commit")] == ["0.0000", None]


@pytest.mark.parametrize(
    "spoilt",
    [
        [placed(kind="sample")],
        [placed(kind="intercompany")],
        [placed(), make.registered(is_internal=True)],
        [placed(), placed(at("03-02"), line(qty=5), source="crm")],
        [placed(), make.cancelled(at("03-02"), initiator="customer")],
    ],
)
def test_what_is_in_no_kpi(spoilt: list[dict[str, object]]) -> None:
    assert measured([*spoilt, delivered(100, at("03-10"))], "otif", "requested").n == 0


def test_provisional_until_the_grace_after_the_period_is_over() -> None:
    told = [placed(), delivered(100, at("03-10"))]
    ends = [instant("04-03", "23:59"), instant("04-04", "00:00")]
    assert [measured(told, "otif", "requested", as_of=end).status for end in ends] == ["provisional", "final"]
    tolerant = replace(DEFAULTS, late_tolerance_days=1)
    assert measured(told, "otif", "requested", as_of=ends[1], rules=tolerant).status == "provisional"


def test_change_is_against_the_month_before_in_points() -> None:
    before = [
        placed(at("02-01"), line(requested_on="2026-02-10"), order_id="SO-0"),
        delivered(100, at("02-11"), order_id="SO-0"),
    ]
    kpi = measured([*before, *ten_lines()], "otif", "requested")
    assert (str(kpi.previous), str(kpi.change)) == ("0.0000", "60.0000")
