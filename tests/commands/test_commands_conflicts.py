"""Conflicts side by side, and what is put aside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from tests import make

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands.conftest import Tandem

Json = dict[str, Any]
STORED = make.placed(name="e-1", ship_to={"timezone": "Europe/Berlin"})
OTHER = {
    **STORED,
    "time": make.at("03-02"),
    "data": {**STORED["data"], "lines": [make.line(qty=120), make.line(line_id="2")], "strategic": True},
}
DIFFERENCES = [
    {"field": "time", "stored": STORED["time"], "received": OTHER["time"]},
    {"field": "data.lines.0.qty", "stored": 100, "received": 120},
    {"field": "data.lines.1.line_id", "stored": None, "received": "2"},
    {"field": "data.lines.1.product_id", "stored": None, "received": "P-1"},
    {"field": "data.lines.1.qty", "stored": None, "received": 100},
    {"field": "data.lines.1.requested_on", "stored": None, "received": "2026-03-10"},
    {"field": "data.strategic", "stored": None, "received": True},
]


@pytest.fixture
def clash(tandem: Tandem, events: Callable[..., Path]) -> None:
    answer = tandem("import", events(STORED, OTHER, OTHER))
    assert answer.code == 1
    assert "See tandem conflicts." in answer.err


@pytest.mark.usefixtures("clash")
def test_a_conflict_is_listed_by_what_differs(tandem: Tandem) -> None:
    [told] = tandem("conflicts", "--json").json
    assert (told["source"], told["id"], told["type"]) == ("erp", "e-1", "tandem.order.placed.v1")
    assert told["differs"] == [one["field"] for one in DIFFERENCES]
    assert told["corrected_by"] == []
    assert datetime.fromisoformat(told["received_at"]).tzinfo is not None
    shown = tandem("conflicts").out
    assert "differs in time, data.lines.0.qty, data.lines.1.line_id" in shown
    assert "1 conflicts; the stored events stand." in shown


@pytest.mark.usefixtures("clash")
def test_both_contents_stand_side_by_side(tandem: Tandem) -> None:
    told = tandem("conflicts", "erp", "e-1", "--json").json
    assert told["stored"] == orjson.loads(orjson.dumps(STORED))
    [received] = told["received"]
    assert received["event"] == OTHER
    assert sorted(received["differences"], key=repr) == sorted(DIFFERENCES, key=repr)
    lines = [line.split() for line in tandem("conflicts", "erp", "e-1").out.splitlines()]
    assert ["*", "data.lines.0.qty", "100", "120"] in lines
    assert ["*", "data.strategic", "-", "true"] in lines
    assert ["data.currency", "EUR", "EUR"] in lines


@pytest.mark.usefixtures("clash")
def test_the_stored_one_stands_until_it_is_corrected(tandem: Tandem, events: Callable[..., Path]) -> None:
    def ordered() -> int:
        line = tandem("orders", "show", "SO-1", "--json").json["lines"][0]
        return int(line["ordered_qty"])

    assert ordered() == 100
    assert checked(tandem, "Conflicts") is False
    right = make.corrected(STORED, lines=[make.line(qty=120)]) | {"id": "e-2"}
    tandem("import", events(right))
    assert ordered() == 120
    assert checked(tandem, "Conflicts") is True
    assert tandem("conflicts", "--json").json[0]["corrected_by"] == [{"source": "erp", "id": "e-2"}]
    assert "corrected since by erp e-2" in tandem("conflicts").out


def test_values_that_only_python_holds_equal_differ(tandem: Tandem, events: Callable[..., Path]) -> None:
    one = {**STORED, "data": {**STORED["data"], "a": 1, "b": None, "c": 1}}
    other = {**STORED, "data": {**STORED["data"], "a": True, "c": 1.0}}
    tandem("import", events(one, other))
    told = tandem("conflicts", "--json").json[0]["differs"]
    assert told == ["data.a", "data.b", "data.c"]


def test_what_people_wrote_is_not_shown(tandem: Tandem, events: Callable[..., Path]) -> None:
    told = make.feedback("complaint", make.at("03-12"), comment="Jane was rude") | {"id": "f"}
    other = {**told, "data": {**told["data"], "comment": "Jane was lovely"}}
    tandem("import", events(told, other))
    for command in (["conflicts"], ["conflicts", "erp", "f"], ["conflicts", "--json"]):
        answer = tandem(*command)
        assert "Jane" not in answer.out
    assert tandem("conflicts", "--json").json[0]["differs"] == []
    assert "what people wrote" in tandem("conflicts", "erp", "f").out


def test_contents_cannot_steer_the_terminal(tandem: Tandem, events: Callable[..., Path]) -> None:
    evil = "\x1b[2J\u202e\u009b2J" + "x" * 500
    tandem("import", events(STORED, {**STORED, "data": {**STORED["data"], "more": evil}}))
    for form in ([], ["--json"]):
        out = tandem("conflicts", "erp", "e-1", *form).out
        assert all(one.isprintable() or one == "\n" for one in out)
    assert max(map(len, tandem("conflicts", "erp", "e-1").out.splitlines())) < 140


def test_without_any(tandem: Tandem) -> None:
    assert tandem("conflicts", "--json").json == []
    assert tandem("conflicts").out == "0 conflicts; the stored events stand.\n"
    answer = tandem("conflicts", "erp", "e-1")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "No conflict of erp e-1; tandem conflicts lists them\n"
    answer = tandem("conflicts", "erp")
    assert (answer.code, answer.err.count("\n")) == (2, 1)


def checked(tandem: Tandem, name: str) -> bool:
    checks = tandem("doctor", "--json").json
    return bool(next(check["ok"] for check in checks if check["check"] == name))


def test_orders_that_contradict_themselves_are_listed(tandem: Tandem, events: Callable[..., Path]) -> None:
    twice = make.placed(make.at("03-02"), make.line(qty=1))
    early = make.delivered(1, make.at("02-01"), order_id="SO-2")
    tandem("import", events(make.placed(), twice, make.placed(order_id="SO-2"), early))
    told = tandem("quarantine", "--json")
    assert (told.code, told.json["ahead"]) == (0, [])
    assert [(one["order_id"], one["customer_id"]) for one in told.json["orders"]] == [
        ("SO-1", "C-1"),
        ("SO-2", "C-1"),
    ]
    assert told.json["orders"][0]["reason"] == "placed twice: two order.placed with different content"
    assert "SO-1 of C-1: placed twice" in tandem("quarantine").out
    assert checked(tandem, "Quarantine") is False
    assert tandem("quarantine", "--as-of", make.at("03-01"), "--json").json["orders"][0]["order_id"] == "SO-2"


def test_events_ahead_of_their_time_are_listed(tandem: Tandem, events: Callable[..., Path]) -> None:
    now = datetime.now(UTC)
    ahead = make.placed((now + timedelta(days=2)).isoformat(timespec="seconds"), name="ahead")
    told = make.placed(make.at("03-01"), order_id="SO-2", recorded_at="2190-01-01T00:00:00Z", name="clock")
    soon = make.placed((now + timedelta(hours=20)).isoformat(timespec="seconds"), order_id="SO-3")
    tandem("import", events(ahead, told, soon))
    found = tandem("quarantine", "--json").json
    assert [(one["id"], one["subject"]) for one in found["ahead"]] == [
        ("ahead", "order/SO-1"),
        ("clock", "order/SO-2"),
    ]
    assert found["orders"] == []
    assert "erp clock, tandem.order.placed.v1: lies ahead, 2190-01-01 00:00" in tandem("quarantine").out
    assert checked(tandem, "Clock") is False
    later = tandem("quarantine", "--as-of", "2191-01-01T00:00:00Z", "--json").json
    assert later == {"orders": [], "ahead": []}
