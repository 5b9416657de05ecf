"""Olist, real orders of Brazilian web shops, against what was counted without Tandem."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from sqlalchemy import select

from shared import tables
from shared.mapping import find
from shared.recording import record
from shared.rules import Rules
from shared.store.engine import Store
from tests.mapping.examples import events, rejects

if TYPE_CHECKING:
    from collections.abc import Iterator

    Json = dict[str, Any]

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "olist_3k"


@pytest.fixture(scope="module")
def olist() -> list[Json]:
    if not FOLDER.exists():
        pytest.skip(f"the real orders are not here: {FOLDER}")
    mapped = list(find("olist").events([FOLDER]))
    assert rejects(mapped) == []
    return events(mapped)


@pytest.fixture(scope="module")
def by_id(olist: list[Json]) -> dict[str, Json]:
    return {event["id"]: event for event in olist}


@pytest.fixture(scope="module")
def lines(olist: list[Json]) -> Iterator[dict[str, list[Any]]]:
    """The lines of each order, as they are judged two months after the last."""
    store = Store.open("sqlite://")
    report = record(
        store,
        [orjson.dumps(event) for event in olist],
        as_of=datetime(2018, 12, 31, tzinfo=UTC),
        rules=Rules(),
    )
    assert report.accepted == len(olist)
    found: dict[str, list[Any]] = {}
    with store.reading() as connection:
        assert set(connection.scalars(select(tables.orders.c.quarantined))) == {None}
        for row in connection.execute(select(tables.order_lines)):
            found.setdefault(row.order_id, []).append(row)
    yield found
    store.close()


def test_every_row_becomes_its_events(olist: list[Json], by_id: dict[str, Json]) -> None:
    assert Counter(event["type"].removeprefix("tandem.") for event in olist) == {
        "order.placed.v1": 3000,
        "order.confirmed.v1": 3000,
        "delivery.shipped.v1": 2946,
        "delivery.delivered.v1": 2904,
        "order.cancelled.v1": 41,
        "delivery.roadblock_raised.v1": 249,
        "delivery.roadblock_resolved.v1": 248,
        "feedback.received.v1": 2993,
    }
    assert len(by_id) == len(olist)


def test_a_customer_is_a_person_not_an_order(olist: list[Json]) -> None:
    placed = [event["data"] for event in olist if event["type"] == "tandem.order.placed.v1"]
    assert len({order["customer_id"] for order in placed}) == 2995


def test_every_order_is_judged_by_calendar_days(lines: dict[str, list[Any]]) -> None:
    def verdict(of_order: list[Any]) -> str:
        (word,) = {(each.first_commit_verdict, each.first_commit_on_time) for each in of_order}
        return {("closed", True): "on time", ("closed", False): "late"}.get(word, word[0])

    found = Counter(map(verdict, lines.values()))
    assert found == {"on time": 2713, "late": 191, "waiting": 55, "excluded": 24, "missed": 17}
    assert found["excluded"] + found["missed"] == 41
    assert round(100 * 2713 / (2713 + 191), 4) == 93.4229


def test_the_latest_answer_by_how_the_order_came(olist: list[Json], lines: dict[str, list[Any]]) -> None:
    latest: dict[str, Json] = {}
    for event in sorted(olist, key=lambda event: datetime.fromisoformat(event["time"])):
        if event["type"] == "tandem.feedback.received.v1":
            latest[event["data"]["order_id"]] = event["data"]
    scores: dict[bool, list[int]] = {True: [], False: []}
    for order_id, of_order in lines.items():
        if order_id in latest and of_order[0].first_commit_verdict == "closed":
            scores[all(each.first_commit_on_time for each in of_order)].append(latest[order_id]["score"])
    assert (round(mean(scores[True]), 4), round(mean(scores[False]), 4)) == (4.2694, 2.2775)


def test_answers_keep_their_scale_and_their_words(olist: list[Json]) -> None:
    answers = [event["data"] for event in olist if event["type"] == "tandem.feedback.received.v1"]
    assert {(each["kind"], each["scale_min"], each["scale_max"]) for each in answers} == {("csat", 1, 5)}
    assert len({each["feedback_id"] for each in answers}) == 2992
    assert any("\n" in each.get("comment", "") for each in answers)
    assert sum("comment" in each for each in answers) < len(answers)


def test_no_one_is_named_who_is_no_colleague(olist: list[Json]) -> None:
    people = [
        person
        for event in olist
        for person in [event["data"].get("actor"), *event["data"].get("participants", [])]
        if person
    ]
    assert {(person["department"], person["is_human"]) for person in people} == {
        ("system", False),
        ("carrier", False),
        ("supplier", False),
    }


def test_a_hand_over_that_came_too_late(by_id: dict[str, Json]) -> None:
    raised = [event for name, event in by_id.items() if name.endswith("/raised")]
    for event in raised:
        shipped = by_id[f"order/{event['data']['order_id']}/shipped"]
        assert datetime.fromisoformat(event["time"]) < datetime.fromisoformat(shipped["time"])
    ended = Counter(event["data"]["outcome"] for name, event in by_id.items() if name.endswith("/resolved"))
    assert ended == {"on_original_promise": 199, "late": 49}
