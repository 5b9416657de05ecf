"""Episodes about one order, hold or draft: plants meet every condition, traps all but one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.simulator.episodes.registry import Kind, kinds
from services.simulator.season import is_workday
from tests.traded import OPERATIONS, SALES, Played, Traded, at, flaws, human, low


def workdays(first: date, last: date) -> int:
    """Working days after `first` up to `last`."""
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_workday(day) for day in days)


def steps(order: Traded, *what: str) -> list[dict[str, Any]]:
    return [event for event in order.told["intervention.recorded"] if event["data"]["kind"] in what]


def undisturbed(order: Traded) -> dict[str, bool]:
    """What every order must be to be told of."""
    return {
        "normal": order.placed["data"]["kind"] == "normal",
        "live": not order.placed["data"].get("backfill"),
        "uncontradicted": not order.resented,
    }


def nothing_came_back(played: Played) -> dict[str, bool]:
    order = played.order
    lots = {line["lot"] for event in order.told["delivery.shipped"] for line in event["data"]["lines"]}
    faulty = {
        event["data"]["return_id"]
        for event in played.of("return.assessed")
        if event["data"]["cause"] in ("quality", "transit_damage")
    }
    clarified = steps(order, "spec_clarification")
    return {
        "enough": sum((order.accepted(line) for line in order.wanted), Decimal()) >= 300,
        "demanding": any(line.get("special_requirement") for line in order.placed["data"]["lines"]),
        "clarified": any(order.closed_at and at(event) < order.closed_at for event in clarified),
        "nothing_back": not any(
            event["data"]["return_id"] in faulty and event["data"]["lot"] in lots
            for event in played.of("return.received")
        ),
        "external": played.external,
        "kept": order.otif,
        "sales": bool(order.deeds(SALES)),
        "operations": bool(order.deeds(OPERATIONS)),
        **undisturbed(order),
    }


def bad_news_early(played: Played) -> dict[str, bool]:
    order = played.order
    [due] = order.promised.values()
    start = datetime(due.year, due.month, due.day, tzinfo=order.zone)
    warned = [workdays(at(event).date(), due) - 1 for event in order.told["delivery.roadblock_raised"]]
    written = [
        datetime.fromisoformat(event["data"].get("recorded_at", event["time"]))
        for event in order.told["order.promise_changed"]
    ]
    agreed = [
        datetime.fromisoformat(move.get("customer_agreed_at", "2999-01-01T00:00Z")) for move in order.slips
    ]
    return {
        "warned": any(days >= 3 for days in warned),
        "agreed": all(instant < start for instant in [*agreed, *written]),
        "moved_once": len(order.slips) == 1,
        "new_day_kept": order.in_full and order.on_time(order.promised_last),
        "sound": not order.faulty,
        "sales": bool(order.deeds(SALES)),
        "operations": bool(order.deeds(OPERATIONS)),
        **undisturbed(order),
    }


def caught_here(played: Played) -> dict[str, bool]:
    hold_id = played.subject.removeprefix("hold/")
    [placed] = [event for event in played.of("order.hold_placed") if event["data"]["hold_id"] == hold_id]
    released = [at(event) for event in played.of("order.hold_released")]
    [order] = [order for order in played.orders if order.order_id == placed["data"]["order_id"]]
    until = max(released, default=datetime.max.replace(tzinfo=UTC))
    during = [
        event["data"]
        for event in order.told["intervention.recorded"] + order.told["order.promise_changed"]
        if at(placed) <= at(event) <= until
    ]
    done = {data.get("kind") for data in during}
    agreed = all("customer_agreed_at" in move for move in order.slips)
    return {
        "fault": placed["data"]["kind"] == "quality",
        "contained": "quality_containment" in done,
        "arranged": bool(done & {"demand_reallocation", "heads_up"}),
        "released": bool(released),
        "kept": order.in_full and agreed and order.on_time(order.promised_last),
        "nothing_escaped": not any(one.faulty for one in played.orders),
        "external": played.external,
        "sales": any(human(data.get("actor"), SALES) for data in during),
        "operations": any(human(data.get("actor"), OPERATIONS) for data in during),
        **undisturbed(order),
    }


def team_told(played: Played) -> dict[str, bool]:
    [submitted] = played.of("draft.submitted")
    author = submitted["data"]["actor"]
    named = submitted["data"].get("order_ids", [])
    about = [order for order in played.orders if order.order_id in named]
    gone = {event["data"]["corrects"]["id"] for event in played.of("event.retracted")}
    return {
        "confirmed": any(
            human(event["data"]["actor"], OPERATIONS if author["department"] in SALES else SALES)
            and event["data"]["actor"]["person_id"] != author["person_id"]
            and workdays(at(submitted).date(), at(event).date()) <= 5
            for event in played.of("draft.confirmed")
            if event["id"] not in gone
        ),
        "referenced": bool(about) and len(about) == len(named),
        "untold": not any(order.told["delivery.roadblock_raised"] for order in about),
        "external": played.external,
        "uncontradicted": not any(order.resented or order.faulty for order in about),
    }


CONDITIONS = {
    "nothing_came_back": nothing_came_back,
    "bad_news_early": bad_news_early,
    "caught_here": caught_here,
    "team_told": team_told,
}
FLAWS = {
    ("nothing_came_back", "came_back_faulty"): {"nothing_back"},
    ("nothing_came_back", "came_back_damaged"): {"nothing_back"},
    ("nothing_came_back", "assessed_long_after"): {"nothing_back"},
    ("nothing_came_back", "returned_without_an_order"): {"nothing_back"},
    ("nothing_came_back", "returned_on_another_order"): {"nothing_back"},
    ("nothing_came_back", "complained_about"): {"uncontradicted"},
    ("nothing_came_back", "too_few_to_say"): {"enough"},
    ("nothing_came_back", "nothing_special"): {"demanding"},
    ("nothing_came_back", "only_samples"): {"normal"},
    ("nothing_came_back", "for_ourselves"): {"external"},
    ("nothing_came_back", "typed_in_afterwards"): {"live"},
    ("nothing_came_back", "clarified_by_a_machine"): {"sales"},
    ("nothing_came_back", "sales_alone"): {"operations"},
    ("bad_news_early", "agreement_back_dated"): {"agreed"},
    ("bad_news_early", "told_after_the_miss"): {"agreed"},
    ("bad_news_early", "never_agreed"): {"agreed"},
    ("bad_news_early", "moved_twice"): {"moved_once"},
    ("bad_news_early", "new_day_missed"): {"new_day_kept"},
    ("bad_news_early", "came_short"): {"new_day_kept"},
    ("bad_news_early", "warned_the_day_before"): {"warned"},
    ("bad_news_early", "no_warning"): {"warned", "operations"},
    ("bad_news_early", "customer_asked"): {"moved_once"},
    ("bad_news_early", "only_samples"): {"normal"},
    ("bad_news_early", "typed_in_afterwards"): {"live"},
    ("bad_news_early", "detractor"): {"uncontradicted"},
    ("bad_news_early", "complaint"): {"uncontradicted"},
    ("bad_news_early", "came_back_faulty"): {"sound"},
    ("bad_news_early", "operations_alone"): {"sales"},
    ("bad_news_early", "sales_alone"): {"operations"},
    ("bad_news_early", "told_by_a_machine"): {"sales"},
    ("caught_here", "came_back_faulty"): {"nothing_escaped"},
    ("caught_here", "escaped_before_the_hold"): {"nothing_escaped"},
    ("caught_here", "escaped_in_another_lot"): {"nothing_escaped"},
    ("caught_here", "complaint"): {"uncontradicted"},
    ("caught_here", "delivered_late"): {"kept"},
    ("caught_here", "moved_without_agreement"): {"kept"},
    ("caught_here", "a_credit_hold"): {"fault"},
    ("caught_here", "nothing_contained"): {"contained", "arranged", "sales", "operations"},
    ("caught_here", "never_released"): {"released", "kept"},
    ("caught_here", "for_ourselves"): {"external"},
    ("caught_here", "typed_in_afterwards"): {"live"},
    ("caught_here", "operations_alone"): {"sales"},
    ("caught_here", "sales_alone"): {"operations"},
    ("caught_here", "told_when_it_was_over"): {"arranged", "sales"},
    ("team_told", "never_confirmed"): {"confirmed"},
    ("team_told", "confirmed_weeks_later"): {"confirmed"},
    ("team_told", "confirmed_by_its_own_side"): {"confirmed"},
    ("team_told", "confirmed_by_its_author"): {"confirmed"},
    ("team_told", "confirmed_by_a_machine"): {"confirmed"},
    ("team_told", "confirmed_by_finance"): {"confirmed"},
    ("team_told", "confirmation_taken_back"): {"confirmed"},
    ("team_told", "no_such_order"): {"referenced"},
    ("team_told", "about_nothing_in_particular"): {"referenced"},
    ("team_told", "told_already"): {"untold"},
    ("team_told", "for_ourselves"): {"external"},
    ("team_told", "complaint"): {"uncontradicted"},
    ("team_told", "came_back_faulty"): {"uncontradicted"},
}


OURS = [kind for kind in kinds() if kind.pattern in CONDITIONS]


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: f"{kind.pattern}-{kind.name}")
def test_a_plant_meets_every_condition_and_a_trap_all_but_one(kind: Kind) -> None:
    expected = set() if kind.planted else FLAWS[kind.pattern, kind.name]
    assert flaws(kind, CONDITIONS[kind.pattern]) == expected


def test_a_low_answer_is_low_on_its_own_scale() -> None:
    assert low({"kind": "csat", "score": 2, "scale_min": 1, "scale_max": 5})
    assert not low({"kind": "csat", "score": 3, "scale_min": 1, "scale_max": 5})
