"""Other forms of an edition: a page to pin up, Markdown and HTML to paste into a chat or an intranet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from shared.editions.reader import ANYONE, Reader
from shared.languages import ENGLISH
from shared.rendering.environment import template
from shared.rendering.writing import context_of, paged

if TYPE_CHECKING:
    from shared.editions.brand import Brand
    from shared.editions.model import Edition

_GAPS: Final = re.compile(r"\n\s*\n\s*\n+")
_LINES: Final = re.compile(r"\n\s*\n")


def render_notice(edition: Edition, brand: Brand, language: str = ENGLISH) -> str:
    """A page for paper, A4, big type and no links; it hangs where all pass, so it shows what all may see."""
    return paged("web/notice.html.j2", context_of(edition, brand, Reader(language)), language)


def render_fragment(edition: Edition, brand: Brand, reader: Reader = ANYONE) -> str:
    """HTML without a page around it: headings, paragraphs and lists, and no style of its own."""
    html = paged("web/fragment.html.j2", context_of(edition, brand, reader), reader.language)
    return _LINES.sub("\n", html).strip() + "\n"


def render_markdown(edition: Edition, brand: Brand, reader: Reader = ANYONE) -> str:
    """The same as Markdown."""
    text = template("web/edition.md.j2", reader.language).render(context_of(edition, brand, reader))
    return _GAPS.sub("\n\n", text).strip() + "\n"
