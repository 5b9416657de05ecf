"""The two template environments, one that escapes and one for plain text, and the filters they share."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from calendar import month_name
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from shared.editions import figures, trends
from shared.languages import ENGLISH, translations
from shared.stories import phrases
from shared.stories.headlines import glance
from shared.stories.model import OrderFacts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Template

    from shared.editions.model import Story
    from shared.stories.model import Deed, EvidenceRef

TEMPLATES: Final = Path(__file__).parent.parent / "templates"
_BOLD: Final = re.compile(r"\*\*((?:Sales|Operations|[Rr]esult)\.?)\*\*")
"""The only words that story templates set in bold; stars in names stay stars."""
_TIED: Final = re.compile(rf"(?<=\d) (?=(?:{'|'.join(month_name[1:])}|days?|units?)\b)")
"""A number stays on one line with its month or its noun."""
_LISTED: Final = 40
"""Events named beside a claim; a streak rests on hundreds."""
_BLOCKS: Final = "▁▂▃▄▅▆▇█"


@cache
def escaping(language: str = ENGLISH) -> Environment:
    """For MJML and HTML: everything a person or system wrote is escaped."""
    return _prepare(Environment(autoescape=True, **_options()), language)


@cache
def plain(language: str = ENGLISH) -> Environment:
    """For text and Markdown: nothing is escaped, nothing may be put into HTML unescaped."""
    return _prepare(Environment(autoescape=False, **_options()), language)  # noqa: S701 - for text only


@cache
def template(name: str, language: str = ENGLISH) -> Template:
    """A template by its path below `templates/`, in the environment its name asks for."""
    escapes = name.endswith((".mjml.j2", ".html.j2"))
    return (escaping(language) if escapes else plain(language)).get_template(name)


def _options() -> dict[str, Any]:
    return {
        "loader": FileSystemLoader(TEMPLATES),
        "extensions": ["jinja2.ext.i18n"],
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "auto_reload": False,
        "bytecode_cache": _compiled(),
        "finalize": _printable,
    }


def _compiled() -> FileSystemBytecodeCache | None:
    """Compiled templates, kept by Jinja in a private temporary folder; none where that cannot be had."""
    try:
        return FileSystemBytecodeCache()
    except (OSError, RuntimeError):
        return None


def _prepare(environment: Environment, language: str) -> Environment:
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(language=language)
    environment.filters.update(
        day=phrases.day,
        full_day=phrases.full_day,
        sentence=phrases.sentence,
        stopped=phrases.stopped,
        listing=phrases.listing,
        teams=phrases.teams,
        department=phrases.department,
        period=attrgetter("title"),
        short_period=attrgetter("short_title"),
        label=attrgetter("label"),
        glance=glance,
        slug=slug,
        proofs=proofs,
        roadblock=phrases.roadblock,
        noun=phrases.bare,
        paragraphs=paragraphs,
        prose=prose,
        unmarked=unmarked,
        wrap=wrap,
        sparkline=sparkline,
        bars=trends.heights,
        extent=trends.extent,
        instant=phrases.instant,
    )
    environment.globals.update(f=figures)
    return environment


def _printable(value: Any) -> Any:
    """Text without the characters that neither XML nor a mail may hold."""
    if type(value) is not str or value.isprintable():
        return value
    return "".join(c for c in value if c in "\t\n" or unicodedata.category(c) not in {"Cc", "Cs"})


def prose(text: str, sides: dict[str, str] | None = None) -> Markup:
    """Escaped text with our bold words as `strong`; the one place where text becomes markup.

    `sides` are the inks of Sales and Operations; without one, the style sheet has it.
    """
    inks = sides or {}

    def strong(match: re.Match[str]) -> str:
        word = match[1]
        side = word.rstrip(".")
        ink = f' style="color:{inks[side]}"' if inks.get(side) else ""
        attributes = f' class="{side.lower()}"{ink}' if side in inks else ""
        return f"<strong{attributes}>{word}</strong>"

    tied = _TIED.sub("\u00a0", str(escape(_printable(text))))
    return Markup(_BOLD.sub(strong, tied))  # noqa: S704 - escaped in this very line


def proofs(story: Story) -> list[tuple[str, str]]:
    """What a story claims beside the events that show it, and what else it rests on."""
    facts = story.facts
    deeds = (*facts.sales, *facts.operations)
    blocks = [
        (b.raised_on, f"{phrases.roadblock(b.category)} stood in the way", b.roadblock_id)
        for b in (facts.roadblocks if isinstance(facts, OrderFacts) else ())
    ]
    acts = [
        (each.on, f"{phrases.team(each.department)} {_did(each)}", _listed(each.events)) for each in deeds
    ]
    told = {event for deed in deeds for event in deed.events}
    rest = [event for event in story.evidence if event not in told]
    rows = [(f"{phrases.day(on)}: {what}", shown) for on, what, shown in sorted(acts + blocks)]
    others = [(f"Other events of {facts.label}", _listed(rest))] if rest else []
    return [*rows, *others, *([("The same events also made", ", ".join(story.also))] if story.also else [])]


def _did(deed: Deed) -> str:
    return phrases.verb(deed.action, deed.of).past


def _listed(events: Sequence[EvidenceRef]) -> str:
    """The first of them, and how many more there are."""
    named = ", ".join(f"{event.source} {event.id}" for event in events[:_LISTED])
    more = len(events) - _LISTED
    return f"{named} and {more:,} more" if more > 0 else named


def slug(text: str) -> str:
    """An id as the name of an anchor."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text)


def unmarked(text: str) -> str:
    """Text without the marks of Markdown, for plain mail."""
    return _BOLD.sub(r"\1", text)


def wrap(text: str, indent: int = 0, width: int = 72) -> str:
    """Lines of at most `width` characters; words are never cut."""
    pad = " " * indent
    return textwrap.fill(
        text, width, initial_indent=pad, subsequent_indent=pad, break_long_words=False, break_on_hyphens=False
    )


def paragraphs(text: str) -> str:
    """Each paragraph wrapped, an empty line between them."""
    return "\n\n".join(wrap(part) for part in text.split("\n\n"))


def sparkline(heights: tuple[int | None, ...]) -> str:
    """Bar heights of 1 to 8 as block characters; a dot for a period without data."""
    return "".join("·" if height is None else _BLOCKS[min(height, 8) - 1] for height in heights)
