"""Perfect orders."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.periods import Period
from shared.rules import DEFAULTS
from tests.kpis.measured import measured, value
from tests.make import assessed, at, cancelled, confirmed, delivered, instant, line, placed, raised, returned

PAPERS = {"documents_ok": True}
APRIL = Period.month(2026, 4)
Json = dict[str, object]


def order(name: str = "SO-1", day: str = "03-12", **part: object) -> list[Json]:
    """100 promised for 12 March and accepted with good papers, unless `part` says otherwise."""
    who = {"order_id": name}
    part = {**PAPERS, **part}
    return [placed(**who), confirmed(**who), delivered(100, at(day), part=part, **who)]


def two_lines(*days: str) -> list[Json]:
    """Each of 100, promised for 12 March and 2 April."""
    promises = [confirmed("2026-03-12"), confirmed("2026-04-02", line_id="2")]
    parts = [{**PAPERS, "line_id": str(n)} for n in (1, 2)]
    receipts = [delivered(100, at(day), part=part) for day, part in zip(days, parts, strict=False)]
    return [placed(at("03-01"), line(), line(line_id="2")), *promises, *receipts]


@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        (order("SO-2"), "100.0000"),
        (order("SO-2", day="03-13"), "50.0000"),
        (order("SO-2", qty_damaged=4, qty_delivered=104), "50.0000"),
        (order("SO-2", documents_ok=False), "50.0000"),
        ([*order("SO-2")[:2], delivered(98, at("03-11"), part=PAPERS, order_id="SO-2")], "50.0000"),
        (order("SO-2")[:2], "50.0000"),
        (order("SO-2", documents_ok=None), "100.0000"),
    ],
)
def test_each_component_must_hold(spoilt: list[Json], expected: str) -> None:
    assert value([*order(), *spoilt], "perfect_order", "first_commit") == expected


def test_a_quality_return_restates_the_month_of_the_delivery() -> None:
    back = [returned(4, at("03-25")), assessed("quality", at("03-26"))]
    assert value([*order(), *back], "perfect_order", "first_commit") == "0.0000"


def test_a_component_that_nobody_told_is_not_taken_for_good() -> None:
    untold = order("SO-2", documents_ok=None)
    kpi = measured([*order(), *untold], "perfect_order", "first_commit")
    assert (str(kpi.value), kpi.n, kpi.unmatched) == ("100.0000", 1, 1)
    alone = measured(untold, "perfect_order", "first_commit")
    assert (alone.value, alone.n, alone.unmatched, alone.status) == (None, 0, 1, "no_data")
    late = order("SO-3", day="03-13")
    assert value([*untold, *late], "perfect_order", "first_commit") is None, "0 would only mean unknown"
    complete = replace(DEFAULTS, documents_complete=True)
    assert value(untold, "perfect_order", "first_commit", rules=complete) == "100.0000"


def test_ten_late_that_are_also_short_fail_ten_orders_and_not_twenty() -> None:
    good = [event for n in range(9) for event in order(f"SO-{n}")]
    both = [placed(order_id="SO-9"), confirmed(order_id="SO-9")]
    both += [delivered(90, at("03-13"), part=PAPERS, order_id="SO-9")]
    assert value([*good, *both], "perfect_order", "first_commit") == "90.0000"


def test_an_order_counts_once_in_the_month_of_its_last_line() -> None:
    events = two_lines("03-12", "04-02")
    assert measured(events, "perfect_order", "first_commit").n == 0
    april = measured(events, "perfect_order", "first_commit", period=APRIL)
    assert (str(april.value), april.n) == ("100.0000", 1)
    late = two_lines("03-13", "04-02")
    assert value(late, "perfect_order", "first_commit", period=APRIL) == "0.0000"


def test_an_order_with_an_open_line_waits() -> None:
    events = two_lines("03-12")
    before, after = instant("04-05", "23:59"), instant("04-06", "00:00")
    asked = [
        measured(events, "perfect_order", "first_commit", period=APRIL, as_of=t) for t in (before, after)
    ]
    assert [(kpi.value, kpi.n) for kpi in asked] == [(None, 0), (0, 1)]


def test_a_line_the_customer_cancelled_in_time_is_not_missed() -> None:
    events = [*two_lines("03-12"), cancelled(at("03-20"), initiator="customer", line_ids=["2"])]
    assert value(events, "perfect_order", "first_commit") == "100.0000"


def test_an_order_never_promised_is_in_no_month() -> None:
    events = [placed(), delivered(100, at("03-10"), part=PAPERS), raised()]
    assert measured(events, "perfect_order", "first_commit").status == "no_data"
