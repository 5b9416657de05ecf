"""Headlines: a fact in at most nine words, three voices for each pattern; and what to see at a glance."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import shared.stories.words
from shared.stories.telling import telling

if TYPE_CHECKING:
    from shared.stories.model import Facts

MAX_WORDS: Final = 9
MAX_CHARS: Final = 90
Voices = tuple[tuple[str, ...], ...]
"""For each voice the headline, and shorter ones for when a long name does not fit; the last always does."""
Rows = list[tuple[str, str]]


class Words(Protocol):
    """What a module of `shared/stories/words` holds."""

    def headlines(self, s: Any) -> Voices:
        """The headlines of a telling."""

    def glance(self, s: Any) -> Rows:
        """Up to four labels with their values."""


@cache
def words() -> dict[str, Words]:
    """The words of every pattern that can be told, by its id."""
    package = shared.stories.words
    found = sorted(module.name for module in iter_modules(package.__path__))
    return {name: cast("Words", import_module(f"{package.__name__}.{name}")) for name in found}


def headline(facts: Facts, voice: int = 0) -> str:
    """The headline of a voice, or the first shorter form that fits."""
    voices = words()[facts.pattern].headlines(telling(facts))
    candidates = voices[voice % len(voices)]
    return next((text for text in candidates if _fits(text)), candidates[-1])


def glance(facts: Facts) -> Rows:
    """The dates and figures of a story beside each other, as labels and values."""
    return words()[facts.pattern].glance(telling(facts))


def _fits(text: str) -> bool:
    return len(text.split()) <= MAX_WORDS and len(text) <= MAX_CHARS
