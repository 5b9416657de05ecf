"""A mail as a shell of sections, compiled once, and the texts that fill it: the compiler copies texts."""

from __future__ import annotations

import re
from typing import Final

_OPEN: Final = re.compile(r"<(mj-text|mj-title|mj-preview)(?: [^>]*)?(?<!/)>")
"""Where a text begins; a value holds no >, the linter sees to it."""
_GAP: Final = re.compile(r">\n\s*(?=<|\Z)")
_START: Final = re.compile(r"\A\n\s*(?=<|\Z)")
_PLACE: Final = re.compile(r"\{\{(\d+)\}\}")


def opened(source: str) -> tuple[str, tuple[str, ...]]:
    """MJML with numbered places instead of its texts, and the texts.

    Line breaks between tags are left out of them, as the compiler does.
    """
    shell: list[str] = []
    texts: list[str] = []
    at = 0
    for match in _OPEN.finditer(source):
        end = source.index(f"</{match[1]}>", match.end())
        shell += (source[at : match.end()], f"{{{{{len(texts)}}}}}")
        texts.append(_GAP.sub(">", _START.sub("", source[match.end() : end])))
        at = end
    return "".join((*shell, source[at:])), tuple(texts)


def fill(shell: str, texts: tuple[str, ...]) -> str:
    """A compiled shell with the texts in their places."""
    parts = _PLACE.split(shell)
    parts[1::2] = (texts[int(number)] for number in parts[1::2])
    return "".join(parts)
