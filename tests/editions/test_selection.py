"""Which wins an edition tells, and which it leaves for another time, or for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from shared.editions import compose
from shared.editions.brand import Brand
from shared.editions.choice import Choice, Told, ranking
from shared.editions.selection import pick
from shared.rendering import render_page
from tests.editions.examples import material, streak, win

if TYPE_CHECKING:
    from shared.patterns.model import Win

QUIET = "nothing_came_back"
MORE = {"units": "400", "all_special": True, "something_returned": False}


def picked(*wins: Win, **material_: Any) -> list[str]:
    return [each.win.win_id for each in pick(material(wins=wins, **material_))]


def other(number: int, score: int = 30, **changes: Any) -> Win:
    """What another pattern makes of the same order."""
    found = win(number, QUIET, win_id=f"q-{number:03}", facts={"more": MORE}, score=Decimal(score))
    return replace(found, **changes)


def told(found: Win, on: date = date(2025, 11, 30), **changes: Any) -> Told:
    events = frozenset((part.event.source, part.event.id) for part in (*found.sales, *found.operations))
    return replaced(Told(found.pattern, found.customer_id, found.order_id, on, events), **changes)


def replaced(one: Told, **changes: Any) -> Told:
    return one._replace(**changes)


def test_a_pattern_is_told_at_most_so_often() -> None:
    wins = [win(number) for number in range(5)]
    assert picked(*wins, choice=Choice(most_per_pattern=2)) == ["w-000", "w-001"]
    assert len(picked(*wins, win(7, "roadblock_beaten"), choice=Choice(most_per_pattern=2))) == 3


@pytest.mark.parametrize(("on", "tells"), [(date(2025, 10, 3), False), (date(2025, 10, 2), True)])
def test_a_pattern_leaves_a_customer_alone_for_a_while(on: date, tells: bool) -> None:  # noqa: FBT001 - a column
    before = told(win(9), on, customer_id="C-0", order_id="SO-9", events=frozenset())
    assert bool(picked(win(0), before=(before,))) == tells
    assert picked(win(0, "roadblock_beaten"), before=(before,)) == ["w-000"], "another pattern may tell of it"


def test_wins_of_no_customer_need_no_cooldown() -> None:
    week = streak(customer_id=None, about="week", subject="week/2025-W45")
    before = replaced(told(week), customer_id=None, events=frozenset())
    assert picked(week, before=(before,)) == [week.win_id]


def test_an_order_makes_one_story_and_the_stronger_tells_it() -> None:
    edition = compose("newsletter", material(wins=(win(0), other(0))))
    [story] = edition.stories
    assert (story.win_id, story.also) == ("w-000", ("q-000",))
    page = render_page(edition, Brand())
    assert "The same events also made" in page
    assert "q-000" in page
    [quiet] = compose("newsletter", material(wins=(win(0), other(0, 99)))).stories
    assert (quiet.win_id, quiet.also) == ("q-000", ("w-000",))


def test_an_order_that_was_told_is_not_told_again_by_another_pattern() -> None:
    assert picked(other(0, customer_id="C-9"), before=(replaced(told(win(0)), events=frozenset()),)) == []


def test_one_deed_feeds_one_story() -> None:
    """What a streak shares with a story it leaves out; with nothing left of one side it is not told."""
    run = streak(5)
    shared = replace(run, sales=(*run.sales, win(0).sales[0]))
    [first, second] = pick(material(wins=(win(0), replace(shared, score=Decimal(10)))))
    assert first.win == win(0)
    assert second.win == replace(run, score=Decimal(10)), "without the deed of the first"
    only = replace(run, sales=(win(0).sales[0],), score=Decimal(10))
    [alone] = pick(material(wins=(win(0), only)))
    assert alone == (win(0), (only.win_id,))


def test_a_deed_that_an_earlier_edition_told_is_spent() -> None:
    run = streak(5)
    assert picked(run, before=(told(win(0)),)) == [run.win_id]
    spent = replaced(told(run), customer_id="C-7", pattern="roadblock_beaten", order_id="SO-7")
    assert picked(run, before=(spent,)) == []


def test_rarity_by_the_months_before_ranks_and_changes_no_win() -> None:
    common, rare = win(0), win(1, "roadblock_beaten")
    assert picked(common, rare) == ["w-000", "w-001"]
    rarity = {common.pattern: Decimal("0.1"), rare.pattern: Decimal("0.9")}
    [first, _] = pick(material(wins=(common, rare), rarity=rarity))
    assert first.win == rare


@pytest.mark.parametrize(
    ("changes", "rarity", "expected"),
    [
        ({}, None, 50),
        ({}, "0.5", 50),
        ({}, "1", "62.5"),
        ({}, "0", "37.5"),
        ({"jointness": Decimal("0.64")}, "1", 60),
        ({"quality": Decimal("0.5")}, "1", "56.25"),
        ({"rarity": Decimal("0.7")}, "1", 50),
        ({"ceiling": Decimal(55)}, "1", 55),
    ],
    ids=["unknown", "as usual", "rare", "common", "less joint", "weaker proof", "knows its own", "capped"],
)
def test_the_score_for_ranking(changes: dict[str, Any], rarity: str | None, expected: Any) -> None:
    found = replace(win(0, score=Decimal(50)), **changes)
    assert ranking(found, None if rarity is None else Decimal(rarity)) == Decimal(str(expected))
