"""What every telling of any facts must keep, in every language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from shared.languages import languages
from shared.rendering.environment import unmarked
from shared.rendering.writing import render_story
from shared.stories.checks import banned_words, quotations, word_count
from shared.stories.facts import facts_of
from shared.stories.figures import unbacked_figures
from shared.stories.headlines import headline
from shared.stories.languages import phrases
from shared.stories.names import CustomerName, Names
from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.patterns.model import Win
    from shared.stories.model import Facts, Side

ANY = r"  | [,.;:]|,,|\.\.|\b(\w+) \1\b|\b(?:None|True|Undefined)\b|[{}]"
TEAM = r"\w*(?:team|Team)\b"
SLIPS = {
    "en": re.compile(ANY + r"|\b[Aa] [aeiou]|\ban [b-df-hj-np-tv-z]"),
    "de": re.compile(
        ANY.replace(r"|\b(\w+) \1\b", r"|\b(?!(?:die|das|der|sie)\b)(\w+) \1\b")
        + rf"|\b(?:[Dd]er|[Dd]en|[Dd]ie) {TEAM}"  # it is neuter
        + rf"|\b(?:dankt|danken|aus|bei|mit|nach|von|zu) (?:das|die) (?:{TEAM}|Teams\b)"
        + r"|\b(?:aus|bei|mit|nach|seit|von|vor|zu) \d\S* Tage\b(?! (?:vor|nach|spät|früh))"
        + r"|\b(?:aus|bei|mit|nach|seit|von|zu) ein(?:e|en)? (?:Kunde|\w+(?:sperre|engpass|lücke))"
        + r"|\bfür (?:ein|einem) (?:Kunden?|\w+(?:engpass|ausfall))|\b(?:ein|1) Kunden\b|\beinen? Kunde\b"
        + r"|\b1 (?:Tage|Tagen|Bestellungen|Positionen|Zeilen|Vorfälle)\b|\bum um\b"
    ),
}
NEXT = {"en": "[a-z]", "de": "[a-zäöü]"}
SIDES: tuple[Side, ...] = ("sales", "operations")


def keeps_the_rules(found: Facts, voice: int, lead: Side, language: str) -> None:
    """Its length, its figures and its words, and both sides in it."""
    told, said = render_story(found, voice, lead, language=language), phrases(language)
    least, most = said.WORDS
    assert least <= word_count(told.full) <= most, told.full
    assert 0 < len(told.subject) <= 45, told.subject  # a mail calls itself otherwise where it does not fit
    assert not found.customer_named or (found.customer or found.label) not in told.subject
    for text in (ours(told.full, found), told.short, told.headline, told.subject):
        assert unbacked_figures(text, found, language) == [], text
        assert banned_words(text, found.pattern, language) == [], text
        assert quotations(text) == [], text
    for side in SIDES:
        assert said.SIDES[side] in told.full


def ours(text: str, found: Facts) -> str:
    """A text without what people wrote, which alone stands in quotation marks."""
    for words in found.told.values():
        for quoted in (f"\u201c{words}\u201d", f"\u201e{words}\u201c"):
            text = text.replace(f": {quoted}", ".")
    return text


def reads_well(found: Facts, voice: int, lead: Side, language: str) -> None:
    """No slip of grammar that shows."""
    told = render_story(found, voice, lead, language=language)
    lower = re.compile(rf"(?:^|(?<!\d)[.!?] ){NEXT[language]}")
    for text in (*ours(told.full, found).split("\n\n"), told.short, told.headline, sentence(told.subject)):
        assert ".. " not in text
        plain = unmarked(text).replace(found.customer or found.label, "Xenon")
        assert not SLIPS[language].search(plain), text
        assert not lower.search(plain), text
    assert all(text.endswith(".") for text in (*ours(told.full, found).split("\n\n"), told.short))


def can_be_told(win: Win, **names: Any) -> None:
    """A win that a pattern found, in every language and voice and by either side first."""
    called = {win.customer_id: CustomerName("Nordlicht Pumps")} if win.customer_id else {}
    found = facts_of(win, Names(called, **names))
    for language in languages():
        for voice in range(3):
            for lead in SIDES:
                keeps_the_rules(found, voice, lead, language)
                reads_well(found, voice, lead, language)
                assert headline(found, voice, language)
