"""Other thresholds, tried on the past: as many wins as if they had been set."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from shared.editions.brand import Brand
from shared.periods import Period
from shared.picturing import render_tuning
from shared.settling import settle
from shared.tuning import Trial, tune
from shared.viewing import view
from tests import make, seen, streaks

if TYPE_CHECKING:
    from shared.rules import Rules

pytestmark = pytest.mark.usefixtures("database")
EVENTS = [*streaks.weeks(12), *streaks.order(12, papers=False), *streaks.order(13), *make.win("SO-900")]
MONTHS = [Period.month(2026, number) for number in range(1, 9)]


def tried(pattern: str, rules: Rules = streaks.FOUR) -> list[Trial]:
    with (
        closing(seen.recorded(EVENTS, make.LATER, rules)) as store,
        view(store, make.LATER, rules) as connection,
    ):
        return tune(connection, pattern, MONTHS, make.LATER, rules)


def found(pattern: str, rules: Rules) -> int:
    """Joint wins of a pattern, had these rules been set."""
    with closing(seen.recorded(EVENTS, make.LATER, rules)) as store:
        settle(store, as_of=make.LATER, rules=rules)
        with store.reading() as connection:
            return sum(win.pattern == pattern and win.kind == "joint" for win in seen.wins(connection))


def test_each_value_brings_what_setting_it_would() -> None:
    trials = tried("perfect_order_streak")
    for trial in trials:
        others = {**dict(streaks.FOUR.thresholds), trial.threshold.name: trial.value}
        rules = replace(streaks.FOUR, thresholds=tuple(sorted(others.items())))
        assert sum(trial.joint) == found("perfect_order_streak", rules), trial
    assert len({sum(trial.joint) for trial in trials}) > 1


def test_the_numbers_of_order_patterns_are_tried_too() -> None:
    trials = tried("roadblock_beaten")
    for trial in trials:
        name = trial.threshold.name
        rules = replace(streaks.FOUR, **{name: type(getattr(streaks.FOUR, name))(trial.value)})
        assert sum(trial.joint) == found("roadblock_beaten", rules), trial
    assert len({sum(trial.joint) for trial in trials}) > 1


def test_what_is_set_is_among_the_values_once() -> None:
    trials = tried("perfect_order_streak")
    names = [trial.threshold.name for trial in trials if trial.is_set]
    assert sorted(names) == sorted({trial.threshold.name for trial in trials})


def test_the_picture_shows_each_value_and_marks_what_is_set() -> None:
    trials = tried("perfect_order_streak")
    told = {trial.threshold: set[object]() for trial in trials}
    for trial in trials:
        told[trial.threshold].add((trial.joint, trial.highlights))
    drawn = [trial for trial in trials if len(told[trial.threshold]) > 1]
    page = render_tuning("perfect_order_streak", trials, MONTHS, Brand())
    assert page.count("is set</span>") == sum(trial.is_set for trial in drawn)
    assert page.count('role="img"') == len(drawn) > 0
