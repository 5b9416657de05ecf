"""A peak week carried."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.recording import record
from shared.rules import DEFAULTS
from shared.settling import settle
from shared.viewing import view
from tests import make, seen
from tests.databases import opened
from tests.make import instant
from tests.patterns.company import did, due, judged, moment, wins
from tests.patterns.found import OPERATIONS, SALES
from tests.stories.rules import can_be_told

if TYPE_CHECKING:
    from shared.patterns.model import Win

Json = dict[str, Any]
NAME = "peak_week_carried"
MONDAY = date(2026, 5, 11)
WEEK = {"week": "2026-W20"}
AFTER = MONDAY + timedelta(days=8)
PHASED = did(MONDAY - timedelta(days=7), SALES, "priority_call", **WEEK)
SCALED = did(MONDAY - timedelta(days=3), OPERATIONS, "capacity_added", **WEEK)
DEEDS = (PHASED, SCALED)
MACHINE = {**OPERATIONS, "is_human": False}
FEWER = settings(max_examples=settings().max_examples // 5)
"""Each example opens two databases."""


def week(number: int) -> date:
    """The Wednesday so many weeks after the peak."""
    return MONDAY + timedelta(days=2, weeks=number)


def usual(*weeks: int, lines: int = 20, late: int = 2) -> list[Json]:
    return [event for number in weeks for event in due(week(number), lines, late)]


BEFORE, FOLLOWING = usual(*range(-13, 0)), usual(1, 2, 3)
PEAK = due(week(0), 40, 2)


def company(
    *deeds: Json, before: list[Json] = BEFORE, peak: list[Json] = PEAK, after: list[Json] = FOLLOWING
) -> list[Json]:
    return [*before, *peak, *after, *(deeds or DEEDS)]


def found(*more: Json, **parts: list[Json]) -> list[Win]:
    return judged([*company(**parts), *more], NAME)


def test_both_sides_carried_it() -> None:
    (win,) = found()
    assert (win.win_id, win.subject, win.about) == (f"{NAME}:2026-W20", "week/2026-W20", "week")
    assert (win.kind, win.side, win.customer_id, win.jointness) == ("joint", None, None, 1)
    assert win.final_at == instant("06-17", "00:00")
    assert [win.status(instant("06-16", "23:59")), win.status(instant("06-17", "00:00"))] == [
        "provisional",
        "final",
    ]
    assert win.facts == {
        "week": "2026-W20",
        "from": "2026-05-11",
        "to": "2026-05-17",
        "lines": 40,
        "usual_lines": "20",
        "times": "2.0",
        "weeks_before": 13,
        "otif_percent": "95.0",
        "usual_otif_percent": "90.0",
        "overdue_at_start": 0,
        "overdue_at_end": 0,
        "return_window_days": 30,
    }
    names = {(event["source"], event["id"]) for event in (*DEEDS, PEAK[2], PEAK[3])}
    assert set(win.evidence) == names
    can_be_told(win)


@pytest.mark.parametrize(
    "parts",
    [
        {"peak": due(week(0), 29, 1)},
        {"before": usual(*range(-12, 0))},
        {"before": [e for n in range(-13, 0) for e in due(week(n), 20 + 9 * (n % 3 - 1), 2)]},
        {"peak": due(week(0), 40, 5)},
        {"peak": due(week(0), 40, 1, late_by=6)},
        {"peak": due(week(0), 40, 2, qty=6)},
        {"after": usual(1, 2, 3, lines=16)},
        {"peak": due(week(0), 40, 2, backfill=True)},
        {"before": usual(*range(-13, 0), lines=10, late=1), "peak": due(week(0), 19)},
    ],
    ids=["no peak", "record too short", "usual swing", "late", "backlog", "easy mix", "pulled forward",
         "loaded", "few lines"],
)  # fmt: skip
def test_one_flaw_is_enough(parts: dict[str, list[Json]]) -> None:
    assert found(**parts) == []


@pytest.mark.parametrize(
    "parts",
    [
        {"peak": due(week(0), 30, 3)},
        {"peak": due(week(0), 40, 4)},
        {"peak": due(week(0), 40, 2, qty=7)},
        {"after": usual(1, 2, 3, lines=17)},
        {"after": []},
        {"before": [*BEFORE, *due(week(-1), 3, 3, late_by=6, order="SO-LATE")],
         "peak": due(week(0), 40, 3, late_by=6)},
        {"before": [*usual(*range(-13, -1)), *due(week(-1), 20, 2, backfill=True)]},
    ],
    ids=["half as much again", "as late as ever", "somewhat smaller", "hardly fewer", "nothing after",
         "backlog stays", "loaded before"],
)  # fmt: skip
def test_as_good_as_the_rule_asks(parts: dict[str, list[Json]]) -> None:
    if parts.get("after") == []:
        assert [win.kind for win in judged(company(**parts), NAME, as_of=instant("05-18", "12:00"))] == [
            "joint"
        ]
    else:
        assert [win.kind for win in found(**parts)] == ["joint"]


def test_promises_pushed_out_are_late() -> None:
    pushed = [
        make.of_order(
            "order.promise_changed",
            moment(week(-1)),
            {"order_id": "SO-0513", "line_id": f"SO-0513/{n}", "new_on": week(1).isoformat()},
        )
        for n in range(30, 40)
    ]
    assert found(*pushed, peak=due(week(0), 40, 10, late_by=7)) == []


@pytest.mark.parametrize(("runs", "kept"), [(0, True), (1, False)])
def test_what_express_freight_carried_was_bought(runs: int, kept: bool) -> None:  # noqa: FBT001 - a table's column
    paid = [did(week(0), OPERATIONS, "expedite", premium=True, order_id="SO-0513", customer_id="C-1")] * runs
    assert bool(found(*paid)) == kept


def test_a_usual_share_of_express_freight_is_nothing_new() -> None:
    paid = [
        did(week(n), OPERATIONS, "expedite", premium=True, order_id=f"SO-{week(n):%m%d}", customer_id="C-1")
        for n in (0, -1, -2, -3)
    ]
    assert [win.kind for win in found(*paid)] == ["joint"]


@pytest.mark.parametrize(
    ("deeds", "kind"),
    [
        ((PHASED,), ("highlight", "sales")),
        ((SCALED,), ("highlight", "operations")),
        ((PHASED, did(AFTER, OPERATIONS, "overtime", **WEEK)), ("highlight", "sales")),
        ((PHASED, did(MONDAY, MACHINE, "overtime", **WEEK)), ("highlight", "sales")),
        ((PHASED, did(MONDAY, OPERATIONS, "overtime", backfill=True, **WEEK)), ("highlight", "sales")),
        ((PHASED, did(MONDAY, OPERATIONS, "quality_containment", **WEEK)), ("highlight", "sales")),
        ((PHASED, did(MONDAY, OPERATIONS, "overtime", week="2026-W21")), ("highlight", "sales")),
        ((SCALED, did(MONDAY, SALES, "heads_up", **WEEK)), ("highlight", "operations")),
        ((SCALED, did(MONDAY, {**OPERATIONS, "department": "sales"}, "priority_call", **WEEK)), None),
        ((did(MONDAY, SALES, "priority_call", order_id="SO-0513", customer_id="C-1"),), None),
        ((did(MONDAY, SALES, "priority_call", order_id="SO-0513", customer_id="C-1", **WEEK), SCALED),
         ("joint", None)),
    ],
)  # fmt: skip
def test_who_did_what(deeds: tuple[Json, ...], kind: tuple[str, str] | None) -> None:
    assert [(win.kind, win.side) for win in judged(company(*deeds), NAME)] == ([kind] if kind else [])


def came_back(count: int, cause: str | None) -> list[Json]:
    told: list[Json] = []
    for number in range(count):
        what = {"order_id": "SO-0513", "line_id": f"SO-0513/{number}", "name": f"RT-{number}"}
        told.append(make.returned(1, make.at("05-20"), **what))
        told += [make.assessed(cause, make.at("05-25"), **what)] if cause else []
    return told


@pytest.mark.parametrize(
    ("more", "status"),
    [
        (came_back(1, "quality"), "final"),
        (came_back(2, "quality"), "revoked"),
        (came_back(2, "changed_mind"), "final"),
        (came_back(2, None), "provisional"),
        ([make.feedback("complaint", make.at("05-20"), loose=True, order_id="SO-0513")], "revoked"),
    ],
)
def test_what_speaks_against_it(more: list[Json], status: str) -> None:
    """Of 60 lines one in fifty may come back more than usual."""
    (win,) = found(*more, peak=due(week(0), 60, 2), after=usual(1, 2, 3))
    assert win.status(make.LATER) == status
    assert (win.reason is not None) == (status == "revoked")


def test_of_peaks_that_follow_each_other_the_first_is_told() -> None:
    again = [did(MONDAY + timedelta(days=7 * n), p, kind, week=f"2026-W{20 + n}")
             for n in (2, 6) for p, kind in ((SALES, "priority_call"), (OPERATIONS, "overtime"))]  # fmt: skip
    after = [*usual(1, 3, 4, 5, 7, 8, 9), *due(week(2), 44, 2), *due(week(6), 44, 2)]
    assert [win.subject for win in found(*again, after=after)] == ["week/2026-W20", "week/2026-W26"]


def test_it_stands_until_the_weeks_after_show_that_demand_was_pulled_forward() -> None:
    slump = company(after=usual(1, 2, 3, lines=12, late=1))
    with closing(opened()) as store:
        stood = []
        for day in ("05-17", "05-18", "05-25", "06-01"):
            as_of = instant(day)
            record(store, make.raw(slump), as_of=as_of, rules=DEFAULTS)
            stood.append([win.status(as_of) for win in wins(store, NAME, as_of)])
        assert stood == [[], ["provisional"], ["provisional"], []]
        for day, expected in (("05-25", ["joint"]), ("06-08", []), ("05-17", [])):
            with view(store, instant(day), DEFAULTS) as connection:
                assert [win.kind for win in seen.wins(connection) if win.pattern == NAME] == expected


def test_our_own_orders_and_what_customers_took_back_in_time_are_not_counted() -> None:
    ours = make.registered("C-9", is_internal=True)
    assert found(ours, peak=due(week(0), 40, 2, customer_id="C-9")) == []
    gone = make.cancelled(moment(week(0) - timedelta(days=1)), order_id="SO-MORE", initiator="customer")
    more = [event for event in due(week(0), 15, order="SO-MORE") if "delivered" not in event["type"]]
    (win,) = found(gone, peak=[*PEAK, *more])
    assert win.facts["lines"] == 40


def test_the_company_sets_the_numbers() -> None:
    rules = replace(DEFAULTS, thresholds=((f"{NAME}.times", Decimal("2.1")),))
    assert judged(company(), NAME, rules=rules) == []


@FEWER
@given(st.randoms(use_true_random=False))
def test_any_order_of_arrival_and_any_judging_meanwhile(dice: Any) -> None:
    rebased = [
        make.of_order("order.changed", moment(week(-2)), {
            "order_id": "SO-0513", "line_id": "SO-0513/39", "field": "requested_on", "new": "2026-05-27",
            "initiator": "customer"}),
        make.of_order("order.confirmed", moment(week(-2), 13), {
            "order_id": "SO-0513",
            "lines": [{"line_id": "SO-0513/39", "committed_on": "2026-05-27", "committed_qty": 10}]}),
    ]  # fmt: skip
    wrong = did(MONDAY, OPERATIONS, "overtime", **WEEK)
    events = [*company(), *came_back(1, "quality"), *rebased, wrong, make.retracted(wrong, moment(AFTER))]
    as_of = instant(dice.choice(("05-20", "06-02", "07-15")))
    expected = judged(events, NAME, as_of)
    assert expected
    told = [*events, *dice.sample(events, 10)]
    dice.shuffle(told)
    with closing(opened()) as store:
        while told:
            batch, told = told[:40], told[40:]
            at = instant(dice.choice(("05-20", "06-02", "07-15")))
            record(store, make.raw(batch), as_of=at, rules=DEFAULTS)
            if dice.random() < 0.5:
                settle(store, as_of=at, rules=DEFAULTS)
        record(store, [], as_of=as_of, rules=DEFAULTS)
        assert wins(store, NAME, as_of) == expected
