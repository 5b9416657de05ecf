"""Words and pages: stories from facts, editions as mail (subject, text, HTML) and as pages of the archive."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shared.editions.reader import ANYONE
from shared.rendering_environment import template
from shared.rendering_mjml import SOFT_SIZE, RenderError, inspect, to_html
from shared.stories.checks import MAX_WORDS, word_count
from shared.stories.telling import telling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2.environment import TemplateModule

    from shared.editions.brand import Brand
    from shared.editions.model import Edition, Story
    from shared.editions.reader import Reader
    from shared.stories.model import Facts, Side
    from shared.stories.telling import OrderTelling, SubjectTelling

_DOUBLE_STOP: Final = re.compile(r"\.\.(?=\s|$)")
_GAPS: Final = re.compile(r"\n{4,}")
_log: Final = logging.getLogger(__name__)
_ROOMS: Final = ((3, True), (2, True), (2, False), (1, True), (1, False))
"""How much a story tells, from rich to lean: deeds of each side, and whether optional sentences are in."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One mail's parts, before any recipient."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a story and, where it tells of one side alone, which."""

    text: str
    side: Side | None


@dataclass(frozen=True, slots=True)
class StoryText:
    """A story in words: Markdown paragraphs in full, a few sentences in short."""

    kicker: str
    short: str
    full: str

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs of the full form."""
        return tuple(Paragraph(text, _side(text)) for text in self.full.split("\n\n"))


def _side(text: str) -> Side | None:
    sales, operations = "**Sales**" in text or "**Sales.**" in text, "**Operations" in text
    if sales == operations:
        return None
    return "sales" if sales else "operations"


def render_story(facts: Facts, voice: int = 0, lead: Side = "sales", text: str | None = None) -> StoryText:
    """Tell facts in one of a pattern's voices, as richly as 180 words allow; `text` replaces that."""
    words = template(f"stories/{facts.pattern}.md.j2").module
    short = _paragraphs(_macro(words, "short", voice, telling(facts, lead)))
    return StoryText(str(vars(words)["kicker"]), short, text or _full(words, facts, voice, lead))


def _full(words: TemplateModule, facts: Facts, voice: int, lead: Side) -> str:
    for room, extras in _ROOMS:
        text = _paragraphs(_macro(words, "full", voice, telling(facts, lead, room, extras=extras)))
        if word_count(text) <= MAX_WORDS:
            break
    return text


def _macro(words: TemplateModule, form: str, voice: int, told: OrderTelling | SubjectTelling) -> str:
    return str(vars(words)[f"{form}_{voice}"](told))


def _paragraphs(text: str) -> str:
    """Paragraphs on one line each; a name that ends with a full stop also ends a sentence."""
    parts = (part.strip().replace("\n", " ") for part in text.split("\n\n"))
    return "\n\n".join(_DOUBLE_STOP.sub(".", part) for part in parts if part)


def write(edition: Edition) -> Edition:
    """The edition with every story's words fixed, so that it reads the same for ever."""
    stories = tuple(each.model_copy(update={"text": _told(each).full}) for each in edition.stories)
    return edition.model_copy(update={"stories": stories})


def _told(story: Story) -> StoryText:
    return render_story(story.facts, story.voice, story.lead, story.text)


def render_email(edition: Edition, brand: Brand, reader: Reader = ANYONE) -> Rendered:
    """One mail of an edition for a reader; RenderError says what must not go out."""
    context = {**_context(edition, brand), "reader": reader}

    def part(name: str) -> str:
        return template(f"emails/{edition.name}/{name}", reader.language).render(context)

    subject = " ".join(part("subject.txt.j2").split())
    text = _GAPS.sub("\n\n\n", part("body.txt.j2")).strip("\n") + "\n"
    html = to_html(part("body.mjml.j2"))
    if (size := len(html.encode())) > SOFT_SIZE:
        _log.warning(
            "%s has %d bytes of HTML; mail readers cut it off at about 100,000", edition.edition_id, size
        )
    return Rendered(subject, text, html)


def render_page(edition: Edition, brand: Brand) -> str:
    """The archive page of an edition: every story in full with its evidence, and the whole KPI board."""
    inks = {"Sales": "var(--sales)", "Operations": "var(--operations)"}
    return paged("web/edition.html.j2", {**_context(edition, brand), "inks": inks})


def page_context(edition: Edition, brand: Brand) -> dict[str, object]:
    """What a page that tells of an edition is filled with; the inks are those of its style sheet."""
    return {**_context(edition, brand), "inks": {"Sales": "", "Operations": ""}}


def render_index(editions: Iterable[Edition], brand: Brand) -> str:
    """The start page of the archive: the editions, newest first."""
    listed = sorted(editions, key=lambda e: (e.period.start, e.name), reverse=True)
    return paged("web/index.html.j2", {"editions": listed, "brand": brand})


def paged(name: str, context: dict[str, object]) -> str:
    """A page from its template; raises RenderError where it is not fit to be shown."""
    html = template(name).render(context)
    inspect(html)
    return html


def _context(edition: Edition, brand: Brand) -> dict[str, object]:
    told = [{"story": each, "words": _told(each)} for each in edition.stories]
    page = f"{brand.site_url.rstrip('/')}/{edition.edition_id}.html" if brand.site_url else None
    inks = {"Sales": brand.sales, "Operations": brand.operations}
    return {"edition": edition, "brand": brand, "told": told, "page": page, "inks": inks}


__all__ = [
    "Paragraph",
    "RenderError",
    "Rendered",
    "StoryText",
    "page_context",
    "render_email",
    "render_index",
    "render_page",
    "render_story",
    "write",
]
