from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from shared.editions import compose
from shared.editions.model import Edition
from shared.periods import Period
from tests.editions.examples import DECEMBER, PATTERNS, material, names, win, wins

WEEK = Period.parse("2025-W50")


def test_one_lead_three_shorts_and_the_rest_as_lines() -> None:
    edition = compose("newsletter", material(told=12))
    assert [story.form for story in edition.stories] == ["lead"] + ["short"] * 3 + ["listed"] * 8
    assert edition.edition_id == "newsletter-2025-12"
    assert edition.counts == {"wins": 12, "stories": 12, "highlights": 2, "not_told": 0}


def test_the_strongest_leads_and_patterns_vary() -> None:
    found = [replace(win(n, PATTERNS[0]), score=Decimal(90 - n)) for n in range(4)]
    found.append(replace(win(9, PATTERNS[1]), score=Decimal(10)))
    told = compose("newsletter", material(wins=tuple(reversed(found)))).stories
    assert [story.win_id for story in told] == ["w-000", "w-009", "w-001", "w-002", "w-003"]


def test_never_two_of_one_customer() -> None:
    twice = (win(1), replace(win(2), customer_id="C-1"), win(3, PATTERNS[1]))
    told = compose("newsletter", material(wins=twice)).stories
    assert [story.win_id for story in told] == ["w-001", "w-003"]


def test_at_most_twelve() -> None:
    edition = compose("newsletter", material(told=20))
    assert len(edition.stories) == 12
    assert edition.counts["not_told"] == 8


def test_voices_go_round_and_the_first_named_side_alternates() -> None:
    told = compose("newsletter", material(told=12)).stories
    for pattern in PATTERNS:
        voices = [story.voice for story in told if story.pattern == pattern]
        assert len(set(voices[:3])) == 3
    assert Counter((story.pattern, story.voice, story.lead) for story in told).most_common(1)[0][1] == 1
    leads = [story.lead for story in told]
    assert abs(leads.count("sales") - leads.count("operations")) <= 4
    assert len({story.headline for story in told}) == 12


def test_no_two_periods_in_a_row_open_alike() -> None:
    for name, period in (("newsletter", DECEMBER.previous), ("newsletter", DECEMBER), ("leadership", WEEK)):
        first, then = (compose(name, material(period=each)).stories[0] for each in (period.previous, period))
        assert first.win_id == then.win_id
        assert first.voice != then.voice
        assert first.lead != then.lead


def test_highlights_are_never_stories() -> None:
    one_sided = replace(win(1), kind="highlight", side="operations")
    edition = compose("newsletter", material(wins=(one_sided,), highlights=(one_sided,)))
    assert edition.stories == ()
    assert "logistics team" in edition.highlights[0].line or "planning team" in edition.highlights[0].line


def test_an_empty_month_is_an_edition() -> None:
    edition = compose("newsletter", material("none", told=0))
    assert edition.stories == ()
    assert edition.headline == "No order line fell due this month, and no joint win became final."


def test_the_headline_counts_what_became_final_in_the_period() -> None:
    older = replace(win(1), final_at=datetime(2025, 11, 30, tzinfo=UTC))
    edition = compose("newsletter", material(wins=(win(0), older)))
    assert edition.headline.endswith("; 1 joint win became final.")
    assert len(edition.stories) == 2


def test_order_of_material_does_not_matter() -> None:
    found = material(told=9)
    turned = replace(found, wins=tuple(reversed(found.wins)), highlights=tuple(reversed(found.highlights)))
    assert compose("newsletter", found) == compose("newsletter", turned)


def test_an_edition_survives_json() -> None:
    edition = compose("newsletter", material(told=4, names=names("شركة النور")))
    again = Edition.from_json(edition.to_json())
    assert again == edition
    assert again.to_json() == edition.to_json()
    assert again.period.start == date(2025, 12, 1)


def test_wins_of_patterns_without_a_template_are_not_told() -> None:
    assert compose("newsletter", material(wins=(win(1, "never_heard_of"),))).stories == ()
    assert len(compose("newsletter", material(wins=wins(2))).stories) == 2
