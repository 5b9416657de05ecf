"""Episodes: valid, unique, repeatable, each pattern with plants and traps, spread over the years."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from services.simulator.decades import FIRST_YEAR, as_of, decades
from services.simulator.envelope import SOURCES, arrival
from services.simulator.episodes.registry import COMPANY_WIDE, Kind, kinds, plant, trap
from services.simulator.episodes.scene import months_before
from shared.events.catalogue import parse

if TYPE_CHECKING:
    from services.simulator.year import Simulation

TIMES = 2
START = date(2017, 5, 1)
STORIES = [kind for kind in kinds() if kind.pattern not in COMPANY_WIDE]
every_kind = pytest.mark.parametrize("kind", kinds(), ids=lambda kind: f"{kind.pattern}-{kind.name}")


@pytest.fixture(scope="module")
def many() -> Simulation:
    return decades(5, times=TIMES)


def test_every_event_is_valid(many: Simulation) -> None:
    for event in many.events:
        assert parse(json.dumps(event).encode()).id == event["id"]


def test_no_event_is_told_twice(many: Simulation) -> None:
    names = [(event["source"], event["id"]) for event in many.events]
    assert len(set(names)) == len(names)


def test_events_come_in_order_of_arrival_and_all_before_the_end(many: Simulation) -> None:
    times = [arrival(event) for event in many.events]
    assert times == sorted(times)
    assert times[-1] <= datetime.fromisoformat(many.truth["as_of"]) == as_of(20)


def test_every_source_tells_all_until_the_end(many: Simulation) -> None:
    until = {
        event["source"]: datetime.fromisoformat(event["data"]["complete_until"])
        for event in many.events
        if event["type"] == "tandem.source.heartbeat.v1"
    }
    assert set(until) == {*SOURCES, "edi"}
    assert all(as_of(20) - last <= timedelta(days=7) for last in until.values())


def test_every_kind_is_played_as_often_as_was_asked_for(many: Simulation) -> None:
    played = Counter((row["pattern"], row["expected"]) for row in many.truth["episodes"])
    for (pattern, expected), count in Counter((kind.pattern, kind.expected) for kind in STORIES).items():
        assert played[pattern, expected] >= TIMES * count


def test_no_subject_is_claimed_twice(many: Simulation) -> None:
    rows = [(row["pattern"], row["subject"]) for row in many.truth["episodes"]]
    assert len(set(rows)) == len(rows)


def test_subjects_exist(many: Simulation) -> None:
    known = {event.get("subject") for event in many.events}
    known |= {f"hold/{event['data'].get('hold_id')}" for event in many.events}
    assert {row["subject"] for row in many.truth["episodes"]} <= known


def test_starts_are_spread_over_the_years(many: Simulation) -> None:
    placed = [event for event in many.events if event["type"] == "tandem.order.placed.v1"]
    years = {datetime.fromisoformat(event["time"]).year for event in placed}
    assert set(range(FIRST_YEAR, FIRST_YEAR + 20)) <= years
    first, second = (
        min(arrival(event) for event in placed if event["id"].startswith(f"SO-rb.planted.{nth}-"))
        for nth in range(TIMES)
    )
    assert timedelta(days=9 * 365) < second - first < timedelta(days=11 * 365)


def test_the_same_seed_tells_the_same_bytes_whatever_the_hash_seed() -> None:
    code = "import json; from services.simulator.decades import decades; s = decades(3, years=3); "
    code += "print(json.dumps([s.events, s.truth]))"
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
        ).stdout
        for hash_seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]


def test_another_seed_is_another_company() -> None:
    one, other = (decades(seed, years=2).events for seed in (1, 2))
    assert one != other


def test_each_pattern_has_plants_and_traps() -> None:
    planted: dict[str, set[bool]] = defaultdict(set)
    for kind in kinds():
        planted[kind.pattern].add(kind.planted)
    assert all(both == {True, False} for both in planted.values())


@every_kind
def test_an_episode_says_what_its_kind_says_and_keeps_to_its_ids_and_time(kind: Kind) -> None:
    episode = kind.episode(9, 4, START)
    assert (episode.pattern, episode.expected) == (kind.pattern, kind.expected)
    assert kind.planted or episode.variant == kind.name
    mark = f".{kind.name}.4"
    assert all(mark in event["id"] for event in episode.events)
    times = [arrival(event) for event in episode.events]
    assert min(times).date() >= months_before(START, 30) - timedelta(days=1)
    assert max(times).date() < months_before(START, -24)


def test_the_second_kind_of_one_name_is_refused() -> None:
    kind = kinds()[0]
    with pytest.raises(ValueError, match=kind.name):
        plant(kind.pattern)(kind.make)
    with pytest.raises(ValueError, match=kind.name):
        trap(kind.pattern)(kind.make)
