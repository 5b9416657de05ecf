"""What a finished story must obey: length, words that are not ours to use, no quotation without a speaker."""

from __future__ import annotations

import re
from typing import Final

MIN_WORDS: Final = 120
MAX_WORDS: Final = 180
BANNED: Final = (
    "teamwork", "seamless", "seamlessly", "go the extra mile", "went the extra mile", "because", "hero",
    "heroes", "heroic", "world-class", "amazing", "incredible", "fantastic", "outstanding", "synergy",
    "synergies", "passion", "game-changer", "best-in-class", "above and beyond", "rock star", "perfect",
)  # fmt: skip
BANNED_IN: Final[dict[str, tuple[str, ...]]] = {"new_customer_smooth_start": ("despite", "in spite of")}
_QUOTES: Final = re.compile("[\"\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a]|(?<![^\\W_])['\u2018]")
_WORD: Final = re.compile(r"\S*\w\S*")


def word_count(text: str) -> int:
    """Words as a reader counts them: runs between spaces with a letter or a digit in them."""
    return len(_WORD.findall(text))


def banned_words(text: str, pattern: str) -> list[str]:
    """The words of the ban list that the text uses."""
    words = (*BANNED, *BANNED_IN.get(pattern, ()))
    return [word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)]


def quotations(text: str) -> list[str]:
    """Quotation marks in a text that nobody spoke; apostrophes within words are none."""
    return _QUOTES.findall(text)
