"""Every voice of every pattern, over generated facts: length, figures, words, grammar."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.languages import languages
from shared.rendering.environment import TEMPLATES
from shared.rendering.writing import render_story
from shared.stories.facts import facts_of
from shared.stories.figures import unbacked_figures
from shared.stories.headlines import glance, headline, words
from shared.stories.languages import phrases
from shared.stories.model import Facts, OrderFacts, Side, SubjectFacts
from shared.stories.names import CustomerName, Names
from shared.stories.telling import OTHER
from tests.editions.examples import contribution, names, streak, win
from tests.stories.generated import facts
from tests.stories.rules import keeps_the_rules, reads_well

VOICES = range(3)
NAME = "Harrow Paper Machines Oy"
LONG = "The 3 Rivers Mill & Sons of 1904"
EVERY = pytest.mark.parametrize("language", languages())
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@EVERY
@MANY
@given(facts(), st.sampled_from(VOICES), st.sampled_from(["sales", "operations"]))
def test_a_story_keeps_the_rules(language: str, found: Facts, voice: int, lead: Side) -> None:
    keeps_the_rules(found, voice, lead, language)


@EVERY
@MANY
@given(facts(), st.sampled_from(VOICES), st.sampled_from(["sales", "operations"]))
def test_a_story_is_grammatical(language: str, found: Facts, voice: int, lead: Side) -> None:
    reads_well(found, voice, lead, language)


@EVERY
@MANY
@given(facts(), st.sampled_from(VOICES))
def test_a_headline_is_at_most_nine_words(language: str, found: Facts, voice: int) -> None:
    for facts_ in (found, called(found, LONG)):
        assert 3 <= len(headline(facts_, voice, language).split()) <= 9


@EVERY
@MANY
@given(facts(), st.sampled_from(VOICES))
def test_a_headline_says_whose_order_it_was(language: str, found: Facts, voice: int) -> None:
    if found.customer is not None:
        assert NAME in headline(called(found, NAME), voice, language) or late(found)


def called(found: Facts, name: str) -> Facts:
    """The same facts of a customer of this name, where they are of one."""
    if found.customer is None:
        return found
    named = found.model_copy(update={"customer": name, "customer_named": True})
    return named if isinstance(found, OrderFacts) else named.model_copy(update={"label": name})


def late(found: Facts) -> bool:
    """Whether it came within the tolerance, so that the headline must not speak of the day."""
    return isinstance(found, OrderFacts) and found.delivered_at.date() > found.due_on


@EVERY
@MANY
@given(facts())
def test_at_a_glance_there_are_few_figures_and_each_is_backed(language: str, found: Facts) -> None:
    rows = glance(found, language)
    assert 2 <= len(rows) <= 4
    for label, value in rows:
        assert unbacked_figures(f"{label} {value}", found, language) == []
        assert "None" not in value
        assert len(label) <= 18
        assert len(value) <= 20


def test_a_long_name_takes_the_place_of_the_roadblock() -> None:
    found = facts_of(win(pattern="roadblock_beaten"), names("Mistral Rail Components Sp. z o.o."))
    assert headline(found, 2) == "Mistral Rail Components Sp. z o.o.: on time"


@EVERY
@MANY
@given(facts("roadblock_beaten"), st.sampled_from(VOICES))
def test_a_headline_keeps_no_day_that_passed(language: str, found: Facts, voice: int) -> None:
    if late(found):
        told = headline(found, voice, language)
        assert not re.search("kept|averted|gehalten|abgewendet", told)


def test_each_pattern_has_its_template_and_each_template_its_pattern() -> None:
    for language in languages():
        folder = TEMPLATES / "stories" / language
        assert {path.name.removesuffix(".md.j2") for path in folder.iterdir()} == set(words(language))
    assert {path.name for path in (TEMPLATES / "stories").iterdir()} == set(languages())


@EVERY
@MANY
@given(facts())
def test_no_two_voices_open_or_end_alike(language: str, found: Facts) -> None:
    told = [render_story(found, voice, "sales", language=language).full.split("\n\n") for voice in VOICES]
    assert len({paragraphs[0][:20] for paragraphs in told}) == 3
    assert len({paragraphs[-1] for paragraphs in told}) == 3


@EVERY
@MANY
@given(facts(), st.sampled_from(VOICES))
def test_the_side_named_first_is_told_first(language: str, found: Facts, voice: int) -> None:
    sides = phrases(language).SIDES
    for lead, other in OTHER.items():
        told = render_story(found, voice, lead, language=language).full
        assert told.index(f"**{sides[lead]}") < told.index(f"**{sides[other]}")


def test_what_a_person_wrote_replaces_the_full_form_only() -> None:
    found = facts_of(win(), names())
    told = render_story(found, text="Our own words.")
    assert told.full == "Our own words."
    assert told.short == render_story(found).short


def test_people_are_named_only_if_they_wish() -> None:
    found = facts_of(win(), Names(people={"p-sales-1": "Ana Ruiz"}))
    assert "Ana Ruiz (customer service)" in render_story(found).full
    assert "Ana Ruiz" not in render_story(facts_of(win(), Names())).full


def test_several_teams_of_one_deed_share_its_sentence() -> None:
    done = [
        contribution("operations", department, "intervention.overtime", date(2025, 11, 2), number)
        for number, department in enumerate(("production", "warehouse"))
    ]
    told = render_story(facts_of(win(operations=tuple(done)), names())).full
    assert "The production and warehouse teams added extra hours on 2 November." in told


def test_what_both_sides_did_alike_is_said_once() -> None:
    sales, operations = (
        (contribution(side, department, "intervention.corrective_action", date(2025, 11, 2), number),)
        for number, (side, department) in enumerate((("sales", "sales"), ("operations", "quality")), 1)
    )
    found = facts_of(win(pattern="roadblock_beaten", sales=sales, operations=operations), names())
    told = [render_story(found, voice).short for voice in VOICES]
    assert "The sales team and the quality team both took corrective action." in told[0]
    assert "Sales thanks the quality team for taking corrective action" in told[1]
    assert told[1].endswith("; Operations thanks the sales team for the same.")
    assert render_story(found, 1).full.endswith("From Sales to the quality team: thank you for the same.")
    german = [render_story(found, voice, language="de").short for voice in VOICES]
    assert "Das Vertriebsteam und das Qualitätsteam schufen Abhilfe." in german[0]
    assert german[1].endswith("; Operations dankt dem Vertriebsteam für dasselbe.")
    assert "Dann schufen das Vertriebsteam und das Qualitätsteam Abhilfe." in german[2]


def test_what_came_next_on_one_day_does_not_repeat_it() -> None:
    done = [
        contribution("operations", department, f"intervention.{what}", date(2025, 11, 2), number)
        for number, (department, what) in enumerate((("production", "overtime"), ("warehouse", "expedite")))
    ]
    found = facts_of(win(operations=tuple(done)), names())
    told = render_story(found, 1).full
    assert "On 2 November, the warehouse team sped up the shipment. The same day, the production team" in told
    german = render_story(found, 1, language="de").full
    assert "Am 2. November beschleunigte das Lagerteam die Lieferung. Am selben Tag legte das" in german


def test_what_one_team_did_on_several_days_is_one_sentence() -> None:
    done = [
        contribution("sales", "sales", f"intervention.{what}", date(2025, 11, on), on)
        for on, what in enumerate(("terms_changed", "heads_up", "credit_release"), 1)
    ]
    told = render_story(facts_of(win(pattern="roadblock_beaten", sales=tuple(done)), names()), voice=1).full
    assert (
        "On 1 November, the sales team agreed new terms, "
        "then gave an early warning on 2 November and obtained the credit release on 3 November."
    ) in told
    first = render_story(facts_of(win(sales=tuple(done[:2])), names())).full
    assert "agreed new terms on 1 November, then gave an early warning on 2 November." in first


def test_a_confidential_customer_stays_unnamed() -> None:
    hidden = Names({"C-0": CustomerName("Nordlicht Pumps", "pumps", confidential=True)})
    found = facts_of(win(), hidden)
    texts = [render_story(found, voice).full + headline(found, voice) for voice in VOICES]
    assert not any("Nordlicht" in text for text in texts)
    assert any("customer in pumps" in text for text in texts)


def test_a_deed_done_on_several_days_is_told_with_its_first_and_last() -> None:
    done = [
        contribution("sales", "sales", "intervention.order_simplification", date(2025, 11, n), n)
        for n in (3, 20)
    ]
    told = render_story(facts_of(streak(sales=tuple(done)), names())).full
    assert "The sales team simplified orders between 3 November and 20 November." in told


def test_a_subject_without_a_customer_has_a_name_of_its_own() -> None:
    found = facts_of(streak(about="product/P-1", subject="product/P-1/2025-11", customer_id=None), names())
    assert isinstance(found, SubjectFacts)
    assert (found.label, found.customer) == ("product P-1", None)
    week = facts_of(streak(about="week", subject="week/2025-W45", customer_id=None), names())
    assert isinstance(week, SubjectFacts)
    assert (week.label, week.period) == ("week 45 of 2025", "2025-W45")
