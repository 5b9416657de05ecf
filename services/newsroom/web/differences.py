"""What changed from one text to another, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

_WORDS = re.compile(r"\S+|\s+")


class Part(NamedTuple):
    """Words that both texts have, or only the one before, or only the one now."""

    kind: Literal["same", "gone", "new"]
    text: str


def differences(before: str, now: str) -> list[Part]:
    """The parts of both in their order: without the new ones it is what was, without the gone what is."""
    one, two = _WORDS.findall(before), _WORDS.findall(now)
    found = []
    for what, i, j, k, m in SequenceMatcher(None, one, two).get_opcodes():
        if what == "equal":
            found.append(Part("same", "".join(one[i:j])))
            continue
        found += [Part("gone", "".join(one[i:j]))] if i < j else []
        found += [Part("new", "".join(two[k:m]))] if k < m else []
    return found
