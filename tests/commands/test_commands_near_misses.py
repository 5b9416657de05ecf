"""What almost was a win, and why subjects other than orders are wins."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from shared.projecting.nearly import near_misses
from shared.projecting.reading import Reading
from shared.rules import DEFAULTS
from shared.settling import settle
from tests import make, seen
from tests.make import OPERATIONS, SALES, at
from tests.patterns import test_perfect_order_streak as streaks
from tests.patterns.found import order, raised, resolved
from tests.worlds import worlds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands.conftest import Answer

    Tandem = Callable[..., Answer]
    Events = Callable[..., Path]

Json = dict[str, Any]
LATER = ("--as-of", "2026-12-31T00:00:00Z")


def stopped(events: list[Json], as_of: Any = make.LATER) -> list[tuple[str, str]]:
    """Pattern and gate of every near miss."""
    with closing(seen.recorded(events, as_of, DEFAULTS)) as store:
        settle(store, as_of=as_of, rules=DEFAULTS)
        with store.reading() as connection:
            found = near_misses(Reading(connection, as_of, DEFAULTS), None)
            return [(miss.pattern, miss.stopped.name) for miss in found]


@pytest.mark.parametrize(
    ("events", "gate"),
    [
        (order(delivered=make.delivered(100, at("03-13"))), "otif_first_commit"),
        (
            order(raised=raised(at("03-11", "23:00")), resolved=resolved(at("03-11", "23:30"))),
            "roadblock_beaten",
        ),
        (order(more=(make.promised("2026-03-13", at("03-06")),)), "no_promise_slip"),
        (order(resolved=resolved(participants=[OPERATIONS])), "joint"),
    ],
    ids=["late", "raised too late", "moved", "one side alone"],
)
def test_one_gate_stopped_it(events: list[Json], gate: str) -> None:
    assert ("roadblock_beaten", gate) in stopped(events)


@pytest.mark.parametrize(
    "events",
    [
        order(),
        order(more=(make.feedback("complaint", at("03-20")),)),
        [make.placed(actor=SALES), make.confirmed(), make.delivered(100, at("03-11"))],
        order(delivered=make.delivered(100, at("03-13")), more=(make.promised("2026-03-14", at("03-06")),)),
        order(resolved=resolved(participants=[])),
        make.win()[:-1],
    ],
    ids=["a win", "revoked", "nothing to beat", "two gates", "nobody did anything", "open"],
)
def test_what_did_not_nearly_win(events: list[Json]) -> None:
    assert [gate for pattern, gate in stopped(events) if pattern == "roadblock_beaten"] == []


def test_a_customer_that_nearly_had_a_streak() -> None:
    short = streaks.flat(streaks.before(), streaks.streak(20)) + streaks.DEEDS
    assert ("perfect_order_streak", "longer_than_luck") in stopped(short)
    assert ("perfect_order_streak", "longer_than_luck") not in stopped(streaks.HIT[:80])
    alone = streaks.flat(streaks.before(), streaks.streak())
    assert not [miss for miss in stopped(alone) if miss == ("perfect_order_streak", "joint")]
    sales = [deed for deed in streaks.DEEDS if deed["data"]["actor"]["department"] == "sales"]
    assert ("perfect_order_streak", "joint") in stopped([*alone, *sales])


@given(worlds())
def test_asking_what_nearly_was_never_fails(events: list[Json]) -> None:
    """Gates are asked one by one, whatever the others say, and show the values they failed by."""
    stopped(events)


def test_near_misses_as_json(tandem: Tandem, events: Events) -> None:
    late = order(delivered=make.delivered(100, at("03-13")))
    assert tandem("import", events(*late), *LATER).code == 0
    [miss] = tandem("wins", "--near-misses", "--json", *LATER).json
    assert list(miss) == ["pattern", "subject", "customer_id", "day", "stopped", "gates"]
    assert (miss["pattern"], miss["subject"], miss["day"]) == ("roadblock_beaten", "order/SO-1", "2026-03-13")
    assert miss["stopped"] == {
        "name": "otif_first_commit",
        "passed": False,
        "values": {"1": {"status": "scored", "on_time": False, "in_full": True}},
    }
    assert all(gate["passed"] for gate in miss["gates"])
    assert tandem("wins", "--near-misses", "--json", "--month", "2026-03", *LATER).json == [miss]
    assert tandem("wins", "--near-misses", "--json", "--month", "2026-04", *LATER).json == []


def test_near_misses_in_words(tandem: Tandem, events: Events) -> None:
    late = order(delivered=make.delivered(100, at("03-13")))
    tandem("import", events(make.registered(), *late), *LATER)
    out = tandem("wins", "--near-misses", *LATER).out
    assert (
        "2026-03-13  roadblock_beaten: order/SO-1, C-1 Ltd\n            stopped by otif first commit\n" in out
    )
    assert "on time no, in full yes" in out
    assert "1 nearly were: 1 by otif first commit." in out
    assert tandem("wins", "--near-misses", "--month", "2026-05", *LATER).out.startswith("Nothing nearly was")


@pytest.mark.parametrize("option", [("--status", "final"), ("--explain", "X")])
def test_what_is_no_win_has_no_status_and_no_id(tandem: Tandem, option: tuple[str, str]) -> None:
    told = tandem("wins", "--near-misses", *option)
    assert (told.code, told.out) == (2, "")
    assert "--month alone" in told.err


def test_why_a_win_of_a_customer_is_true(tandem: Tandem, events: Events) -> None:
    assert tandem("import", events(make.registered(), *streaks.HIT), *LATER).code == 0
    win = next(w for w in tandem("wins", "--json", *LATER).json if w["pattern"] == "perfect_order_streak")
    explained = tandem("wins", "--explain", win["win_id"], "--json", *LATER).json
    deeds = {part["event"]["id"] for part in (*win["sales"], *win["operations"])}
    assert {entry["id"] for entry in explained["timeline"]} >= deeds | {ref["id"] for ref in win["evidence"]}
    assert "longer_than_luck" in {gate["name"] for gate in explained["gates"]}
    out = tandem("wins", "--explain", win["win_id"], *LATER).out
    assert "C-1 Ltd (C-1), perfect_order_streak:C-1:2026-03" in out
    assert "  yes  longer than luck\n" in out
    assert "intervention: process fix" in out
