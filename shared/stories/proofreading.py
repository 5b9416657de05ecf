"""Proofreading a finished story: figures that no fact backs, words that are not ours, quotations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shared.languages import ENGLISH
from shared.stories.checks import banned_words, quotations
from shared.stories.figures import unbacked_figures

if TYPE_CHECKING:
    from shared.stories.model import Facts


def faults(facts: Facts, headline: str, text: str, language: str = ENGLISH) -> list[str]:
    """What a generated story must not say, as the ends of a sentence that begins with `the story`."""
    ours = _without_names(_without_told(f"{headline}\n\n{text}", facts), facts)
    told = _without_told(f"{headline}\n\n{text}", facts)
    return [
        *(f"says {figure}, which no fact backs" for figure in unbacked_figures(told, facts, language)),
        *(f"says {word!r}, which is on the ban list" for word in banned_words(ours, facts.pattern, language)),
        *(f"quotes somebody ({mark}) who said nothing" for mark in quotations(ours)),
    ]


def _without_told(text: str, facts: Facts) -> str:
    """Without what people wrote, which alone stands in quotation marks."""
    for words in facts.told.values():
        text = text.replace(f"“{words}”", " ").replace(f"„{words}“", " ")
    return text


def _without_names(text: str, facts: Facts) -> str:
    """Without names, which may hold any word and mark: a customer may be called Hero."""
    people = [name for deed in (*facts.sales, *facts.operations) for name in deed.who]
    units = [each.uom for each in getattr(facts, "quantities", ())]
    for name in sorted({facts.customer or "", facts.label, *people, *units} - {""}, key=len, reverse=True):
        text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)
    return text
