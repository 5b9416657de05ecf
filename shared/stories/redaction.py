"""Names of people who are not to be named, taken out of what others wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from shared.languages import ENGLISH
from shared.stories.languages import phrases
from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD: Final = re.compile(r"\w+")
_DOTTED: Final = re.compile("i\u0307+")
"""What İ is in small letters, and whatever dots somebody set upon it."""
_SHORTEST: Final = 3
"""Letters of a part of a name that gives it away."""


class Hidden(NamedTuple):
    """Whose name is not said: the department that is said instead, where it is known, or other words."""

    name: str
    department: str | None = None
    instead: str | None = None


def redacted(text: str, people: Iterable[Hidden], language: str = ENGLISH) -> str:
    """The text, which is in a language, with a colleague where a name was.

    Of those whose department is known, the parts of their names go, too: they are in the story, so that a
    first name gives them away.
    """
    told, known = folded(text), [each for each in people if each.name.strip()]
    whole = {folded(each.name): each for each in known if stands_in(each.name, told)}
    parts = {part: each for each in known if each.department for part in _parts(each.name) if part in text}
    if whole:
        spelt = {" ".join(each.name.split()) for each in whole.values()}  # small letters of ß are two
        text = _any(whole.keys() | spelt).sub(
            lambda match: _instead(whole[folded(match[0])], text, match.start(), language),
            text,
        )
    return _replaced(text, parts, language) if parts else text


def stands_in(name: str, told: str) -> bool:
    """Whether every word of a name is in a text, which is folded; marks may be written otherwise there.

    It costs little to ask of everyone, of whom few are in any text.
    """
    return all(word in told for word in _WORD.findall(folded(name)))


def folded(name: str) -> str:
    """A text as names are looked up in it: in small letters, with i for ı and İ as patterns take them."""
    return " ".join(_DOTTED.sub("i", name.casefold().replace("ı", "i")).split())


def _replaced(text: str, parts: dict[str, Hidden], language: str) -> str:
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, _longest(parts)))})(?!\w)")
    return pattern.sub(lambda match: _instead(parts[match[0]], text, match.start(), language), text)


def _any(names: Iterable[str]) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in _longest(names))
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)


def _longest(words: Iterable[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))


def _parts(name: str) -> list[str]:
    return [part for part in re.findall(r"\w+", name) if len(part) >= _SHORTEST and part[0].isupper()]


def _instead(person: Hidden, text: str, at: int, language: str) -> str:
    before = text[:at].rstrip(" \t*_>#-")
    begins = not before.strip() or before[-1] in ".!?\n"
    words = person.instead or phrases(language).colleague(person.department)
    return sentence(words) if begins else words
