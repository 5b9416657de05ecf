"""Headlines: a fact in at most nine words, three voices for each pattern; and what to see at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.languages import ENGLISH
from shared.stories.languages import words
from shared.stories.telling import telling

if TYPE_CHECKING:
    from shared.stories.languages import Rows
    from shared.stories.model import Facts

MAX_WORDS: Final = 9
MAX_CHARS: Final = 90


def headline(facts: Facts, voice: int = 0, language: str = ENGLISH) -> str:
    """The headline of a voice, or the first shorter form that fits."""
    voices = words(language)[facts.pattern].headlines(telling(facts, language=language))
    candidates = voices[voice % len(voices)]
    return next((text for text in candidates if _fits(text)), candidates[-1])


def glance(facts: Facts, language: str = ENGLISH) -> Rows:
    """The dates and figures of a story beside each other, as labels and values."""
    return words(language)[facts.pattern].glance(telling(facts, language=language))


def _fits(text: str) -> bool:
    return len(text.split()) <= MAX_WORDS and len(text) <= MAX_CHARS


__all__ = ["MAX_CHARS", "MAX_WORDS", "glance", "headline", "words"]
