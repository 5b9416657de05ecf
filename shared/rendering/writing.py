"""Words and pages: stories from facts, editions as mail (subject, text, HTML) and as pages of the archive."""

from __future__ import annotations

import base64
import logging
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from shared.charts import Pictures
from shared.editions.model import StoryText
from shared.editions.personal import personal
from shared.editions.reader import ANYONE, Reader
from shared.keeping import Keeping
from shared.languages import ENGLISH, languages
from shared.rendering.environment import inks_of, template, unmarked
from shared.rendering.markdown import to_paragraphs, to_text
from shared.rendering.mjml import SOFT_SIZE, RenderError, inspect, to_html
from shared.stories.checks import word_count
from shared.stories.headlines import headline
from shared.stories.languages import phrases
from shared.stories.marks import Paragraph
from shared.stories.telling import telling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2.environment import TemplateModule

    from shared.charts import Picture
    from shared.editions.brand import Brand
    from shared.editions.model import Edition, Story
    from shared.stories.model import Facts, Side
    from shared.stories.telling import Telling

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
    pictures: tuple[Picture, ...] = ()
    """What the HTML shows by content id."""

    @property
    def page(self) -> str:
        """The HTML with its pictures inside, for a browser."""
        html = self.html
        for each in self.pictures:
            data = base64.b64encode(each.png).decode()
            html = html.replace(f'"cid:{each.cid}"', f'"data:image/png;base64,{data}"')
        return html


class ShownText(StoryText):
    """A story's words as templates show them: what a person wrote themselves as markup that is safe."""

    own: bool
    hosts: frozenset[str]
    """Where links of a person's own text may lead."""

    @property
    def plain(self) -> str:
        """The full form without the marks of Markdown."""
        return to_text(self.full) if self.own else unmarked(self.full)

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs of the full form."""
        if not self.own:
            return super().paragraphs
        return tuple(Paragraph(text, None) for text in to_paragraphs(self.full, self.hosts))


def render_story(
    facts: Facts, voice: int = 0, lead: Side = "sales", text: str | None = None, language: str = ENGLISH
) -> StoryText:
    """Tell facts in one of a pattern's voices, as richly as its length allows; `text` replaces that."""
    words = template(f"stories/{language}/{facts.pattern}.md.j2", language).module
    told = telling(facts, lead, language=language)
    return StoryText(
        kicker=str(vars(words)["kicker"]),
        headline=headline(facts, voice, language),
        short=_paragraphs(_macro(words, "short", voice, told)),
        full=text or _full(words, facts, voice, lead, language),
        subject=" ".join(str(vars(words)["subject"](told, voice)).split()),
    )


def _full(words: TemplateModule, facts: Facts, voice: int, lead: Side, language: str) -> str:
    for room, extras in _ROOMS:
        told = telling(facts, lead, room, extras=extras, language=language)
        text = _paragraphs(_macro(words, "full", voice, told))
        if word_count(text) <= phrases(language).WORDS[1]:
            break
    return text


def _macro(words: TemplateModule, form: str, voice: int, told: Telling[Any]) -> str:
    return str(vars(words)[f"{form}_{voice}"](told))


def _paragraphs(text: str) -> str:
    """Paragraphs on one line each; a name that ends with a full stop also ends a sentence."""
    parts = (part.strip().replace("\n", " ") for part in text.split("\n\n"))
    return "\n\n".join(_DOUBLE_STOP.sub(".", part) for part in parts if part)


def write(edition: Edition) -> Edition:
    """The edition with every story's words fixed in every language, so that it reads the same for ever."""
    return edition.model_copy(update={"stories": tuple(map(_written, edition.stories))})


def _written(story: Story) -> Story:
    fixed = {language: _told(story, language) for language in languages()}
    discreet = story.discreet and _written(story.discreet)
    return story.model_copy(update={"texts": fixed | story.texts, "discreet": discreet})


def _told(story: Story, language: str) -> StoryText:
    """As it was fixed, else as its facts tell it; what a person wrote stays in the language it is in."""
    told = story.texts.get(language) or render_story(story.facts, story.voice, story.lead, None, language)
    own = {} if story.text is None else {"full": story.text}
    titled = {"headline": story.headline} if language == ENGLISH or story.written else {}
    titled |= {"subject": story.headline} if story.written else {}
    return told.model_copy(update=own | titled)


