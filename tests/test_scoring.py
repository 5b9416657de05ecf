"""Planted wins are found and traps refused; told in another order, twice and anew, the wins are the same."""

from __future__ import annotations

import os
import random
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

import orjson
import pytest

from services.simulator.decades import decades
from shared.patterns.registry import names
from shared.recording import record
from shared.replaying import replay
from shared.settling import settle
from tests import databases, scoring, seen

if TYPE_CHECKING:
    from shared.store.engine import Store
    from tests.scoring import Score

pytestmark = pytest.mark.usefixtures("database")
SEED = 4711
SLOW = bool(os.environ.get("TANDEM_TEST_SLOW"))
YEARS = 20 if SLOW else 8


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    with databases.using("sqlite"):
        return scoring.added(scoring.decade_scores(SEED, years=YEARS, times=1))


@pytest.mark.parametrize("pattern", names())
def test_every_planted_win_is_found_and_no_trap_is_taken_for_one(
    scores: dict[str, Score], pattern: str
) -> None:
    found = scores[pattern]
    assert found.planted > 0
    assert found.traps > 0
    assert found.wrong == []


@pytest.mark.skipif(not SLOW, reason="takes a while (TANDEM_TEST_SLOW)")
def test_told_otherwise_the_wins_are_the_same(store: Store) -> None:
    """Shuffled, every third event twice, judged in between, and then replayed."""
    simulation = decades(SEED, years=3, times=1)
    as_of = datetime.fromisoformat(simulation.truth["as_of"])
    events = [orjson.dumps(event) for event in simulation.events]
    with closing(databases.opened()) as plain:
        record(plain, events, as_of=as_of, rules=scoring.RULES)
        settle(plain, as_of=as_of, rules=scoring.RULES)
        told = [*events, *events[::3]]
        random.Random(SEED).shuffle(told)
        for start in range(0, len(told), 20_000):
            record(store, told[start : start + 20_000], as_of=as_of, rules=scoring.RULES)
            settle(store, as_of=as_of, rules=scoring.RULES)
        assert differences(store, plain) == []
        replay(store, as_of=as_of, rules=scoring.RULES)
        assert differences(store, plain) == []


def differences(one: Store, other: Store) -> list[str]:
    with one.reading() as mine, other.reading() as theirs:
        return list(seen.differences(seen.dump(mine), seen.dump(theirs)))
