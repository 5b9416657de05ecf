"""What a finished story must not say, and whose words are not ours."""

from __future__ import annotations

import pytest

from shared.rendering.writing import render_story
from shared.stories.facts import facts_of
from shared.stories.headlines import headline
from shared.stories.names import CustomerName, Names
from shared.stories.proofreading import faults
from tests.editions.examples import names, win

FACTS = facts_of(win(), names())
TOLD = render_story(FACTS).full


def test_a_generated_story_has_none() -> None:
    assert faults(FACTS, headline(FACTS), TOLD) == []


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("We saved 99 days.", "says 99 days, which no fact backs"),
        ("It was teamwork.", "says 'teamwork', which is on the ban list"),
        ("“Thank you,” they said.", "quotes somebody (“) who said nothing"),
    ],
)
def test_each_fault_is_named(more: str, fault: str) -> None:
    assert fault in faults(FACTS, headline(FACTS), f"{TOLD}\n\n{more}")
    assert fault in faults(FACTS, more, TOLD)


@pytest.mark.parametrize("name", ["Hero & Perfect Pumps", '"Quoted" Valves', "3 Rivers of 1904", "O’Neill"])
def test_a_name_may_hold_any_word(name: str) -> None:
    found = facts_of(win(), Names({"C-0": CustomerName(name)}, people={"p-sales-1": "Al 'Hero' 2nd"}))
    assert faults(found, headline(found), render_story(found).full) == []


def test_what_a_person_wrote_stands_in_quotation_marks() -> None:
    found = FACTS.model_copy(update={"told": {"body": "We are heroes because of it."}})
    assert faults(found, "", "They said: “We are heroes because of it.”") == []
    assert faults(found, "", "They said: “We are saints.”")
