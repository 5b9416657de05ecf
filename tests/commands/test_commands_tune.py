"""`tandem tune`: the past at other thresholds, on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import make, streaks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands.conftest import Tandem

AS_OF = ("--as-of", "2026-08-05T00:00:00Z")


@pytest.fixture(autouse=True)
def past(tandem: Tandem, events: Callable[..., Path]) -> None:
    assert tandem("import", events(*streaks.weeks(10), *make.win("SO-900")), *AS_OF).code == 0


def test_it_counts_wins_by_month(tandem: Tandem) -> None:
    told = tandem("tune", "roadblock_beaten", "--months", "8", "--json", *AS_OF).json
    assert told["months"] == ["2025-12", *(f"2026-0{month}" for month in range(1, 8))]
    floors = [each for each in told["patterns"]["roadblock_beaten"] if each["threshold"] == "joint_floor"]
    assert {sum(each["joint"]) for each in floors} == {0, 1}
    assert [each["value"] for each in floors if each["set"]] == [0.5]


def test_it_draws_them(tandem: Tandem, tmp_path: Path) -> None:
    assert tandem("tune", "roadblock_beaten", "--out", tmp_path / "out", *AS_OF).code == 0
    page = tmp_path / "out" / "tuning-roadblock_beaten.html"
    assert "joint_floor" in page.read_text(encoding="utf-8")


def test_what_makes_no_difference_takes_one_line(tandem: Tandem) -> None:
    assert "no difference" in tandem("tune", "roadblock_beaten", *AS_OF).out


def test_it_says_how_a_number_is_set(tandem: Tandem) -> None:
    told = tandem("tune", "roadblock_beaten", "perfect_order_streak", *AS_OF).out.splitlines()[-1]
    own, ruled = (
        """TANDEM_THRESHOLDS='{"perfect_order_streak.fence_changes":5.0}'""",
        "TANDEM_JOINT_FLOOR=0.25",
    )
    assert told == f"To set one: {own}, or {ruled}. What stands is then judged anew."
    (name, value), (floor, least) = (text.split("=") for text in (own, ruled))
    assert tandem("wins", *AS_OF, **{name: value.strip("'"), floor: least}).code == 0


def test_an_unknown_pattern_is_named(tandem: Tandem) -> None:
    answer = tandem("tune", "luck")
    assert answer.code == 2
    assert answer.err.startswith("luck is no pattern; write one of ")


def test_an_unknown_threshold_is_named(tandem: Tandem) -> None:
    answer = tandem("wins", TANDEM_THRESHOLDS='{"perfect_order_streak.lucky": 1}')
    assert answer.code == 2
    assert "'perfect_order_streak.lucky' is no threshold" in answer.err
