"""Wins of customers do not depend on the order of arrival, nor on when the clock judged."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from shared import tables
from shared.recording import record
from shared.replaying import replay
from shared.rules import DEFAULTS
from shared.settling import settle
from tests import make, seen
from tests.databases import opened
from tests.make import OPERATIONS
from tests.patterns import (
    test_backlog_burned_down,
    test_detractor_to_promoter,
    test_faster_not_dearer,
    test_perfect_order_streak,
    test_reliability_that_sold,
)
from tests.patterns.accounts import did

if TYPE_CHECKING:
    from datetime import datetime

    from shared.store.engine import Store

Json = dict[str, Any]
HITS = {
    "perfect_order_streak": test_perfect_order_streak.HIT,
    "detractor_to_promoter": test_detractor_to_promoter.recovery(),
    "faster_not_dearer": test_faster_not_dearer.HIT,
    "backlog_burned_down": test_backlog_burned_down.HIT,
    "reliability_that_sold": [*test_reliability_that_sold.HIT, *test_reliability_that_sold.won("On time")],
}


def more(events: list[Json]) -> list[Json]:
    """What changes whose wins these are, what of them holds, and who had a part in them."""
    fix = did("", test_perfect_order_streak.START, OPERATIONS)
    about = {"order_id": None, "product_id": "P-1", "customer_id": "C-1"}
    last = [event for event in events if event["type"].startswith("tandem.delivery.delivered")][-1]
    wrong = make.feedback("complaint", make.at("03-20"), loose=True)
    return [
        {**fix, "data": {**fix["data"], **about}},
        make.registered("C-1", parent_id="C-8"),
        make.merged("C-8", "C-9"),
        make.corrected(last, recorded_at=make.at("10-01")),
        wrong,
        make.retracted(wrong, make.at("11-01")),
        make.feedback("complaint", make.at("11-11"), loose=True),
    ]


def judged(batches: list[tuple[list[Json], datetime]]) -> dict[str, list[str]]:
    with closing(opened()) as store:
        for events, as_of in batches:
            record(store, make.raw(events), as_of=as_of, rules=DEFAULTS)
            settle(store, as_of=as_of, rules=DEFAULTS)
        return rows(store)


def rows(store: Store) -> dict[str, list[str]]:
    with store.reading() as connection:
        return seen.dump(connection)


@pytest.mark.parametrize("pattern", HITS)
@given(dice=st.randoms(use_true_random=False))
@settings(max_examples=4)
def test_any_order_of_arrival_and_any_judging_meanwhile(pattern: str, dice: Any) -> None:
    events = [*HITS[pattern], *more(HITS[pattern])]
    expected = judged([(events, make.LATER)])
    told = [*events, *dice.sample(events, 9)]
    dice.shuffle(told)
    cuts = sorted(dice.sample(range(len(told)), 4))
    parts = [told[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
    instants = [make.LATER - timedelta(days=dice.randrange(320)) for _ in cuts] + [make.LATER]
    found = judged(list(zip(parts, instants, strict=True)))
    assert list(seen.differences(expected, found)) == []
    assert any(pattern in row for row in expected["wins"])


RECOVERY, RECORD = HITS["detractor_to_promoter"], HITS["reliability_that_sold"]
STREAK = HITS["perfect_order_streak"]
DEED = did("", test_perfect_order_streak.START, OPERATIONS)
ABOUT = {"order_id": None, "product_id": "P-1", "customer_id": "C-1"}


@pytest.mark.parametrize(
    ("others", "last"),
    [
        (RECOVERY[:-1], RECOVERY[-1]),
        (RECOVERY, make.feedback("complaint", make.at("06-08"), loose=True)),
        (RECORD[:-1], RECORD[-1]),
        (STREAK, {**DEED, "data": {**DEED["data"], **ABOUT}}),
        (STREAK, make.feedback("complaint", make.at("03-30"), loose=True)),
    ],
    ids=["a good answer", "a complaint a month after it", "a deal", "a deed", "a complaint on a streak"],
)
def test_what_is_told_last_of_a_customer_changes_what_it_would_have_changed(
    others: list[Json], last: Json
) -> None:
    """The months before are not judged again, and need not be."""
    both, once = (judged([(events, make.LATER)]) for events in ([*others, last], others))
    assert list(seen.differences(both, once)), "it makes a difference"
    assert list(seen.differences(both, judged([(others, make.LATER), ([last], make.LATER)]))) == []


def test_what_is_told_of_a_customer_is_no_reason_to_judge_what_ended_long_before() -> None:
    asked = select(tables.agenda.c.since).where(tables.agenda.c.kind == "customer")
    with closing(opened()) as store:
        record(store, make.raw(RECOVERY), as_of=make.LATER, rules=DEFAULTS)
        settle(store, as_of=make.LATER, rules=DEFAULTS)
        answer = make.feedback("nps", make.at("11-20"), 9, loose=True)
        record(store, make.raw([answer]), as_of=make.LATER, rules=DEFAULTS)
        with store.reading() as connection:
            assert connection.scalar(asked) == date(2026, 10, 19), "a return window before, and two days"
        record(store, make.raw([make.registered()]), as_of=make.LATER, rules=DEFAULTS)
        with store.reading() as connection:
            assert connection.scalar(asked) == date.min


def test_a_replay_ends_in_the_same_wins() -> None:
    with closing(opened()) as store:
        events = HITS["backlog_burned_down"]
        record(store, make.raw(events), as_of=make.LATER, rules=DEFAULTS)
        settle(store, as_of=make.LATER, rules=DEFAULTS)
        before = rows(store)
        replay(store, as_of=make.LATER, rules=DEFAULTS)
        assert list(seen.differences(before, rows(store))) == []
        assert any("backlog_burned_down" in row for row in before["wins"])
