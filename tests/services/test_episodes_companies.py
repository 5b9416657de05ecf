"""Companies of their own: their plants have what the catalogue asks for, and each trap lacks what it says."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from statistics import mean, median
from typing import TYPE_CHECKING, Any

import pytest

from services.simulator.companies import companies
from services.simulator.envelope import SOURCES, arrival
from services.simulator.episodes.registry import COMPANY_WIDE, kinds
from shared.events.catalogue import parse
from tests.services.product_facts import OPERATIONS, SALES, kind, total, when

if TYPE_CHECKING:
    from services.simulator.envelope import Event
    from services.simulator.episodes.model import Episode
    from services.simulator.year import Simulation

TIMES = 6
PEAK: dict[str, set[str]] = {
    "planted": set(),
    "hardly_a_peak": {"half as much again"},
    "within_the_usual_swing": {"unusual"},
    "service_fell": {"on time"},
    "backlog_grew": {"no more overdue"},
    "promises_pushed_out": {"on time", "no more overdue"},
    "easy_mix": {"as hard as ever"},
    "pulled_forward": {"not at the cost of others"},
    "bought_with_premium_freight": {"not bought"},
    "nobody_in_sales": {"sales"},
    "nobody_in_operations": {"operations"},
    "machine_in_operations": {"operations"},
    "scaled_afterwards": {"operations"},
}
EXPEDITES: dict[str, set[str]] = {
    "planted": set(),
    "fewer_but_not_enough": {"rate", "runs", "freight"},
    "too_few_to_tell": {"ten fewer"},
    "volume_fell": {"rate", "runs", "freight"},
    "reclassified": {"runs", "freight"},
    "unlogged_favours": {"freight"},
    "freight_recharged": {"freight"},
    "fewer_legs": {"rate", "ten fewer", "runs"},
    "more_late_changes": {"late changes"},
    "service_fell": {"on time"},
    "nobody_in_sales": {"sales"},
    "nobody_in_operations": {"operations"},
    "machine_in_operations": {"operations"},
    "arranged_for_single_orders": {"sales", "operations"},
}


@dataclass(frozen=True)
class Line:
    """A line; `due` as first promised, `arrived` when the last of it was accepted."""

    order_id: str
    qty: float
    due: date
    arrived: date

    @property
    def monday(self) -> date:
        return self.due - timedelta(days=self.due.weekday())


def live(events: list[Event]) -> list[Event]:
    gone = {e["data"]["corrects"]["id"] for e in events if "corrects" in e["data"]}
    return [event for event in events if event["id"] not in gone]


def lines(events: list[Event]) -> list[Line]:
    promised: dict[str, date] = {}
    arrived: dict[str, date] = {}
    for event in events:
        for line in event["data"].get("lines", ()):
            if kind(event) == "order.confirmed":
                promised[line["line_id"]] = date.fromisoformat(line["committed_on"])
            if kind(event) == "delivery.delivered":
                arrived[line["line_id"]] = when(event).date()
    return [
        Line(
            event["data"]["order_id"], float(line["qty"]),
            promised[line["line_id"]], arrived[line["line_id"]],
        )
        for event in events
        if kind(event) == "order.placed"
        for line in event["data"]["lines"]
    ]  # fmt: skip


def otif(some: list[Line]) -> float:
    return 100 * total(line.arrived <= line.due for line in some) / len(some)


def overdue(some: list[Line], morning: date) -> int:
    return sum(line.due < morning <= line.arrived for line in some)


def hands(events: list[Event], departments: set[str], weeks: set[str], end: date) -> set[str]:
    """People of these departments who did something about these weeks before the end."""
    return {
        event["data"]["actor"]["person_id"]
        for event in events
        if event["data"].get("week") in weeks
        and event["data"]["actor"].get("is_human", True)
        and event["data"]["actor"]["department"] in departments
        and when(event).date() < end
    }


def unmet(held: dict[str, bool]) -> set[str]:
    return {name for name, holds in held.items() if not holds}


def lacks_peak(events: list[Event], period: str) -> set[str]:
    monday = datetime.strptime(f"{period}-1", "%G-W%V-%u").date()  # noqa: DTZ007 - a day
    mine = sorted(lines(live(events)), key=lambda line: line.due)
    weeks = {day: list(some) for day, some in groupby(mine, key=lambda line: line.monday)}
    before = [weeks[monday - timedelta(days=7 * nth)] for nth in range(1, 14)]
    after = [weeks[monday + timedelta(days=7 * nth)] for nth in range(1, 4)]
    week, end = weeks[monday], monday + timedelta(days=7)
    usual = median(map(len, before))
    spread = 1.4826 * median(abs(len(some) - usual) for some in before)
    premium = {e["data"]["order_id"] for e in events if e["data"].get("premium")}
    return unmet({
        "half as much again": len(week) >= 1.5 * usual,
        "unusual": len(week) >= usual + 2 * spread,
        "on time": otif(week) >= mean(map(otif, before)),
        "no more overdue": overdue(mine, end) <= overdue(mine, monday),
        "as hard as ever": pieces(week) > 0.5 * mean(map(pieces, before)),
        "not at the cost of others": mean(map(len, after)) >= 0.7 * usual,
        "not bought": not premium & {line.order_id for line in week},
        "sales": bool(hands(events, SALES, {period}, end)),
        "operations": bool(hands(events, OPERATIONS, {period}, end)),
    })  # fmt: skip


def pieces(some: list[Line]) -> float:
    """Pieces of a line, on average."""
    return total(line.qty for line in some) / len(some)


def quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def lacks_expedites(events: list[Event], period: str) -> set[str]:
    year, number = int(period[:4]), int(period[-1])
    previous = f"{year}-Q{number - 1}" if number > 1 else f"{year - 1}-Q4"
    before, after = (tally(live(events), name) for name in (previous, period))
    mine = [event for event in events if quarter(when(event).date()) == period]
    weeks = {event["data"]["week"] for event in mine if "week" in event["data"]}
    end = date(year + number // 4, number * 3 % 12 + 1, 1)

    def rate(name: str) -> float:
        return after[name] / after["lines"] / (before[name] / before["lines"])

    return unmet({
        "rate": rate("incidents") <= 0.7,
        "ten fewer": before["incidents"] - after["incidents"] >= 10,
        "runs": rate("runs") <= 0.7,
        "freight": rate("freight") <= 0.7,
        "late changes": rate("changes") < 1,
        "on time": after["otif"] >= before["otif"],
        "sales": bool(hands(events, SALES, weeks, end)),
        "operations": bool(hands(events, OPERATIONS, weeks, end)),
    })  # fmt: skip


def tally(events: list[Event], period: str) -> dict[str, float]:
    """Counts of a quarter; an order expedited in several legs is one incident."""
    mine = [event for event in events if quarter(when(event).date()) == period]
    expedited = [e for e in mine if e["data"].get("kind") == "expedite"]
    due = [line for line in lines(events) if quarter(line.due) == period]
    freight = (e["data"]["premium_freight"]["amount"] for e in mine if kind(e) == "invoice.posted")
    return {
        "lines": len(due),
        "incidents": len({e["data"]["order_id"] for e in expedited if e["data"].get("premium")}),
        "runs": len({e["data"]["order_id"] for e in expedited}),
        "changes": sum(e["data"].get("inside_frozen_fence", False) for e in mine),
        "freight": total(freight),
        "otif": otif(due),
    }


def episodes(pattern: str, name: str, times: int = TIMES) -> list[Episode]:
    (one,) = (kind for kind in kinds() if (kind.pattern, kind.name) == (pattern, name))
    return [one.episode(23, nth, date(2019, 1 + nth % 12, 1)) for nth in range(times)]


@pytest.mark.parametrize("name", PEAK)
def test_a_peak_week_lacks_what_its_name_says_and_nothing_else(name: str) -> None:
    for episode in episodes("peak_week_carried", name):
        assert lacks_peak(episode.events, episode.periods[0]) == PEAK[name], episode.variant


@pytest.mark.parametrize("name", EXPEDITES)
def test_a_quarter_lacks_what_its_name_says_and_nothing_else(name: str) -> None:
    for episode in episodes("expedites_retired", name):
        assert lacks_expedites(episode.events, episode.periods[0]) == EXPEDITES[name], episode.variant


def test_all_kinds_are_looked_at() -> None:
    found = {(kind.pattern, kind.name) for kind in kinds() if kind.pattern in COMPANY_WIDE}
    assert found == {("peak_week_carried", n) for n in PEAK} | {("expedites_retired", n) for n in EXPEDITES}


@pytest.mark.parametrize("pattern", sorted(COMPANY_WIDE))
def test_companies_play_every_kind_as_often_as_was_asked_for(pattern: str) -> None:
    played: Counter[str] = Counter()
    for company in companies(4, pattern, times=3):
        check(company)
        played.update(row["expected"] for row in company.truth["episodes"])
    wanted = Counter(kind.expected for kind in kinds() if kind.pattern == pattern)
    assert played == {expected: 3 * count for expected, count in wanted.items()}


def check(company: Simulation) -> None:
    for event in company.events:
        assert parse(json.dumps(event).encode()).id == event["id"]
    names = [(event["source"], event["id"]) for event in company.events]
    assert len(set(names)) == len(names)
    times = [arrival(event) for event in company.events]
    assert times == sorted(times)
    assert times[-1] <= datetime.fromisoformat(company.truth["as_of"])
    beats = [e["source"] for e in company.events if kind(e) == "source.heartbeat"]
    assert set(beats) == {*SOURCES, "edi"}


@pytest.mark.parametrize("pattern", sorted(COMPANY_WIDE))
def test_plants_hold_and_traps_fail_in_their_company_too(pattern: str) -> None:
    lacks: Any = {"peak_week_carried": lacks_peak, "expedites_retired": lacks_expedites}[pattern]
    for company in companies(5, pattern):
        for row in company.truth["episodes"]:
            (period,) = row["periods"]
            assert (lacks(company.events, period) == set()) == (row["expected"] == "joint"), row


@pytest.mark.parametrize("pattern", sorted(COMPANY_WIDE))
def test_a_company_never_pauses(pattern: str) -> None:
    for company in companies(6, pattern):
        due = sorted({line.monday for line in lines(live(company.events))})
        gaps = [later - earlier for earlier, later in pairwise(due)]
        assert max(gaps) <= timedelta(days=7 if pattern == "peak_week_carried" else 28)


def test_companies_are_spread_over_the_years_and_repeatable() -> None:
    first = [company.truth for company in companies(7, "peak_week_carried", years=20, times=3)]
    assert first == [company.truth for company in companies(7, "peak_week_carried", years=20, times=3)]
    assert first != [company.truth for company in companies(8, "peak_week_carried", years=20, times=3)]
    years = {int(row["periods"][0][:4]) for truth in first for row in truth["episodes"]}
    assert min(years) <= 2005
    assert max(years) >= 2020
