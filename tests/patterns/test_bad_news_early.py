"""Bad news told early, a new day agreed and kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.rules import DEFAULTS
from tests import make
from tests.make import at, instant
from tests.patterns.found import OPERATIONS, SALES, found, statuses
from tests.stories.rules import can_be_told

Json = dict[str, Any]
JOINT = {"bad_news_early": "joint final"}
ALONE = {"bad_news_early": "highlight final"}
ROBOT = {"person_id": "bot", "department": "planning", "is_human": False}
RAISED = make.raised(at("03-05", "09:00"), actor=OPERATIONS)
SOLVED = make.resolved(at("03-13"), outcome="late", participants=[{**OPERATIONS, "role": "resolver"}])


def moved(time: str = at("03-05", "12:00"), new_on: str = "2026-03-16", **more: Any) -> Json:
    said = {"customer_notified_at": at("03-05", "10:00"), "customer_agreed_at": at("03-05", "11:00")}
    return make.promised(new_on, time, **{"actor": SALES, **said, **more})


def order(
    *,
    placed: Json | None = None,
    raised: Json | None = RAISED,
    solved: Json | None = SOLVED,
    move: Json | None = None,
    delivered: Json | None = None,
    more: tuple[Json, ...] = (),
) -> list[Json]:
    """Promised for Thursday 12 March, moved a week before to Monday 16, and there that day."""
    parts = (
        placed or make.placed(actor=SALES),
        make.confirmed(actor=OPERATIONS),
        raised,
        solved,
        move or moved(),
        delivered or make.delivered(100, at("03-16")),
    )
    return [part for part in parts if part is not None] + list(more)


def test_told_early_agreed_and_kept() -> None:
    (win,) = found(order())
    assert (win.win_id, win.kind, win.subject) == ("bad_news_early:SO-1", "joint", "order/SO-1")
    assert [part.action for part in win.sales] == ["order.placed", "promise.agreed"]
    assert {part.action for part in win.operations} >= {"roadblock.raised", "roadblock.resolver"}
    assert win.facts["more"] == {
        "first_day": "2026-03-12",
        "new_day": "2026-03-16",
        "later_days": 4,
        "notice_days": 7,
        "warned_on": "2026-03-05",
        "agreed_on": "2026-03-05",
    }
    can_be_told(win)


@pytest.mark.parametrize(("holidays", "expected"), [((11,), JOINT), ((6, 9, 10, 11), {})])
def test_holidays_are_no_working_days(holidays: tuple[int, ...], expected: dict[str, str]) -> None:
    rules = replace(DEFAULTS, holidays=tuple(date(2026, 3, day) for day in holidays))
    assert statuses(order(), rules=rules) == expected


def test_it_is_final_once_returns_and_then_answers_are_in() -> None:
    (win,) = found(order())
    assert win.final_at == instant("04-30", "00:00"), "16 March, 30 days, 14 days"
    assert win.status(instant("04-29", "23:59")) == "provisional"


def test_it_never_scores_like_a_promise_kept() -> None:
    dear = make.placed(at("03-01"), make.line(unit_price="900.00"), actor=SALES, strategic=True)
    early = {"customer_notified_at": at("03-02", "13:00"), "customer_agreed_at": at("03-02", "14:00")}
    told = order(
        placed=dear,
        raised=make.raised(at("03-02", "12:30"), actor=OPERATIONS),
        move=moved(at("03-02", "15:00"), **early),
        delivered=make.delivered(100, at("03-16"), evidence="pod", actor=OPERATIONS),
    )
    (win,) = found(told)
    assert win.score == 60
    (free,) = found(told, rules=replace(DEFAULTS, thresholds=(("bad_news_early.most_score", Decimal(100)),)))
    assert free.score > 60


@pytest.mark.parametrize(
    ("raised_on", "wins"),
    [("03-09", True), ("03-10", False)],
    ids=["three working days", "two"],
)
def test_the_warning_came_working_days_before(raised_on: str, wins: bool) -> None:  # noqa: FBT001 - a column
    told = {"customer_notified_at": at("03-10", "12:30"), "customer_agreed_at": at("03-10", "13:00")}
    events = order(
        raised=make.raised(at(raised_on, "12:00"), actor=OPERATIONS), move=moved(at("03-10", "14:00"), **told)
    )
    assert bool(found(events)) == wins


def test_a_weekend_gives_no_notice() -> None:
    """Friday to Tuesday are two working days."""
    tuesday = [
        make.placed(actor=SALES),
        make.confirmed("2026-03-10", actor=OPERATIONS),
        *order()[2:],
    ]
    assert found(tuesday)
    tuesday[2] = make.raised(at("03-06", "09:00"), actor=OPERATIONS)
    said = {"customer_notified_at": at("03-06", "10:00"), "customer_agreed_at": at("03-06", "11:00")}
    tuesday[4] = moved(at("03-06", "12:00"), **said)
    assert not found(tuesday)


@pytest.mark.parametrize(
    "warning",
    [
        None,
        make.raised(at("03-05", "11:30"), actor=OPERATIONS),
        make.raised(at("03-05", "09:00"), detected_by="system", severity="low"),
        make.raised(at("03-05", "09:00"), detected_by="system", predicted_delay_days=0),
    ],
    ids=["none", "after the customer agreed", "by a system, low", "by a system, without a delay"],
)
def test_no_warning_no_win(warning: Json | None) -> None:
    assert not found(order(raised=warning, solved=None))


@pytest.mark.parametrize("outcome", ["false_alarm", "cancelled"])
def test_a_warning_that_was_wrong_is_none(outcome: str) -> None:
    assert not found(order(solved=make.resolved(at("03-07"), outcome=outcome)))


def test_a_warning_about_another_line_is_none() -> None:
    two = make.placed(at("03-01"), make.line(), make.line(line_id="2"), actor=SALES)
    both = [
        *order(placed=two, raised=make.raised(at("03-05"), actor=OPERATIONS, line_ids=["2"])),
        make.confirmed("2026-03-12", line_id="2"),
        make.delivered(100, at("03-11"), part={"line_id": "2"}),
    ]
    assert not found(both)
    assert found([*order(placed=two), *both[-2:]])


@pytest.mark.parametrize(
    "move",
    [
        {"customer_agreed_at": None},
        {"customer_notified_at": None},
        {"customer_agreed_at": at("03-05", "09:30")},
        {"customer_agreed_at": at("03-05", "12:01")},
        {"recorded_at": at("03-18")},
        {"recorded_at": at("03-12", "00:00")},
        {"initiator": "customer"},
        {"new_on": "2026-03-17"},
        {"backfill": True},
    ],
    ids=[
        "never agreed",
        "never told",
        "agreed before told",
        "agreed after it was written down",
        "written down after the delivery",
        "written down on the day",
        "the customer asked for it",
        "a day that was not kept",
        "loaded as history",
    ],
)
def test_how_it_must_not_be_moved(move: Json) -> None:
    said = moved(**{name: value for name, value in move.items() if name != "new_on"})
    said["data"] = {name: value for name, value in said["data"].items() if value is not None}
    if "new_on" in move:
        said["data"]["new_on"] = "2026-03-13"
    assert not found(order(move=said))


def test_told_after_the_miss_is_no_early_news() -> None:
    said = {"customer_notified_at": at("03-12", "00:00"), "customer_agreed_at": at("03-12", "00:00")}
    assert not found(order(move=moved(at("03-12", "00:00"), **said)))


def test_the_day_begins_where_the_goods_go() -> None:
    said = {"customer_notified_at": at("03-11", "21:00"), "customer_agreed_at": at("03-11", "22:00")}
    late = moved(at("03-11", "23:00"), **said)
    assert found(order(move=late))
    east = make.placed(actor=SALES, ship_to={"timezone": "Pacific/Auckland"})
    assert not found(order(placed=east, move=late))


@pytest.mark.parametrize(
    ("again", "day"),
    [
        (moved(at("03-09"), "2026-03-18"), "03-18"),
        (moved(at("03-09"), "2026-03-13"), "03-13"),
        (make.confirmed("2026-03-18", at("03-09")), "03-18"),
    ],
    ids=["later still", "a little earlier again", "by another confirmation"],
)
def test_a_promise_that_moved_twice(again: Json, day: str) -> None:
    assert not found(order(delivered=make.delivered(100, at(day)), more=(again,)))


def test_a_slip_without_an_announcement_is_no_news() -> None:
    assert not found(order(move=make.confirmed("2026-03-16", at("03-05"))))


def test_two_lines_are_one_piece_of_news_if_told_on_one_day() -> None:
    two = make.placed(at("03-01"), make.line(), make.line(line_id="2"), actor=SALES)
    rest = (
        make.confirmed("2026-03-12", line_id="2"),
        make.delivered(100, at("03-16"), part={"line_id": "2"}),
    )
    assert found(order(placed=two, more=(*rest, moved(line_id="2"))))
    assert not found(order(placed=two, more=(*rest, moved(at("03-06"), line_id="2"))))


def test_delivered_by_the_first_day_there_was_no_bad_news() -> None:
    assert not found(order(delivered=make.delivered(100, at("03-12"))))


def test_short_is_not_kept() -> None:
    closed = make.line_closed(at("03-17"), reason="short_closed")
    assert not found(order(delivered=make.delivered(75, at("03-16")), more=(closed,)))


def test_samples_and_our_own_orders_are_out() -> None:
    assert not found(order(placed=make.placed(actor=SALES, kind="sample")))
    assert not found(order(more=(make.registered(is_internal=True),)))


@pytest.mark.parametrize(
    "against",
    [
        (make.feedback("nps", at("04-20"), 6),),
        (make.feedback("complaint", at("03-20")),),
        (make.returned(3, at("03-20")), make.assessed("quality", at("03-25"))),
    ],
    ids=["detractor", "complaint", "faulty"],
)
def test_contradicted(against: tuple[Json, ...]) -> None:
    assert statuses(order(more=against)) == {"bad_news_early": "joint revoked"}


def test_one_side_alone() -> None:
    assert statuses(order(move=moved(actor=OPERATIONS))) == ALONE
    machines = {"raised": make.raised(at("03-05", "09:00"), actor=ROBOT), "solved": None}
    assert statuses(order(**machines)) == ALONE
    assert statuses(order(move=moved(actor={**SALES, "is_human": False}))) == ALONE


def test_a_deed_counts_while_the_roadblock_is_unresolved() -> None:
    machine = make.raised(at("03-05", "09:00"), actor=ROBOT)
    deed = make.intervened(at("03-14"), OPERATIONS, roadblock_id="R-1")
    assert statuses(order(raised=machine, solved=None, more=(deed,))) == JOINT
