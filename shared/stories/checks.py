"""What a finished story must obey: length, words that are not ours to use, no quotation without a speaker."""

from __future__ import annotations

import re
from typing import Final

from shared.languages import ENGLISH
from shared.stories.languages import phrases

_QUOTES: Final = re.compile("[\"\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a]|(?<![^\\W_])['\u2018]")
_WORD: Final = re.compile(r"\S*\w\S*")


def word_count(text: str) -> int:
    """Words as a reader counts them: runs between spaces with a letter or a digit in them."""
    return len(_WORD.findall(text))


def banned_words(text: str, pattern: str, language: str = ENGLISH) -> list[str]:
    """The words of a language's ban list that the text uses."""
    said = phrases(language)
    words = (*said.BANNED, *said.BANNED_IN.get(pattern, ()))
    return [word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)]


def quotations(text: str) -> list[str]:
    """Quotation marks in a text that nobody spoke; apostrophes within words are none."""
    return _QUOTES.findall(text)
