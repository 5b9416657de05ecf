"""A simulated year: every planted win is found, no trap is taken for one, in any order of arrival."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from services.simulator.planting import PATTERNS
from services.simulator.year import Simulation, simulate
from shared import tables
from shared.projecting.built import JUDGING
from shared.recording import record
from shared.rules import DEFAULTS
from shared.settling import settle
from tests import make, scoring, seen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shared.patterns.model import Win
    from shared.store.engine import Store

Json = dict[str, Any]
RULES = replace(DEFAULTS, zone=ZoneInfo("Europe/Berlin"))
BATCH = 2000
NOTED = (2, "9ab75b5e0d6f5223", "7496b64c4b39d46b")
"""The number of the code's judging, what was simulated, and how it was judged."""
YEARS = {"seed 2025": (2025, 1.0), "seed 7, a fifth of the size": (7, 0.2)}


class Year:
    """A simulated year and the database that recorded it."""

    def __init__(self, seed: int, scale: float) -> None:
        self.whole = scale == 1
        self.simulation: Simulation = simulate(seed, scale=scale)
        self.truth: Json = self.simulation.truth
        self.as_of = datetime.fromisoformat(self.truth["as_of"])
        self.store = self.recorded(self.simulation.events)
        with self.store.reading() as connection:
            self.wins = {(win.pattern, win.about): win for win in seen.wins(connection)}
            self.rows = seen.dump(connection)

    def recorded(self, events: Sequence[Json]) -> Store:
        store = seen.opened()
        for start in range(0, len(events), BATCH):
            batch = make.raw(list(events[start : start + BATCH]))
            report = record(store, batch, as_of=self.as_of, rules=RULES)
            assert (report.rejects, report.conflicts) == ([], 0)
        settle(store, as_of=self.as_of, rules=RULES)
        return store

    def said(self, planted: Json) -> tuple[str, str, str] | None:
        """Kind, status and month of what was found."""
        win = self.wins.get((planted["pattern"], f"order/{planted['order_id']}"))
        if win is None:
            return None
        return win.kind, win.status(self.as_of), f"{win.final_at.astimezone(RULES.zone):%Y-%m}"


@pytest.fixture(scope="module", params=list(YEARS.values()), ids=list(YEARS))
def year(request: pytest.FixtureRequest, database: str) -> Iterator[Year]:  # noqa: ARG001 - decides where
    made = Year(*request.param)
    yield made
    made.store.close()


def test_every_planted_win_and_highlight_is_found(year: Year) -> None:
    for planted in [*year.truth["wins"], *year.truth["highlights"]]:
        expected = (planted["kind"], planted["status"], planted["month"])
        assert (planted, year.said(planted)) == (planted, expected)
    assert len(year.truth["wins"]) > 20


def test_no_trap_is_taken_for_a_win(year: Year) -> None:
    for trap in year.truth["traps"]:
        kind, status, _ = year.said(trap) or ("none", "none", "")
        found = status if trap["expected"] in ("revoked", "provisional") else kind
        assert (trap, found) == (trap, trap["expected"])


def test_every_episode_is_what_it_was_planned_to_be(year: Year) -> None:
    scores = scoring.score(year.simulation, [win for win in year.wins.values() if win.order_id is None])
    played = {e["pattern"] for e in year.truth["episodes"] if not e["subject"].startswith("order/")}
    assert [text for pattern in sorted(played) for text in scores[pattern].wrong] == []


def test_of_what_is_planned_to_the_last_order_nothing_else_is_told(year: Year) -> None:
    planted = [*year.truth["wins"], *year.truth["highlights"]]
    planted += [trap for trap in year.truth["traps"] if trap["expected"] != "none"]
    expected = {(one["pattern"], f"order/{one['order_id']}") for one in planted}
    joint = [key for key, win in year.wins.items() if win.kind == "joint" and win.pattern in PATTERNS]
    assert set(joint) <= expected


def test_shuffled_and_every_third_event_twice_makes_the_same_rows(year: Year) -> None:
    if year.whole and not os.environ.get("TANDEM_TEST_SLOW"):
        pytest.skip("takes a while (TANDEM_TEST_SLOW)")
    told = year.simulation.events + year.simulation.events[::3]
    random.Random(1).shuffle(told)
    store = year.recorded(told)
    with store.reading() as connection:
        again = seen.dump(connection)
    store.close()
    assert list(seen.differences(year.rows, again)) == []


def test_code_that_judges_otherwise_has_another_number(year: Year) -> None:
    """What stands in databases that there are is judged anew when `JUDGING` is another: see CONTRIBUTING."""
    if year.whole:
        pytest.skip("a fifth of the size says the same")
    with year.store.reading() as connection:
        lines = sorted(tuple(row) for row in connection.execute(select(tables.order_lines)))
    judged = [_judged(win) for _, win in sorted(year.wins.items())]
    found = (JUDGING, _digest(year.simulation.events), _digest([lines, judged]))
    assert found == NOTED, f"{found}"


def _judged(win: Win) -> tuple[Any, ...]:
    people = [(one.side, one.role, one.person_id) for one in (*win.sales, *win.operations)]
    gates = [(gate.name, gate.passed) for gate in win.gates]
    return (
        win.win_id,
        win.kind,
        win.score,
        win.jointness,
        win.final_at,
        win.pending,
        win.reason,
        people,
        gates,
    )


def _digest(told: Any) -> str:
    return blake2b(repr(told).encode(), digest_size=8).hexdigest()
