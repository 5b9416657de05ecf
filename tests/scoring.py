"""How well wins are told from traps: precision and recall of each pattern over simulated decades.

    python -m tests.scoring [--seeds 1 2 3] [--times 5] [--years 20]

The simulator writes down what a detector must find, from its own plans and without asking a detector.
"""

from __future__ import annotations

import argparse
import gc
import resource
import sys
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import islice
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import orjson

from services.simulator.companies import companies
from services.simulator.decades import as_of, document, told
from services.simulator.episodes.registry import COMPANY_WIDE
from services.simulator.season import is_workday
from services.simulator.year import Simulation
from shared.recording import record
from shared.rules import DEFAULTS
from shared.settling import settle
from shared.store.engine import Store
from tests import seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from services.simulator.envelope import Event
    from services.simulator.episodes.model import Claim as Planted
    from shared.patterns.model import Win

    Claim = dict[str, Any]

_DAYS = (date(2000, 1, 1) + timedelta(days=number) for number in range(10_000))
_HOLIDAYS = tuple(day for day in _DAYS if day.weekday() < 5 and not is_workday(day))
RULES = replace(DEFAULTS, zone=ZoneInfo("Europe/Berlin"), holidays=_HOLIDAYS)
_BATCH = 5000


@dataclass(slots=True)
class Score:
    """Of one pattern: plants and those found, joint wins and those that are true, traps taken for one."""

    planted: int = 0
    found: int = 0
    claimed: int = 0
    true: int = 0
    traps: int = 0
    trapped: int = 0
    wrong: list[str] = field(default_factory=list)
    """What was missed or wrongly claimed, in words."""

    @property
    def recall(self) -> float:
        """The share of planted wins that were found; 1 where none was planted."""
        return self.found / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        """The share of claimed wins that are true; 1 where none was claimed."""
        return self.true / self.claimed if self.claimed else 1.0


def found_in(events: Iterable[Event], until: datetime, store: Store) -> list[Win]:
    """Record what was simulated, let the clock judge it, and return its wins."""
    raws = map(orjson.dumps, events)
    while batch := list(islice(raws, _BATCH)):
        report = record(store, batch, as_of=until, rules=RULES)
        assert not report.rejects, report.rejects[:3]
    settle(store, as_of=until, rules=RULES)
    with store.reading() as connection:
        return seen.wins(connection)


def score(simulation: Simulation, wins: Iterable[Win]) -> dict[str, Score]:
    """Hold wins against the truth, pattern by pattern."""
    scores: dict[str, Score] = defaultdict(Score)
    standing: dict[tuple[str, str], list[Win]] = defaultdict(list)
    for win in wins:
        if win.kind == "joint" and win.reason is None:
            standing[win.pattern, win.about].append(win)
            scores[win.pattern].claimed += 1
    for claim in simulation.truth["episodes"]:
        subject = claim["pattern"], claim["subject"]
        mine = [win for win in standing[subject] if _belongs(win, claim)]
        standing[subject] = [win for win in standing[subject] if win not in mine]
        _hold(scores[claim["pattern"]], claim, mine)
    for (pattern, _), rest in standing.items():
        scores[pattern].wrong += [f"{win.win_id} was never planted" for win in rest]
    return scores


def _hold(scored: Score, claim: Claim, standing: list[Win]) -> None:
    """One plant or trap against the joint wins that stand of its subject."""
    right = [win for win in standing if claim["expected"] == "joint" and _in_time(win, claim["periods"])]
    scored.true += len(right)
    scored.wrong += [f"{win.win_id} is not {claim['variant']}" for win in standing if win not in right]
    if claim["expected"] == "joint":
        scored.planted += 1
        scored.found += bool(right)
        if not right:
            scored.wrong.append(f"{claim['subject']} ({claim['variant']}, {claim['periods']}) was missed")
    else:
        scored.traps += 1
        scored.trapped += bool(standing)


def _belongs(win: Win, claim: Claim) -> bool:
    """A company's weeks and quarters hold several episodes; everything else has one of its own."""
    return win.pattern not in COMPANY_WIDE or _in_time(win, claim["periods"])


def _in_time(win: Win, periods: list[str]) -> bool:
    return not periods or win.subject.rpartition("/")[2] in periods


def decade_scores(seed: int, years: int, times: int) -> Iterator[dict[str, Score]]:
    """The scores of one seed: of the one company of many episodes, and of those that have one each.

    Events are made as they are recorded, and what is recorded is on disk: decades fit into little memory.
    """
    claims: list[Planted] = []
    with TemporaryDirectory() as folder, closing(Store.open(f"sqlite:///{folder}/decades.db")) as store:
        wins = found_in(told(seed, claims, years, times), as_of(years), store)
    yield score(Simulation([], document(seed, years, claims)), wins)
    for pattern in sorted(COMPANY_WIDE):
        for company in companies(seed, pattern, years, times):
            with closing(Store.open("sqlite://")) as store:
                until = datetime.fromisoformat(company.truth["as_of"])
                yield score(company, found_in(company.events, until, store))


def added(parts: Iterable[dict[str, Score]]) -> dict[str, Score]:
    """The sum of several scores."""
    total: dict[str, Score] = defaultdict(Score)
    for part in parts:
        for pattern, one in part.items():
            whole = total[pattern]
            for name in ("planted", "found", "claimed", "true", "traps", "trapped"):
                setattr(whole, name, getattr(whole, name) + getattr(one, name))
            whole.wrong += one.wrong
    return dict(sorted(total.items()))


def main() -> None:
    """Print the table that stands in docs/patterns.md, and what went wrong."""
    parser = argparse.ArgumentParser(prog="tests.scoring")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], help="companies")
    parser.add_argument("--times", type=int, default=5, help="how often each kind of episode")
    parser.add_argument("--years", type=int, default=20, help="over how many years")
    asked = parser.parse_args()
    gc.set_threshold(500_000, 20, 50)  # as the command line sets it
    parts: list[dict[str, Score]] = []
    for seed in asked.seeds:
        parts += (mine := list(decade_scores(seed, asked.years, asked.times)))
        wrong = sum(len(one.wrong) for one in added(mine).values())
        print(f"Seed {seed}: {wrong} missed or wrongly claimed", file=sys.stderr, flush=True)
    scores = added(parts)
    print("| pattern | planted | found | traps | taken for a win | recall | precision |")
    print("|---|---|---|---|---|---|---|")
    for pattern, one in scores.items():
        print(
            f"| `{pattern}` | {one.planted:,} | {one.found:,} | {one.traps:,} | {one.trapped:,} "
            f"| {one.recall:.3f} | {one.precision:.3f} |"
        )
    print(f"\nPeak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB\n")
    for pattern, one in scores.items():
        for text, count in Counter(one.wrong).most_common(20):
            print(f"{pattern}: {text}" + (f" ({count} times)" if count > 1 else ""))


if __name__ == "__main__":
    main()
