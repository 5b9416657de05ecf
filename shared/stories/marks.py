"""The few words that stories set in bold, in every language, and the side that a paragraph tells of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from shared.languages import languages
from shared.stories.languages import phrases

if TYPE_CHECKING:
    from shared.stories.model import Side


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a story and, where it tells of one side alone, which."""

    text: str
    side: Side | None


def paragraphs(full: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a story's full form."""
    return tuple(Paragraph(text, _side(text)) for text in full.split("\n\n"))


@cache
def bold() -> re.Pattern[str]:
    """What may be bold, as its first group; stars in names stay stars."""
    results = {phrases(language).RESULT for language in languages()}
    words = "|".join(map(re.escape, sorted({*_sides(), *results, *(word.lower() for word in results)})))
    return re.compile(rf"\*\*((?:{words})[.:]?)\*\*")


def side_of(mark: str) -> Side | None:
    """The side that a bold word names."""
    return _sides().get(mark.rstrip(".:"))


@cache
def _sides() -> dict[str, Side]:
    return {label: side for each in languages() for side, label in phrases(each).SIDES.items()}


def _side(text: str) -> Side | None:
    found = {side_of(mark) for mark in bold().findall(text)} - {None}
    return found.pop() if len(found) == 1 else None
