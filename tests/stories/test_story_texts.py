"""Every voice of every pattern, over generated facts: length, figures, words, grammar."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.rendering import render_story
from shared.rendering_environment import TEMPLATES, unmarked
from shared.stories.checks import MAX_WORDS, MIN_WORDS, banned_words, quotations, word_count
from shared.stories.facts import facts_of
from shared.stories.figures import unbacked_figures
from shared.stories.headlines import HEADLINES, headline, headlines
from shared.stories.model import Facts, Side  # noqa: TC001 - hypothesis reads the annotations
from shared.stories.names import CustomerName, Names
from tests.editions.examples import contribution, names, win
from tests.stories.generated import facts

VOICES = range(3)
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SLIPS = re.compile(
    r"  | [,.;:]|,,|\.\.|\b(\w+) \1\b|\b(?:None|True|Undefined)\b|[{}]|\b[Aa] [aeiou]|\ban [b-df-hj-np-tv-z]"
)
LOWER_START = re.compile(r"(?:^|[.!?] )[a-z]")


@MANY
@given(facts(), st.sampled_from(VOICES), st.sampled_from(["sales", "operations"]))
def test_a_story_keeps_the_rules(found: Facts, voice: int, lead: Side) -> None:
    told = render_story(found, voice, lead)
    assert MIN_WORDS <= word_count(told.full) <= MAX_WORDS, told.full
    for text in (told.full, told.short, headline(found, voice)):
        assert unbacked_figures(text, found) == [], text
        assert banned_words(text, found.pattern) == [], text
        assert quotations(text) == [], text
    assert "Sales" in told.full
    assert "Operations" in told.full


@MANY
@given(facts(), st.sampled_from(VOICES), st.sampled_from(["sales", "operations"]))
def test_a_story_is_grammatical(found: Facts, voice: int, lead: Side) -> None:
    told = render_story(found, voice, lead)
    for text in (*told.full.split("\n\n"), told.short, headline(found, voice)):
        assert ".. " not in text
        plain = unmarked(text).replace(found.customer, "Xenon")
        assert not SLIPS.search(plain), text
        assert not LOWER_START.search(plain), text
    assert all(text.endswith(".") for text in (*told.full.split("\n\n"), told.short))


@MANY
@given(facts(), st.sampled_from(VOICES))
def test_a_headline_is_at_most_nine_words(found: Facts, voice: int) -> None:
    assert 3 <= len(headline(found, voice).split()) <= 9


@pytest.mark.parametrize("pattern", sorted(HEADLINES))
@pytest.mark.parametrize("voice", VOICES)
def test_a_headline_says_whose_order_it_was(pattern: str, voice: int) -> None:
    found = facts_of(win(pattern=pattern), names("Harrow Paper Machines Oy"))
    assert "Harrow Paper Machines Oy" in headline(found, voice)


def test_a_long_name_takes_the_place_of_the_roadblock() -> None:
    found = facts_of(win(pattern="roadblock_beaten"), names("Mistral Rail Components Sp. z o.o."))
    assert headline(found, 2) == "Mistral Rail Components Sp. z o.o.: on time"


@MANY
@given(facts("roadblock_beaten"), st.sampled_from(VOICES))
def test_a_headline_keeps_no_day_that_passed(found: Facts, voice: int) -> None:
    if found.delivered_at.date() > found.due_on:
        assert "kept" not in headline(found, voice)
        assert "averted" not in headline(found, voice)


def test_each_pattern_has_its_template_and_each_template_its_pattern() -> None:
    assert {path.name.removesuffix(".md.j2") for path in (TEMPLATES / "stories").iterdir()} == set(HEADLINES)


@MANY
@given(facts())
def test_no_two_voices_open_or_end_alike(found: Facts) -> None:
    told = [render_story(found, voice, "sales").full.split("\n\n") for voice in VOICES]
    assert len({paragraphs[0][:20] for paragraphs in told}) == 3
    assert len({paragraphs[-1] for paragraphs in told}) == 3


@MANY
@given(facts(), st.sampled_from(VOICES))
def test_the_side_named_first_is_told_first(found: Facts, voice: int) -> None:
    for lead, other in (("sales", "Operations"), ("operations", "Sales")):
        told = render_story(found, voice, lead).full  # type: ignore[arg-type]
        assert told.index(f"**{lead.capitalize()}") < told.index(f"**{other}")


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
    first = render_story(facts_of(win(sales=tuple(done)), names())).full
    assert "agreed new terms on 1 November, then gave an early warning on 2 November." in first


def test_a_confidential_customer_stays_unnamed() -> None:
    hidden = Names({"C-0": CustomerName("Nordlicht Pumps", "pumps", confidential=True)})
    found = facts_of(win(), hidden)
    texts = [render_story(found, voice).full + headline(found, voice) for voice in VOICES]
    assert not any("Nordlicht" in text for text in texts)
    assert any("customer in pumps" in text for text in texts)


def test_headlines_refuse_a_second_registration() -> None:
    with pytest.raises(ValueError, match="registered already"):
        headlines(HEADLINES["roadblock_beaten"])
