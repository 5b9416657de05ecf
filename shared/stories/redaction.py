"""Names of people who are not to be named, taken out of what others wrote."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from shared.languages import ENGLISH
from shared.stories.languages import phrases
from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WORD: Final = re.compile(r"[^\W_]+")
_ODD: Final = re.compile(r"[^\x00-\x7f]")
_UNSEEN: Final = frozenset({"Mn", "Me", "Lm", "Cf"})
"""Marks upon letters and between them, soft hyphens, zero-width characters and directions."""
_WITHOUT_MARKS: Final = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"}
"""Letters that keyboards lack and Unicode takes for no letter with a mark."""
_SPELT_OUT: Final = re.compile(r"(?<=[aou])e")
"""As in Mueller, which is Müller."""
_BETWEEN: Final = r"[\W_]{1,8}"
"""What stands between the parts of a name: spaces, a comma, the marks of emphasis."""
_WITHIN: Final = r"[\W_]{0,3}"
"""What stands within a part: an apostrophe or a hyphen of any kind, or none."""
_EMPHASIS: Final = re.compile(r"[*_]+")
_SHORTEST: Final = 3
"""Letters of a part of a name that gives it away."""


class Hidden(NamedTuple):
    """Whose name is not said: the department that is said instead, where it is known, or other words.

    `short` is what else they are called; of who is in the story, as a known department says, each part.
    """

    name: str
    department: str | None = None
    instead: str | None = None
    short: tuple[str, ...] = ()


def redacted(text: str, people: Iterable[Hidden], language: str = ENGLISH) -> str:
    """The text, which is in a language, with a colleague where a name was.

    Of those whose department is known, the parts of their names go, too: they are in the story, so that a
    first name gives them away. A name is known with or without its marks, with any apostrophe or hyphen,
    with the family name first, with the s of a genitive and with emphasis on a part of it.
    """
    told = folded(text)
    known = [each for each in people if each.name.strip()]
    patterns = {
        pattern: each for each in known if stands_in(each.name, told) for pattern in _wholes(each.name)
    }
    text = _replaced(text, patterns, language)
    parts = {part: each for each in known for part in _parts(each, told)}
    return _replaced(text, parts, language, capital=True)


def stands_in(name: str, told: str) -> bool:
    """Whether every word of a name is in a text, which is folded; marks may be written otherwise there.

    It costs little to ask of everyone, of whom few are in any text.
    """
    return all(word in told for word in _words(name))


def folded(text: str) -> str:
    """A text as names are looked up in it: in small letters without marks, and with u for ü and for ue."""
    return _SPELT_OUT.sub("", _ODD.sub(lambda odd: _plain(odd[0]), text.casefold()))


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """A character in small letters and without marks; nothing where it is not seen."""
    apart = unicodedata.normalize("NFKD", character).casefold()
    return "".join(_WITHOUT_MARKS.get(c, c) for c in apart if unicodedata.category(c) not in _UNSEEN)


@lru_cache(maxsize=16_384)
def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(folded(name))) or (folded(name).strip(),)


def _wholes(name: str) -> Iterator[str]:
    """Patterns of a name as it is told, and with the family name first."""
    apart = [_pattern(part) for part in name.split() if _WORD.search(part)] or [_pattern(name)]
    yield _BETWEEN.join(apart)
    if len(apart) > 1:
        yield _BETWEEN.join([apart[-1], *apart[:-1]])


def _parts(person: Hidden, told: str) -> Iterator[str]:
    """Patterns of parts that give a name away, whole ones and their words; not of small ones, as `van` is."""
    words = [*person.name.split(), *_WORD.findall(person.name)] if person.department else ()
    for part in dict.fromkeys([*person.short, *words]):
        if len(part) >= _SHORTEST and not part[0].islower() and stands_in(part, told):
            yield _pattern(part)


def _pattern(part: str) -> str:
    return _WITHIN.join(map(re.escape, _words(part)))


def _replaced(text: str, found: dict[str, Hidden], language: str, *, capital: bool = False) -> str:
    """The text without what these patterns find in it folded; with `capital` nothing that begins small."""
    if not found:
        return text
    plain, at = _spread(text)
    names = sorted(found.items(), key=lambda item: (-len(item[0]), item[0]))
    pattern = "|".join(f"({each})" for each, _ in names)
    kept, done = [], 0
    for match in re.finditer(rf"(?<![^\W_])(?:{pattern})s?(?![^\W_])", plain):
        begin, end = at[match.start()], at[match.end()]
        if not (capital and text[begin].islower()):
            person = names[(match.lastindex or 1) - 1][1]
            kept += [text[done:begin], _instead(person, text, begin, text[begin:end], language)]
            done = end
    return "".join([*kept, text[done:]])


def _spread(text: str) -> tuple[str, list[int]]:
    """A text folded, and where in it each character stood; at the end, where the text ends."""
    plain = [(c, place) for place, character in enumerate(text) for c in _plain(character)]
    plain = [
        (c, place)
        for (c, place), (before, _) in zip(plain, [("", 0), *plain], strict=False)
        if not (c == "e" and before in ("a", "o", "u"))
    ]
    return "".join(c for c, _ in plain), [*(place for _, place in plain), len(text)]


def _instead(person: Hidden, text: str, at: int, gone: str, language: str) -> str:
    before = text[:at].rstrip(" \t*_>#-")
    begins = not before.strip() or before[-1] in ".!?\n"
    words = person.instead or phrases(language).colleague(person.department)
    return _emphasised(sentence(words) if begins else words, gone)


def _emphasised(words: str, gone: str) -> str:
    """The words with the marks of emphasis that began or ended within the name they stand for."""
    for marks in _EMPHASIS.finditer(gone):
        opens = marks.start() > 0 and gone[marks.start() - 1].isspace()
        words = f"{marks[0]}{words}" if opens else f"{words}{marks[0]}"
    return words
