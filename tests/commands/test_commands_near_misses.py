"""`tandem wins --near-misses`, and `--explain` of subjects other than orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests import make
from tests.make import at
from tests.patterns import test_perfect_order_streak as streaks
from tests.patterns.found import order, raised, resolved

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands.conftest import Answer

    Tandem = Callable[..., Answer]
    Events = Callable[..., Path]

Json = dict[str, Any]
LATER = ("--as-of", "2026-12-31T00:00:00Z")


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
    assert "2026-03-13  roadblock_beaten: order/SO-1, C-1 Ltd\n" in out
    assert "            did not hold: Every line came on time and in full, by the first promise.\n" in out
    assert "on time no, in full yes" in out
    assert "1 nearly were: 1 by otif first commit." in out
    assert tandem("wins", "--near-misses", "--month", "2026-05", *LATER).out.startswith("Nothing nearly was")


def test_of_a_gate_of_many_conditions_those_are_named_that_failed(tandem: Tandem, events: Events) -> None:
    early = order(raised=raised(at("03-11", "23:00")), resolved=resolved(at("03-11", "23:10")))
    tandem("import", events(*early), *LATER)
    out = " ".join(tandem("wins", "--near-misses", *LATER).out.split())
    assert "severity high, predicted delay days 3, but not raised early enough nor lasted" in out


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
    assert "  yes  So many perfect orders in a row are no luck.\n" in out
    assert "intervention: process fix" in out
