"""The simulated year: valid, repeatable, believable, and true to what it says of itself."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from services.simulator.envelope import SOURCES, arrival
from services.simulator.planting import BEATEN, FIRST_ORDER, PATTERNS, SMOOTH_START
from services.simulator.traps import all_traps
from services.simulator.year import Simulation, simulate, write
from shared.events.catalogue import PAYLOADS, parse

if TYPE_CHECKING:
    from pathlib import Path

SALES = {"sales", "marketing", "customer_service"}
OPERATIONS = {"operations", "planning", "production", "procurement", "logistics", "warehouse", "quality"}
Orders = dict[str, dict[str, list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def year() -> Simulation:
    return simulate(11)


@pytest.fixture(scope="module")
def orders(year: Simulation) -> Orders:
    """The events of each order, by kind."""
    found: Orders = defaultdict(lambda: defaultdict(list))
    for event in year.events:
        if order_id := event["data"].get("order_id"):
            found[order_id][event["type"].removeprefix("tandem.").removesuffix(".v1")].append(event)
    return found


def wins(year: Simulation, *patterns: str) -> list[dict[str, Any]]:
    return [win for win in year.truth["wins"] if win["pattern"] in patterns]


def test_every_event_is_valid(year: Simulation) -> None:
    for event in year.events:
        read = parse(json.dumps(event).encode())
        assert (read.source, read.id) == (event["source"], event["id"])


def test_every_type_of_the_contract_occurs(year: Simulation) -> None:
    assert {event["type"] for event in year.events} == set(PAYLOADS)


def test_no_event_is_told_twice(year: Simulation) -> None:
    names = [(event["source"], event["id"]) for event in year.events]
    assert len(set(names)) == len(names)


def test_events_come_in_order_of_arrival_until_the_year_is_looked_back_on(year: Simulation) -> None:
    times = [arrival(event) for event in year.events]
    assert times == sorted(times)
    assert times[-1] <= datetime.fromisoformat(year.truth["as_of"])


def test_a_year_has_the_size_of_a_mid_sized_manufacturer(year: Simulation) -> None:
    placed = sum(event["type"] == "tandem.order.placed.v1" for event in year.events)
    assert 2_500 <= placed <= 4_300
    assert 20_000 <= len(year.events) <= 35_000


def test_the_same_seed_writes_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    code = "import sys, pathlib; from services.simulator.year import simulate, write; "
    code += "write(simulate(3, scale=0.1), pathlib.Path(sys.argv[1]))"
    for hash_seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / hash_seed)], check=True, env=environment)
    for name in ("events.jsonl", "truth.json"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_another_seed_is_another_year(tmp_path: Path) -> None:
    digests = set()
    for seed in (3, 4):
        write(simulate(seed, scale=0.1), tmp_path / str(seed))
        digests.add(hashlib.sha256((tmp_path / str(seed) / "events.jsonl").read_bytes()).hexdigest())
    assert len(digests) == 2


def test_what_is_written_is_what_was_simulated(tmp_path: Path) -> None:
    small = simulate(5, 2024, scale=0.1)
    write(small, tmp_path)
    lines = (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == small.events
    assert json.loads((tmp_path / "truth.json").read_text(encoding="utf-8")) == small.truth
    assert small.truth["as_of"] == "2025-01-05T08:00:00+01:00"


def test_the_year_starts_before_and_ends_complete(year: Simulation) -> None:
    told: dict[str, datetime] = {}
    for event in year.events:
        if event["type"] == "tandem.source.heartbeat.v1":
            told[event["source"]] = datetime.fromisoformat(event["data"]["complete_until"])
    new_year = datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Berlin"))
    assert set(told) == {*SOURCES, "edi"}
    assert all(until > new_year for until in told.values())
    live = [e["time"] for e in year.events if e["type"] == "tandem.order.placed.v1"]
    assert sum("2024-09" <= time < "2025" for time in live) > 600


def test_planted_wins_are_many_and_spread(year: Simulation) -> None:
    for pattern in PATTERNS:
        planted = wins(year, pattern)
        months = {win["month"] for win in planted if win["status"] == "final"}
        assert len(planted) >= 18
        assert {f"2025-{month:02}" for month in range(1, 13)} <= months


def test_the_truth_speaks_of_orders_that_exist_once_for_each_pattern(
    year: Simulation, orders: Orders
) -> None:
    said = [(x["pattern"], x["order_id"]) for x in [*year.truth["wins"], *year.truth["highlights"]]]
    said += [(x["pattern"], x["order_id"]) for x in year.truth["traps"] if x["expected"] != "highlight"]
    assert len(set(said)) == len(said)
    for _, order_id in said:
        assert orders[order_id]["order.placed"]


def test_every_kind_of_trap_is_set_several_times(year: Simulation) -> None:
    set_ = Counter((trap["kind"], trap["pattern"]) for trap in year.truth["traps"])
    controls = Counter((win["variant"], win["pattern"]) for win in year.truth["wins"])
    for kind in all_traps():
        for pattern, expected in kind.expected.items():
            found = controls if expected == "joint" else set_
            assert found[kind.kind, pattern] == 3


def receipts(order: dict[str, list[dict[str, Any]]]) -> dict[str, tuple[Decimal, str]]:
    """Accepted quantity and last local date by line, of what was told last by one source."""
    zone = ZoneInfo(order["order.placed"][0]["data"]["ship_to"]["timezone"])
    gone = {
        event["data"]["corrects"]["id"]
        for event in order["delivery.delivered"]
        if "corrects" in event["data"]
    }
    found: dict[str, tuple[Decimal, str]] = {}
    for event in order["delivery.delivered"]:
        if event["id"] in gone or event["source"] == "edi":
            continue
        day = datetime.fromisoformat(event["time"]).astimezone(zone).date().isoformat()
        for line in event["data"]["lines"]:
            qty, last = found.get(line["line_id"], (Decimal(), ""))
            found[line["line_id"]] = (qty + Decimal(str(line["qty_delivered"])), max(last, day))
    return found


def promises(order: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """The first promise of each line, or the day the customer moved it to."""
    due = {x["line_id"]: x["committed_on"] for x in order["order.confirmed"][0]["data"]["lines"]}
    for event in order["order.promise_changed"]:
        if event["data"].get("initiator") == "customer":
            due[event["data"]["line_id"]] = event["data"]["new_on"]
    for event in order["order.changed"]:
        if event["data"]["field"] == "requested_on":
            due[event["data"]["line_id"]] = event["data"]["new"]
    return due


def test_every_planted_order_came_in_full_by_its_first_promise(year: Simulation, orders: Orders) -> None:
    for win in wins(year, *PATTERNS):
        order = orders[win["order_id"]]
        due, came = promises(order), receipts(order)
        for line in order["order.placed"][0]["data"]["lines"]:
            qty, day = came[line["line_id"]]
            most = Decimal(str(line["qty"])) * (100 + line.get("over_tolerance", 0)) / 100
            assert Decimal(str(line["qty"])) <= qty <= most
            assert day <= due[line["line_id"]]
        assert all(e["data"].get("initiator") == "customer" for e in order["order.promise_changed"])


def test_every_planted_roadblock_was_early_real_and_cleared_by_both_sides(
    year: Simulation, orders: Orders
) -> None:
    for win in wins(year, FIRST_ORDER, BEATEN):
        order = orders[win["order_id"]]
        zone = ZoneInfo(order["order.placed"][0]["data"]["ship_to"]["timezone"])
        start = datetime.fromisoformat(min(promises(order).values())).replace(tzinfo=zone)
        [resolved] = [
            event
            for event in order["delivery.roadblock_resolved"]
            if event["data"]["outcome"] == "on_original_promise"
        ]
        [raised] = [
            event
            for event in order["delivery.roadblock_raised"]
            if event["data"]["roadblock_id"] == resolved["data"]["roadblock_id"]
        ]
        began, ended = (datetime.fromisoformat(event["time"]) for event in (raised, resolved))
        assert start - began >= timedelta(hours=4)
        assert timedelta(minutes=15) <= ended - began
        assert raised["data"]["predicted_delay_days"] >= 1
        helpers = [p for p in resolved["data"].get("participants", []) if p.get("is_human", True)]
        helpers += [
            step["data"]["actor"]
            for step in order["intervention.recorded"]
            if began <= datetime.fromisoformat(step["time"]) <= ended
        ]
        sales = {person["person_id"] for person in helpers if person["department"] in SALES}
        operations = {person["person_id"] for person in helpers if person["department"] in OPERATIONS}
        assert sales
        assert operations
        assert not sales & operations


def test_planted_first_orders_are_first(year: Simulation, orders: Orders) -> None:
    placed: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for order_id, order in orders.items():
        first = order["order.placed"][0]
        if first["data"].get("kind") == "normal":
            placed[first["data"]["customer_id"]].append((datetime.fromisoformat(first["time"]), order_id))
    for win in wins(year, FIRST_ORDER, SMOOTH_START):
        [(at, _)] = [found for found in placed[win["customer_id"]] if found[1] == win["order_id"]]
        assert not [t for t, _ in placed[win["customer_id"]] if timedelta() < at - t < timedelta(days=731)]


def weights(order: dict[str, list[dict[str, Any]]]) -> tuple[float, float]:
    """What each side put into an order without a roadblock, at most 3 each."""
    sums = {"sales": 0.0, "operations": 0.0}
    for kind, events in order.items():
        weight = 1.0 if kind in {"intervention.recorded", "order.promise_changed"} else 0.25
        for event in events:
            actor = event["data"].get("actor", {"department": "system"})
            if kind.startswith(("order.", "delivery.", "intervention.")) and actor.get("is_human", True):
                sums["sales"] += weight * (actor["department"] in SALES)
                sums["operations"] += weight * (actor["department"] in OPERATIONS)
    return min(3.0, sums["sales"]), min(3.0, sums["operations"])


@pytest.mark.parametrize("seed", [3, 4])
@pytest.mark.parametrize("registered", [0.0, 0.25])
def test_smooth_starts_are_the_work_of_both_sides(seed: int, registered: float) -> None:
    small = simulate(seed, scale=0.5)
    found: Orders = defaultdict(lambda: defaultdict(list))
    for event in small.events:
        found[event["data"].get("order_id", "")][event["type"][7:-3]].append(event)
    for win in wins(small, SMOOTH_START):
        sales, operations = weights(found[win["order_id"]])
        assert 2 * min(sales + registered, operations) / (sales + registered + operations) >= 0.5


def test_roadblocks_and_remedies_are_varied(year: Simulation, orders: Orders) -> None:
    planted = [orders[win["order_id"]] for win in wins(year, FIRST_ORDER, BEATEN)]
    assert len({o["delivery.roadblock_raised"][-1]["data"]["category"] for o in planted}) == 12
    remedies = {step["data"]["kind"] for order in planted for step in order["intervention.recorded"]}
    assert len(remedies) >= 16


def share_on_time(orders: Orders, months: set[str]) -> float:
    """OTIF on the first promise, percent of the ordinary lines due in these months."""
    hits = total = 0
    for order in orders.values():
        ours = all(event["data"].get("initiator") != "customer" for event in order["order.cancelled"])
        if not order["order.confirmed"] or not ours:
            continue
        wanted = {x["line_id"]: Decimal(str(x["qty"])) for x in order["order.placed"][0]["data"]["lines"]}
        wanted |= {
            e["data"]["line_id"]: Decimal(str(e["data"]["new"]))
            for e in order["order.changed"]
            if e["data"]["field"] == "qty"
        }
        came = receipts(order)
        for line_id, due in promises(order).items():
            if due[:7] in months:
                qty, day = came.get(line_id, (Decimal(), "9999"))
                total += 1
                hits += qty >= wanted[line_id] and day <= due
    return 100 * hits / total


def test_on_time_in_full_is_believable_and_suffers_in_summer(orders: Orders) -> None:
    whole, summer, autumn = ({f"2025-{m:02}" for m in ms} for ms in (range(1, 13), (7, 8), (10, 11)))
    assert 90 <= share_on_time(orders, whole) <= 95
    assert share_on_time(orders, summer) < share_on_time(orders, autumn) - 2


def test_customers_are_mostly_content(year: Simulation) -> None:
    answers = [e["data"] for e in year.events if e["type"] == "tandem.feedback.received.v1"]
    csat = [answer["score"] >= 4 for answer in answers if answer["kind"] == "csat"]
    nps = [(a["score"] >= 9) - (a["score"] <= 6) for a in answers if a["kind"] == "nps"]
    assert 0.78 <= sum(csat) / len(csat) <= 0.92
    assert 0.25 <= sum(nps) / len(nps) <= 0.5


def test_few_parts_come_back_faulty(year: Simulation) -> None:
    data = [event["data"] for event in year.events]
    faulty = {x.get("return_id") for x in data if x.get("cause") == "quality"} - {None}
    back = sum(Decimal(str(x["qty"])) for x in data if x.get("return_id") in faulty and "qty" in x)
    lines = [line for x in data for line in x.get("lines", ()) if "qty_delivered" in line]
    assert 200 <= back / sum(Decimal(str(line["qty_delivered"])) for line in lines) * 1_000_000 <= 2_000


def test_the_consensus_is_a_good_forecast_and_naive_a_bad_one(year: Simulation) -> None:
    demand: Counter[tuple[str, str]] = Counter()
    for event in year.events:
        if event["type"] == "tandem.order.placed.v1" and event["data"].get("kind") == "normal":
            for line in event["data"].get("lines", ()):
                demand[line["product_id"], line["requested_on"][:7]] += float(line["qty"])  # type: ignore[assignment]
    errors: Counter[str] = Counter()
    wanted = 0.0
    for event in year.events:
        data = event["data"]
        if event["type"] == "tandem.forecast.published.v1" and data["period"].startswith("2025"):
            actual = demand[data["product_id"], data["period"]]
            errors[data["step"]] += abs(data["qty"] - actual)
            wanted += actual if data["step"] == "consensus" else 0
    assert 0.13 <= errors["consensus"] / wanted <= 0.25
    assert errors["naive"] > 1.5 * errors["consensus"]


def test_forecasts_are_published_early_enough_to_be_judged(year: Simulation) -> None:
    for event in year.events:
        if event["type"] == "tandem.forecast.published.v1":
            start = datetime.fromisoformat(f"{event['data']['period']}-01T00:00:00+01:00")
            lag = start - datetime.fromisoformat(event["time"])
            assert timedelta(days=34) < lag < timedelta(days=66)


def test_the_year_has_some_of_the_other_wins_and_all_have_come_about(year: Simulation) -> None:
    told = {event["subject"]: event for event in year.events if "subject" in event}
    told |= {f"hold/{e['data']['hold_id']}": e for e in year.events if "hold_id" in e["data"]}
    joint = Counter(row["pattern"] for row in year.truth["episodes"] if row["expected"] == "joint")
    assert set(joint) >= {"bad_news_early", "caught_here", "team_told", "reliability_that_sold"}
    for row in year.truth["episodes"]:
        assert row["subject"] in told
        assert all("2025-01" <= period <= "2025-12" for period in row["periods"])


def test_a_draft_of_the_year_is_told_by_both_sides_of_an_order_that_nothing_else_tells_of(
    year: Simulation, orders: Orders
) -> None:
    claimed = {row["subject"]: row["expected"] for row in year.truth["episodes"] if "draft" in row["subject"]}
    submitted = {e["subject"]: e for e in year.events if e["type"] == "tandem.draft.submitted.v1"}
    confirmed = {e["subject"]: e for e in year.events if e["type"] == "tandem.draft.confirmed.v1"}
    assert {subject for subject, expected in claimed.items() if expected == "joint"} == set(confirmed)
    assert set(claimed) == set(submitted)
    for subject, event in confirmed.items():
        sides = {event["data"]["actor"]["department"] in SALES, author(submitted[subject]) in SALES}
        assert sides == {True, False}
        for order_id in submitted[subject]["data"]["order_ids"]:
            assert not orders[order_id]["delivery.roadblock_raised"]
            assert not orders[order_id]["feedback.received"]


def author(draft: dict[str, Any]) -> str:
    return str(draft["data"]["actor"]["department"])
