"""The two template environments, one that escapes and one for plain text, and the filters they share."""

from __future__ import annotations

import re
import textwrap
from functools import lru_cache, partial
from inspect import signature
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, pass_context
from markupsafe import Markup, escape

from shared import sayings
from shared.editions import figures, trends
from shared.keeping import Keeping
from shared.kpis.model import SIGNS
from shared.languages import ENGLISH, number, places, translations
from shared.stories.headlines import glance
from shared.stories.languages import phrases
from shared.stories.marks import bold, side_of
from shared.stories.model import OrderFacts
from shared.stories.sentences import sentence, stopped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    from babel.support import NullTranslations
    from jinja2 import Template
    from jinja2.runtime import Context, Macro

    from shared.editions.brand import Brand
    from shared.editions.model import Story
    from shared.stories.model import EvidenceRef

TEMPLATES: Final = Path(__file__).parents[2] / "templates"
_LAST: Final = re.compile(r" (?=\S{1,4}$)")
"""The space before a last word so short that it would look lost on a line of its own: `KG`, `time`."""
_MARKUP: Final = re.compile(
    r"[\\`*_\[\]~<]|&(?=#?\w+;)|^[-+](?=\s)|^[#>=|]|(?<=^\d)[.)](?=\s)|(?<=^\d\d)[.)](?=\s)"
)
"""What Markdown would read as its own."""
_LISTED: Final = 40
"""Events named beside a claim; a streak rests on hundreds."""
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ENVIRONMENTS: Final = 16
_TIE: Final = "\x00"
"""Stands for a space that must not end a line while lines are made."""
_BLOCKS: Final = "▁▂▃▄▅▆▇█"


@lru_cache(maxsize=_ENVIRONMENTS)
def escaping(language: str = ENGLISH, brand: Brand | None = None) -> Environment:
    """For MJML and HTML: everything a person or system wrote is escaped."""
    return _prepare(Environment(autoescape=True, **_options("escaping")), language, brand)


@lru_cache(maxsize=_ENVIRONMENTS)
def plain(language: str = ENGLISH, brand: Brand | None = None) -> Environment:
    """For text and Markdown: nothing is escaped, nothing may be put into HTML unescaped."""
    return _prepare(Environment(autoescape=False, **_options("plain")), language, brand)  # noqa: S701 - for text only


def template(name: str, language: str = ENGLISH, brand: Brand | None = None) -> Template:
    """A template by its path below `templates/`, in the environment its name asks for.

    The parts of mails need a `brand` and nothing else that differs, so that they are imported once.
    """
    escapes = name.endswith((".mjml.j2", ".html.j2"))
    return (escaping if escapes else plain)(language, brand).get_template(name)


def _options(kind: str) -> dict[str, Any]:
    return {
        "loader": FileSystemLoader(TEMPLATES),
        "extensions": ["jinja2.ext.i18n"],
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "auto_reload": False,
        "bytecode_cache": _compiled(kind),
        "finalize": _printable,
    }


def _compiled(kind: str) -> FileSystemBytecodeCache | None:
    """Compiled templates, kept by Jinja in a private temporary folder; none where that cannot be had.

    Whether they escape is compiled into them: a template that both kinds include is kept for each.
    """
    try:
        return FileSystemBytecodeCache(pattern=f"__tandem_{kind}_%s.cache")
    except (OSError, RuntimeError):
        return None


def _prepare(environment: Environment, language: str, brand: Brand | None) -> Environment:
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    said = phrases(language)
    title, short_title = lru_cache(said.title), lru_cache(said.short_title)
    environment.globals.update(language=language, f=_bound(figures, language), signs=SIGNS, kept=_keeping())
    if brand is not None:
        environment.globals.update(brand=brand, inks=inks_of(brand))
    environment.filters.update(
        day=said.day,
        full_day=said.full_day,
        instant=said.instant,
        period=lambda period: title(period.name),
        month=title,
        short_period=lambda period: short_title(period.name),
        department=said.department,
        teams=said.teams,
        thanked=said.thanked,
        roadblock=said.roadblock,
        noun=said.bare,
        label=said.label,
        glance=partial(glance, language=language),
        proofs=partial(proofs, language=language),
        prose=partial(prose, language=language),
        extent=partial(trends.extent, language=language),
        bars=trends.heights,
        shape=trends.shape,
        said=partial(sayings.said, language=language),
        sentence=sentence,
        stopped=stopped,
        slug=slug,
        paragraphs=partial(paragraphs, language=language),
        unmarked=unmarked,
        tied=partial(tied, language=language),
        headed=partial(headed, language=language),
        wrap=partial(wrap, language=language),
        sparkline=sparkline,
        quantity=said.quantity,
        number=partial(number, language=language),
        places=partial(places, language=language),
        doing=said.doing,
        markdown=markdown,
    )
    return environment


def _keeping() -> Callable[..., str]:
    """`kept(part, *told)`: what a part makes of what it is told, made once, as mails share their figures.

    Only for parts that look at nothing else but the brand.
    """
    made: Keeping[str] = Keeping()

    @pass_context
    def kept(context: Context, part: Macro, *told: object) -> str:
        return made.get((part.name, context["brand"], *told), lambda: part(*told))

    return kept


