"""What every telling of any facts must keep."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from shared.rendering import render_story
from shared.rendering_environment import unmarked
from shared.stories.checks import MAX_WORDS, MIN_WORDS, banned_words, quotations, word_count
from shared.stories.facts import facts_of
from shared.stories.figures import unbacked_figures
from shared.stories.headlines import headline
from shared.stories.names import CustomerName, Names

if TYPE_CHECKING:
    from shared.patterns.model import Win
    from shared.stories.model import Facts, Side

SLIPS = re.compile(
    r"  | [,.;:]|,,|\.\.|\b(\w+) \1\b|\b(?:None|True|Undefined)\b|[{}]|\b[Aa] [aeiou]|\ban [b-df-hj-np-tv-z]"
)
SIDES: tuple[Side, ...] = ("sales", "operations")
LOWER_START = re.compile(r"(?:^|[.!?] )[a-z]")


def keeps_the_rules(found: Facts, voice: int, lead: Side) -> None:
    """Its length, its figures and its words, and both sides in it."""
    told = render_story(found, voice, lead)
    assert MIN_WORDS <= word_count(told.full) <= MAX_WORDS, told.full
    for text in (ours(told.full, found), told.short, headline(found, voice)):
        assert unbacked_figures(text, found) == [], text
        assert banned_words(text, found.pattern) == [], text
        assert quotations(text) == [], text
    assert "Sales" in told.full
    assert "Operations" in told.full


def ours(text: str, found: Facts) -> str:
    """A text without what people wrote, which alone stands in quotation marks."""
    for words in found.told.values():
        text = text.replace(f": \u201c{words}\u201d", ".")
    return text


def reads_well(found: Facts, voice: int, lead: Side) -> None:
    """No slip of grammar that shows."""
    told = render_story(found, voice, lead)
    for text in (*ours(told.full, found).split("\n\n"), told.short, headline(found, voice)):
        assert ".. " not in text
        plain = unmarked(text).replace(found.customer or found.label, "Xenon")
        assert not SLIPS.search(plain), text
        assert not LOWER_START.search(plain), text
    assert all(text.endswith(".") for text in (*ours(told.full, found).split("\n\n"), told.short))


def can_be_told(win: Win, **names: Any) -> None:
    """A win that a pattern found, in every voice and by either side first."""
    called = {win.customer_id: CustomerName("Nordlicht Pumps")} if win.customer_id else {}
    found = facts_of(win, Names(called, **names))
    for voice in range(3):
        for lead in SIDES:
            keeps_the_rules(found, voice, lead)
            reads_well(found, voice, lead)
