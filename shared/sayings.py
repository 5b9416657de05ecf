"""What our code says in English, said in a reader's language where it is shown.

Reasons, errors and codes are kept, logged and answered in English. A catalogue holds them under a context of
their own, with names for what they are filled with; here a text is known by what stands around its holes.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Final, NamedTuple

from shared.languages import ENGLISH, catalogue, number

SAID: Final = "said"
"""The context under which catalogues hold what code says."""
_HOLE: Final = re.compile(r"%\((\w+)\)s")
_ADJACENT: Final = re.compile(r"%\(\w+\)s(?=%\((\w+)\)s)")
_CHOICE: Final = re.compile(r"[\w']+(?: or [\w']+)+")
_ASIDE: Final = re.compile(r"(?P<text>.+) \((?P<more>[^()]+)\)")
_AMOUNTS: Final = frozenset(("strength", "score", "least"))
_LONGEST: Final = 1000
"""Characters; what is longer, nobody of us wrote."""


class _Saying(NamedTuple):
    """A text with holes: what stands between them, how to find what fills them, and what to say instead."""

    around: tuple[str, ...]
    known_by: re.Pattern[str]
    told: str


@lru_cache(maxsize=8192)
def said(text: str, language: str) -> str:
    """The same in a language, as far as its catalogue knows it; what it does not know stays as it is."""
    if language == ENGLISH or len(text) > _LONGEST:
        return text
    whole = _known(text, language)
    return _in_parts(text, language) if whole is None else whole


def _in_parts(text: str, language: str) -> str:
    """A code, or several texts that were joined."""
    if "_" in text and " " not in text:
        return _known(text.replace("_", " "), language) or text
    if "; " in text:
        return "; ".join(said(part, language) for part in text.split("; "))
    if aside := _ASIDE.fullmatch(text):
        return f"{said(aside['text'], language)} ({said(aside['more'], language)})"
    if ", " in text:
        return ", ".join(said(part, language) for part in text.split(", "))
    if _CHOICE.fullmatch(text):
        return f" {said('or', language)} ".join(said(part, language) for part in text.split(" or "))
    one, as_, other = text.partition(" as ")
    return f"{said(one, language)}, {said(other, language)}" if as_ and " " not in other else text


def _known(text: str, language: str) -> str | None:
    exact, filled = _sayings(language)
    if (found := exact.get(text)) is not None:
        return found
    for each in filled:
        if all(part in text for part in each.around) and (match := each.known_by.fullmatch(text)):
            return each.told % {
                name: _amount(value, language) if name in _AMOUNTS else said(value, language)
                for name, value in match.groupdict().items()
            }
    return None


def _amount(text: str, language: str) -> str:
    try:
        return number(Decimal(text), language)
    except InvalidOperation:
        return text


@cache
def _sayings(language: str) -> tuple[dict[str, str], list[_Saying]]:
    """What a catalogue knows; of what has holes, those with most words around them first."""
    exact: dict[str, str] = {}
    filled: list[_Saying] = []
    for each in catalogue(language):
        if each.context != SAID:
            continue
        text, told = str(each.id), str(each.string)
        for next_ in _ADJACENT.findall(text):  # nobody can tell where the one ends
            text, told = (one.replace(f"%({next_})s", "") for one in (text, told))
        parts = _HOLE.split(text)
        around, names = [part.replace("%%", "%") for part in parts[::2]], parts[1::2]
        if not names:
            exact[around[0]] = told.replace("%%", "%")
            continue
        holes = [f"(?P<{name}>(?:(?!; ).)*?)" for name in names]  # what is joined so are texts of their own
        known_by = "".join(a + b for a, b in zip(map(re.escape, around), [*holes, ""], strict=True))
        filled.append(_Saying(tuple(around), re.compile(known_by, re.DOTALL), told))
    return exact, sorted(filled, key=lambda one: -sum(map(len, one.around)))
