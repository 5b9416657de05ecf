"""The clock: what has ended is judged once, and again where something touched it."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.commands.clock import ticking
from shared.announcing import Announcer
from shared.projecting import judging
from shared.recording import record
from shared.replaying import replay
from shared.rules import DEFAULTS
from shared.settling import settle
from shared.store.engine import Store
from shared.viewing import view
from tests import databases, make, seen, streaks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shared.rules import Rules

Json = dict[str, Any]
pytestmark = pytest.mark.usefixtures("database")
FEWER = settings(max_examples=settings().max_examples // 3)
"""Each example opens two databases."""
RULES = streaks.FOUR
LATER = make.LATER
JANUARY = "perfect_order_streak:C-1:2026-01"
instants = st.sampled_from(
    [datetime(2026, month, day, 9, tzinfo=UTC) for month, day in ((1, 20), (2, 1), (2, 12), (3, 5), (12, 31))]
)


def found(store: Store, as_of: datetime = LATER, rules: Rules = RULES) -> dict[str, str]:
    """Wins of other subjects than orders, with their status."""
    with view(store, as_of, rules) as connection:
        wins = [win for win in seen.wins(connection) if win.order_id is None]
    return {win.win_id: f"{win.kind} {win.status(as_of)}" for win in wins}


def recorded(store: Store, events: Sequence[Json], as_of: datetime = LATER) -> None:
    record(store, make.raw(list(events)), as_of=as_of, rules=RULES)
    settle(store, as_of=as_of, rules=RULES)


def test_a_period_is_judged_when_it_has_ended_and_not_before(store: Store) -> None:
    ended = datetime(2026, 2, 1, tzinfo=UTC)
    record(store, make.raw(streaks.weeks(4)), as_of=ended - timedelta(seconds=1), rules=RULES)
    assert found(store, ended - timedelta(seconds=1)) == {}
    assert found(store, ended) == {JANUARY: "joint provisional"}
    assert found(store) == {JANUARY: "joint final"}


def test_settling_again_looks_at_nothing(store: Store) -> None:
    record(store, make.raw(streaks.weeks(4)), as_of=LATER, rules=RULES)
    assert settle(store, as_of=LATER, rules=RULES) > 0
    assert settle(store, as_of=LATER, rules=RULES) == 0


def test_a_streak_is_told_once_however_long_it_grows(store: Store) -> None:
    recorded(store, streaks.weeks(14))
    assert list(found(store)) == [JANUARY]


@pytest.mark.parametrize(
    "late",
    [
        [make.returned(1, make.at("06-01"), order_id="SO-3"),
         make.assessed("quality", make.at("06-02"), order_id="SO-3")],
        [make.event("document.error_reported", make.at("06-01"),
                    {"order_id": "SO-3", "customer_id": "C-1", "document": "invoice"})],
        [make.retracted(streaks.order(3)[-1], make.at("06-01"))],
    ],
    ids=["came_back", "papers_were_wrong", "never_happened"],
)  # fmt: skip
def test_what_comes_late_is_judged_again(store: Store, late: list[Json]) -> None:
    recorded(store, streaks.weeks(4))
    assert found(store)
    recorded(store, late)
    assert found(store) == {}
    assert found(store, make.instant("05-01")) == {JANUARY: "joint final"}


def test_a_complaint_revokes(store: Store) -> None:
    recorded(store, streaks.weeks(4))
    recorded(store, [make.feedback("complaint", make.at("02-03"), order_id="SO-2")])
    assert found(store) == {JANUARY: "joint revoked"}


def test_a_merged_customer_takes_its_streak_along(store: Store) -> None:
    orders = [*streaks.order(0, customer="C-2"), *streaks.order(1, customer="C-2")]
    orders += [*streaks.order(2), *streaks.order(3)]
    recorded(store, [make.registered("C-1"), make.registered("C-2"), *orders])
    assert found(store) == {}
    recorded(store, [make.merged("C-2", "C-1", make.at("06-01"))])
    assert found(store) == {JANUARY: "joint final"}


def test_changed_rules_judge_anew(store: Store) -> None:
    recorded(store, streaks.weeks(4))
    record(store, [], as_of=LATER, rules=DEFAULTS)
    settle(store, as_of=LATER, rules=DEFAULTS)
    assert found(store, rules=DEFAULTS) == {}
    assert found(store) == {JANUARY: "joint final"}


def test_the_clock_ticks_while_a_process_serves(tmp_path: Path) -> None:
    with closing(Store.open(databases.new_url(tmp_path))) as store:
        record(store, make.raw(streaks.weeks(4)), as_of=LATER, rules=RULES)
        with ticking(store, RULES, every=0.05):
            waited = time.monotonic() + 20
            while not settled(store) and time.monotonic() < waited:
                time.sleep(0.05)
        assert settled(store) == {JANUARY}


def settled(store: Store) -> set[str]:
    """What stands, without looking at what is due."""
    with store.reading() as connection:
        return {win.win_id for win in seen.wins(connection) if win.order_id is None}


EVENTS = [
    make.registered("C-1"),
    *streaks.weeks(7),
    *streaks.order(7, on="2026-03-05"),
    make.feedback("complaint", make.at("02-20"), order_id="SO-2"),
    make.event("document.error_reported", make.at("03-01"),
               {"order_id": "SO-5", "customer_id": "C-1", "document": "invoice"}),
]  # fmt: skip


@FEWER
@given(st.permutations(EVENTS), st.lists(instants, min_size=1, max_size=5), instants, st.data())
def test_whenever_it_was_judged_the_wins_are_the_same(
    events: list[Json], judged: list[datetime], as_of: datetime, data: Any
) -> None:
    sizes = [data.draw(st.integers(1, len(events))) for _ in judged]
    with closing(seen.opened()) as store, closing(seen.opened()) as fresh:
        told = list(events)
        for at, size in zip(judged, sizes, strict=True):
            record(store, make.raw(told[:size]), as_of=at, rules=RULES)
            settle(store, as_of=at, rules=RULES)
            told = told[size // 2 :]
        record(store, make.raw(events), as_of=as_of, rules=RULES)
        settle(store, as_of=as_of, rules=RULES)
        recorded(fresh, EVENTS, as_of)
        assert differences(store, fresh) == []
        replay(store, as_of=as_of, rules=RULES)
        assert differences(store, fresh) == []


def differences(one: Store, other: Store) -> list[str]:
    with one.reading() as mine, other.reading() as theirs:
        return list(seen.differences(seen.dump(mine), seen.dump(theirs)))


def test_many_subjects_are_judged_some_at_a_time_and_none_is_left(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "_SOME", 1)
    others = [each for number in range(4) for each in streaks.order(number, customer="C-2", prefix="B")]
    record(store, make.raw([*streaks.weeks(4), *others]), as_of=LATER, rules=RULES)
    assert settle(store, as_of=LATER, rules=RULES) > 2
    assert settled(store) == {JANUARY, "perfect_order_streak:C-2:2026-01"}


def test_wins_that_the_clock_found_are_announced(store: Store) -> None:
    now = make.instant("02-10")
    record(store, make.raw(streaks.weeks(4)), as_of=now, rules=RULES)
    announcer = Announcer(store, RULES)
    while announcer.announce(now):
        pass
    settle(store, as_of=now, rules=RULES)
    assert announcer.announce(now) == 1
