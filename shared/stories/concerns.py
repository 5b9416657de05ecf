"""What an editor must see before a person's text is told: figures without a fact, causes, words, letters."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from shared.languages import languages
from shared.stories.checks import banned_words, quotations, word_count
from shared.stories.figures import unbacked
from shared.stories.languages import phrases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.stories.figures import Backing

Kind = Literal["unreadable", "too_long", "figure", "link", "letters", "cause", "word", "quotation", "long"]
NEVER: Final[frozenset[Kind]] = frozenset({"unreadable", "too_long"})
"""What no reason outweighs: the text must be changed."""
WITH_REASON: Final[frozenset[Kind]] = frozenset({"figure", "link", "letters"})
"""What an editor may let stand, and says why. All else is only shown."""
MOST_WORDS: Final = 500
"""What a mail holds beside all else; a story reads best with at most 180."""
_CAUSE: Final = re.compile(
    r"\b(?:because|due to|owing to|thanks to|as a result|caused|led to|therefore|"
    r"weil|wegen|dank|deshalb|dadurch|aufgrund|führte zu)\b",
    re.IGNORECASE,
)
_NUMBERS: Final = {
    word: number
    for number, words in enumerate(
        ("two zwei", "three drei", "four vier", "five fünf", "six sechs", "seven sieben", "eight acht",
         "nine neun", "ten zehn", "eleven elf", "twelve zwölf"),
        2,
    )
    for word in words.split()
}  # fmt: skip
_NUMBER_WORD: Final = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b", re.IGNORECASE)
_VAGUE: Final = re.compile(
    r"\b(?:dozens?|hundreds?|thousands?|millions?|half|twice|double|triple|\w+teen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hälfte|doppelt|dutzende?|hunderte?|tausende?|\w+zehn|\w+zig)\b",
    re.IGNORECASE,
)
_SPAN: Final = re.compile(
    r"\b\d+(?:[.,]\d+)?\s?(?:h|hrs?|hours?|min|minutes?|weeks?|months?|years?|Stunden?|Minuten?|Wochen?|Monaten?|Jahren?)\b",
    re.IGNORECASE,
)
"""Spans that no fact holds: facts count days."""
_HIDDEN: Final = re.compile("[\u00ad\u200b-\u200f\u2028\u2029\u2060-\u2064\ufeff]")
_SCRIPTS: Final = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "HEBREW", "ARABIC", "CHEROKEE", "COPTIC")


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing to look at: what kind it is, and the words of the text that raise it."""

    kind: Kind
    text: str

    @property
    def needs_reason(self) -> bool:
        """Whether it stands in the way of an approval without a reason."""
        return self.kind in WITH_REASON

    @property
    def needs_change(self) -> bool:
        """Whether it stands in the way of any approval."""
        return self.kind in NEVER


def concerns(text: str, backing: Backing) -> list[Concern]:
    """The concerns that plain text raises, each once, in the order in which an editor looks."""
    return list(dict.fromkeys(_concerns(text, backing)))


def _concerns(text: str, backing: Backing) -> Iterator[Concern]:
    if (count := word_count(text)) > MOST_WORDS:
        yield Concern("too_long", f"{count} words; at most {MOST_WORDS} are told")
    yield from (Concern("figure", each) for each in _figures(text, backing))
    yield from (Concern("letters", each) for each in _odd_words(text))
    causes = {each.casefold(): each for each in _CAUSE.findall(text)}
    yield from (Concern("cause", each) for each in causes.values())
    yield from (Concern("word", each) for each in banned_words(text, "") if each not in causes)
    if marks := quotations(text):
        yield Concern("quotation", "".join(marks))
    most = phrases().WORDS[1]
    if most < count <= MOST_WORDS:
        yield Concern("long", f"{count} words; a story reads best with at most {most}")


def _figures(text: str, backing: Backing) -> Iterator[str]:
    """Figures that no fact backs, read as the language writes them in which most are backed."""
    yield from _SPAN.findall(text)
    text = _SPAN.sub(" ", text)
    yield from min((unbacked(text, backing, language) for language in languages()), key=len)
    yield from _number_words(text, backing)


def _number_words(text: str, backing: Backing) -> Iterator[str]:
    """Numbers in words that no fact backs; `dozens` and `half` say one, too, and none that was counted."""
    known = frozenset[Decimal]().union(*backing.numbers.values())
    for word in _NUMBER_WORD.findall(text):
        if Decimal(_NUMBERS[word.casefold()]) not in known:
            yield word
    yield from _VAGUE.findall(text)


def _odd_words(text: str) -> Iterator[str]:
    """Words of two scripts, which look like another word, and those that hide a character."""
    for word in text.split():
        scripts = {
            script
            for letter in word
            for script in _SCRIPTS
            if unicodedata.name(letter, "").startswith(script)
        }
        if len(scripts) > 1 or _HIDDEN.search(word):
            yield word.encode("ascii", "backslashreplace").decode()