def _shown(story: Story, language: str, brand: Brand) -> ShownText:
    told = _told(story, language).model_dump()
    return ShownText(**told, own=story.written is not None, hosts=brand.hosts)


def in_language(edition: Edition, language: str) -> Edition:
    """The edition as readers of a language see it; what was fixed in English alone stays English."""
    stories = tuple(
        story.model_copy(update={"headline": _told(story, language).headline}) for story in edition.stories
    )
    lines = tuple(
        each.model_copy(update={"line": each.lines.get(language, each.line)}) for each in edition.highlights
    )
    return edition.model_copy(
        update={
            "headline": edition.headlines.get(language, edition.headline),
            "stories": stories,
            "highlights": lines,
            "corrections": edition.notes.get(language, edition.corrections),
        }
    )


def render_email(edition: Edition, brand: Brand, reader: Reader = ANYONE) -> Rendered:
    """One mail of an edition for a reader; RenderError says what must not go out."""
    context = context_of(edition, brand, reader)
    subject = " ".join(_part(edition, "subject.txt.j2", context).split())
    text = _GAPS.sub("\n\n\n", _part(edition, "body.txt.j2", context)).strip("\n") + "\n"
    html = to_html(_part(edition, "body.mjml.j2", context))
    if (size := len(html.encode())) > SOFT_SIZE:
        _log.warning(
            "%s has %d bytes of HTML; mail readers cut it off at about 100,000", edition.edition_id, size
        )
    return Rendered(subject, text, html, context["pictures"].taken)


def mjml_of(edition: Edition, brand: Brand, reader: Reader = ANYONE) -> str:
    """The source that a mail is compiled from."""
    return _part(edition, "body.mjml.j2", context_of(edition, brand, reader))


def _part(edition: Edition, name: str, context: dict[str, Any]) -> str:
    language, brand = context["reader"].language, context["brand"]
    return template(f"emails/{edition.name}/{name}", language, brand).render(context)


def render_page(edition: Edition, brand: Brand, reader: Reader = ANYONE) -> str:
    """The archive page of an edition: every story in full with its evidence, and the whole KPI board."""
    inks = {"Sales": "var(--sales)", "Operations": "var(--operations)"}
    context = {**context_of(edition, brand, reader), "inks": inks}
    return paged("web/edition.html.j2", context, reader.language)


def render_index(editions: Iterable[Edition], brand: Brand, language: str = ENGLISH) -> str:
    """The start page of the archive: the editions, newest first."""
    listed = sorted(editions, key=lambda e: (e.period.start, e.name), reverse=True)
    told = [in_language(personal(each, ANYONE), language) for each in listed]
    return paged("web/index.html.j2", {"editions": told, "brand": brand}, language)


def paged(name: str, context: dict[str, object], language: str = ENGLISH) -> str:
    """A page from its template; raises RenderError where it is not fit to be shown."""
    html = template(name, language).render(context)
    inspect(html)
    return html


def context_of(edition: Edition, brand: Brand, reader: Reader) -> dict[str, Any]:
    """What templates are rendered with: the edition as this reader may see it, in the reader's language."""
    seen = personal(edition, reader)
    said = in_language(seen, reader.language)
    told = [
        _KEPT.get((each, shown.headline, reader.language, brand), partial(_entry, each, shown, reader, brand))
        for each, shown in zip(seen.stories, said.stories, strict=True)
    ]
    page = f"{brand.site_url.rstrip('/')}/{edition.edition_id}.html" if brand.site_url else None
    return {
        "edition": said,
        "brand": brand,
        "told": told,
        "page": page,
        "inks": inks_of(brand),
        "reader": reader,
        "pictures": Pictures(brand),
    }


def _entry(story: Story, shown: Story, reader: Reader, brand: Brand) -> dict[str, Any]:
    """What templates see of a story; the same for all readers of a language who see the same story."""
    return {
        "story": shown,
        "words": _shown(story, reader.language, brand),
        "telling": telling(story.facts, story.lead, language=reader.language),
    }


_KEPT: Final[Keeping[dict[str, Any]]] = Keeping()

__all__ = [
    "RenderError",
    "Rendered",
    "StoryText",
    "context_of",
    "in_language",
    "mjml_of",
    "paged",
    "render_email",
    "render_index",
    "render_page",
    "render_story",
    "write",
]
