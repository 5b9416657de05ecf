"""What of a text that a person wrote may be printed: no figure that nobody checked, and no name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from shared.stories.names import clean
from shared.stories.redaction import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_WORDS: Final = 40
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")
_MARKUP: Final = re.compile(
    r"\]\([^)\s]*\)|https?://\S+|[*_`#>|\[\]<\"\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a]+"
)
_FIGURE: Final = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|"
    r"sixty|seventy|eighty|ninety|dozens?|hundreds?|thousands?|millions?|half|twice|double|percent|"
    r"zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|\w+zehn|\w*(?:zwan|vier|fünf|sech|sieb|acht|neun)zig|"
    r"\w*dreißig|\w*dutzend|\w*hundert|"
    r"\w*tausend|million(?:en)?|hälfte|halb\w*|doppelt\w*|dreifach\w*|prozent)\b",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W_]+")
_SHORTEST: Final = 3
"""Letters of a part of a name that gives it away."""


def printable(text: str, people: Iterable[str], most: int = MOST_WORDS) -> str:
    """The first sentences without figures and without the names of `people`, up to so many words."""
    named = {part for name in people for part in _parts(name)}
    kept: list[str] = []
    for sentence in (clean(_MARKUP.sub("", each)) for each in _SENTENCE.split(text)):
        if not sentence or _FIGURE.search(sentence) or named & _parts(sentence):
            continue
        if len(" ".join([*kept, sentence]).split()) > most:
            break
        kept.append(sentence)
    return " ".join(kept)


def _parts(text: str) -> set[str]:
    """The words of a text or name, folded; with and without a final s, which a genitive has in German."""
    words = {part for part in _WORD.findall(folded(text)) if len(part) >= _SHORTEST}
    return words | {word.removesuffix("s") for word in words}
