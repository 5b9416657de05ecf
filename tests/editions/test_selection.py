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
from shared.editions.sections import ByHand
from shared.editions.selection import pick, select
from shared.rendering.writing import render_page
from tests.editions.examples import CUSTOMERS, material, streak, win

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


def test_what_is_weaker_than_the_least_that_is_told_is_left_out_unless_people_wrote_it() -> None:
    weak, strong = win(1, score=Decimal("49.9")), win(2, score=Decimal(50))
    assert picked(weak, strong, choice=Choice(least_score=Decimal(50))) == [strong.win_id]
    told_by_people = replace(weak, pattern="team_told", win_id="w-people")
    assert weak.win_id not in picked(weak, told_by_people, choice=Choice(least_score=Decimal(50)))
    assert "w-people" in picked(weak, told_by_people, choice=Choice(least_score=Decimal(50)))
    [(_, _, reason)] = select(material(wins=(weak,), choice=Choice(least_score=Decimal(50)))).explanation
    assert "49.9" in str(reason)
    assert "TANDEM_STORY_LEAST_SCORE" in str(reason)


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


def seen_before(*teams: str, people: frozenset[str] = frozenset(), on: date = date(2025, 11, 30)) -> Told:
    return Told("roadblock_beaten", "C-77", "SO-77", on, frozenset(), frozenset(teams), people)


def by(found: Win, person_id: str) -> Win:
    """The same with somebody else on the side of Sales."""
    return replace(found, sales=tuple(replace(part, person_id=person_id) for part in found.sales))


USUAL = ("customer_service", "sales", "logistics", "warehouse")


def test_a_team_not_seen_for_a_quarter_comes_first() -> None:
    usual, planning = win(0), win(1, score=Decimal(78))
    assert picked(usual, planning) == ["w-000", "w-001"]
    assert picked(usual, planning, before=(seen_before(*USUAL),)) == ["w-001", "w-000"]
    long_ago = seen_before(*USUAL, on=date(2025, 9, 30))
    assert picked(usual, planning, before=(long_ago,)) == ["w-000", "w-001"], "then nobody was seen"
    still = Choice(unseen_points=Decimal(0))
    assert picked(usual, planning, before=(seen_before(*USUAL),), choice=still) == ["w-000", "w-001"]


def test_who_was_mentioned_more_than_a_share_waits_for_others() -> None:
    often = frozenset({"p-often"})
    before = (seen_before(people=often),) * 3
    first, second = by(win(0), "p-often"), win(1, score=Decimal(20))
    assert picked(first, second, before=before[:2]) == ["w-000", "w-001"], "three mentions are never many"
    assert picked(first, second, before=before) == ["w-001", "w-000"], "told where there is room"
    others = tuple(seen_before(people=frozenset({f"p-{n}"})) for n in range(20))
    assert picked(first, second, before=before + others) == ["w-000", "w-001"], "three of 23 are 13 percent"


def test_every_win_that_could_be_told_is_explained_once() -> None:
    wins = (
        *(win(number) for number in range(5)),
        other(0),
        replace(win(9), customer_id="C-1", order_id="SO-9"),
    )
    picks, explanation = select(material(wins=wins, choice=Choice(most_per_pattern=2)))
    assert sorted(each.win_id for each in explanation) == sorted(each.win_id for each in wins)
    assert [each.win_id for each in explanation if each.chosen] == [each.win.win_id for each in picks]


@pytest.mark.parametrize(
    ("wins", "more", "reason"),
    [
        ((win(0), other(0)), {}, "w-000 tells of its order, and names it"),
        ((win(0), replace(win(1), customer_id="C-0")), {}, "w-000 tells of its customer; one a customer"),
        ((win(0), win(1)), {"choice": Choice(most_per_pattern=1)}, "1 of new_customer_first_order are told"),
        ((win(0), win(1, "never_heard_of")), {}, "no words are written for never_heard_of"),
        (
            (other(0, customer_id="C-9"),),
            {"before": (told(win(0)),)},
            "told of order SO-1042",
        ),
        ((win(0),), {"before": (told(win(0), order_id="SO-9"),)}, "told of this customer within 90 days"),
        ((win(0), streak(5, sales=win(0).sales, score=Decimal(1))), {}, "w-000 tells the same deeds"),
    ],
)
def test_why_a_win_is_not_told(wins: tuple[Win, ...], more: dict[str, Any], reason: str) -> None:
    [why] = [each.reason for each in select(material(wins=wins, **more)).explanation if not each.chosen]
    assert reason in why


def test_why_a_win_is_told() -> None:
    [why] = select(material(wins=(win(0),), before=(seen_before("sales", "customer_service"),))).explanation
    assert why.chosen
    assert why.reason == "strength 85.0; first of its pattern; not seen for a quarter: logistics, warehouse"


def test_an_edition_that_is_full_says_so() -> None:
    explanation = select(material(told=20)).explanation
    assert sum(each.chosen for each in explanation) == 12
    assert any("the edition tells 12 at most" in each.reason for each in explanation)


def test_reasons_name_nobody() -> None:
    """They are for editors; still they may be shown to whoever looks over a shoulder."""
    reasons = " ".join(each.reason for each in select(material(told=12)).explanation)
    assert not any(name in reasons for name in CUSTOMERS)
    assert "p-sales" not in reasons


def test_what_an_editor_left_out_is_not_told_and_what_was_chosen_is() -> None:
    wins = [win(number) for number in range(4)]
    by_hand = ByHand(pinned=("w-003",), dropped=("w-000",))
    assert picked(*wins, by_hand=by_hand, choice=Choice(most_per_pattern=2)) == ["w-003", "w-001"]
    reasons = {
        each.win_id: each.reason for each in select(material(wins=tuple(wins), by_hand=by_hand)).explanation
    }
    assert reasons["w-000"] == "an editor left it out"
    assert reasons["w-003"].startswith("an editor chose it; strength")


def test_a_choice_outweighs_turns_but_tells_nothing_twice() -> None:
    cooling = told(win(0), customer_id="C-0", order_id="SO-9", events=frozenset())
    assert picked(win(0), before=(cooling,)) == []
    assert picked(win(0), before=(cooling,), by_hand=ByHand(pinned=("w-000",))) == ["w-000"]
    same = replace(win(1), customer_id="C-0")
    assert picked(win(0), same) == ["w-000"]
    assert picked(win(0), same, by_hand=ByHand(pinned=("w-000", "w-001"))) == ["w-000", "w-001"]
    for again in (told(win(0)), told(win(0), events=frozenset())):
        assert picked(win(0), before=(again,), by_hand=ByHand(pinned=("w-000",))) == []


def test_the_order_of_an_editor_holds_and_others_come_after() -> None:
    wins = [win(number) for number in range(3)]
    assert picked(*wins) == ["w-000", "w-001", "w-002"]
    assert picked(*wins, by_hand=ByHand(order=("w-002", "w-gone", "w-000"))) == ["w-002", "w-000", "w-001"]
    edition = compose("newsletter", material(wins=tuple(wins), by_hand=ByHand(order=("w-002",))))
    assert (edition.stories[0].win_id, edition.stories[0].form) == ("w-002", "lead")