def inks_of(brand: Brand) -> dict[str, str]:
    """The colours of our bold words in mails."""
    return {"Sales": brand.sales, "Operations": brand.operations}


def _bound(module: ModuleType, language: str) -> SimpleNamespace:
    """The functions of a module, those that speak bound to a language."""
    functions = {name: getattr(module, name) for name in module.__all__}
    speaks = {name for name, each in functions.items() if "language" in signature(each).parameters}
    return SimpleNamespace(
        **{n: partial(each, language=language) if n in speaks else each for n, each in functions.items()}
    )


def _printable(value: Any) -> Any:
    """Text without the characters that neither XML nor a mail may hold."""
    if type(value) is not str or value.isprintable():
        return value
    return _CONTROLS.sub("", value)


def prose(text: str, sides: dict[str, str] | None = None, language: str = ENGLISH) -> Markup:
    """Escaped text with our bold words as `strong`; the one place where text becomes markup.

    `sides` are the inks of Sales and Operations; where one is empty, the style sheet has it.
    """
    inks = sides or {}

    def strong(match: re.Match[str]) -> str:
        side = side_of(match[1])
        ink = inks.get(side.capitalize()) if side else None
        style = f' style="color:{ink}"' if ink else ""
        attributes = f' class="{side}"{style}' if ink is not None else ""
        return f"<strong{attributes}>{match[1]}</strong>"

    tied = phrases(language).TIED.sub("\u00a0", str(escape(_printable(text))))
    return Markup(bold().sub(strong, tied))  # noqa: S704 - escaped in this very line


def proofs(story: Story, language: str = ENGLISH) -> list[tuple[str, str]]:
    """What a story claims beside the events that show it, and what else it rests on."""
    facts, said, spoken = story.facts, phrases(language), translations(language)
    deeds = (*facts.sales, *facts.operations)
    stood = spoken.gettext("%(roadblock)s stood in the way")
    blocks = [
        (b.raised_on, stood % {"roadblock": said.roadblock(b.category)}, b.roadblock_id)
        for b in (facts.roadblocks if isinstance(facts, OrderFacts) else ())
    ]
    acts = [(each.on, said.did(each), _listed(each.events, spoken)) for each in deeds]
    told = {event for deed in deeds for event in deed.events}
    rest = [event for event in story.evidence if event not in told]
    rows = [(f"{said.day(on)}: {what}", shown) for on, what, shown in sorted(acts + blocks)]
    other = spoken.gettext("Other events of %(about)s") % {"about": said.label(facts)}
    others = [(other, _listed(rest, spoken))] if rest else []
    also = [(spoken.gettext("The same events also made"), ", ".join(story.also))] if story.also else []
    return [*rows, *others, *also]


def _listed(events: Sequence[EvidenceRef], spoken: NullTranslations) -> str:
    """The first of them, and how many more there are."""
    named = ", ".join(f"{event.source} {event.id}" for event in events[:_LISTED])
    more = len(events) - _LISTED
    return (
        spoken.gettext("%(named)s and %(more)s more") % {"named": named, "more": more} if more > 0 else named
    )


def slug(text: str) -> str:
    """An id as the name of an anchor."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text)


def tied(text: str, language: str = ENGLISH) -> str:
    """Text whose numbers stay with their month or noun; of markup it makes markup."""
    return type(text)(phrases(language).TIED.sub("\u00a0", text))


def headed(text: str, language: str = ENGLISH) -> str:
    """A headline whose numbers stay with their nouns, and whose last short word has company on its line."""
    return type(text)(_LAST.sub("\u00a0", tied(text, language)))


def unmarked(text: str) -> str:
    """Text without the marks of Markdown, for plain mail."""
    return bold().sub(r"\1", text)


def markdown(text: str) -> str:
    """Text as Markdown on one line that shows just these characters, with our bold words in bold.

    Of markup that people's own words became only the words are left.
    """
    words = text.striptags() if isinstance(text, Markup) else text
    line = " ".join(words.split())
    ends = [0, *(end for match in bold().finditer(line) for end in match.span()), len(line)]
    parts = [line[start:end] for start, end in pairwise(ends)]
    return "".join(part if i % 2 else _MARKUP.sub(r"\\\g<0>", part) for i, part in enumerate(parts))


@lru_cache(maxsize=4096)
def wrap(text: str, indent: int = 0, width: int = 72, language: str = ENGLISH) -> str:
    """Lines of at most `width` characters; words are never cut, and numbers stay with their month or noun."""
    pad, tied = " " * indent, phrases(language).TIED.sub(_TIE, text)
    lines = textwrap.fill(
        tied, width, initial_indent=pad, subsequent_indent=pad, break_long_words=False, break_on_hyphens=False
    )
    return lines.replace(_TIE, " ")


def paragraphs(text: str, language: str = ENGLISH) -> str:
    """Each paragraph wrapped, an empty line between them."""
    return "\n\n".join(wrap(part, language=language) for part in text.split("\n\n"))


def sparkline(heights: tuple[int | None, ...]) -> str:
    """Bar heights of 1 to 8 as block characters; a dot for a period without data."""
    return "".join("·" if height is None else _BLOCKS[min(height, 8) - 1] for height in heights)
