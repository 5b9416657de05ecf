"""MJML to HTML, with our own checks: the compiler lets unknown tags and attributes through in silence."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from shared.rendering.compiler import COMPILER, CompilerError
from shared.rendering.shells import fill, opened
from shared.rendering.vocabulary import ACTIVE, NEEDED, PROPERTIES, TAGS, VALUES, VOID, fits

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_DEPTH: Final = 60
MAX_SOURCE: Final = 512 * 1024
HARD_SIZE: Final = 100_000
SOFT_SIZE: Final = 80_000
_TOKEN: Final = re.compile(r"""<!--.*?-->|</?[A-Za-z](?:[^"'<>]+|"[^"]*"|'[^']*')*>|<""", re.DOTALL)
_NAME: Final = re.compile(r"<(/?)([A-Za-z][\w-]*)")
_ATTRIBUTE: Final = re.compile(r' ([a-z][a-z-]*)="([^"<>\n]*)"')
_COMMENT: Final = re.compile(r"<!--(?!\[if).*?-->", re.DOTALL)
_LINK: Final = re.compile(r' (?:href|src)="([^"]*)"')
_BRACES: Final = re.compile(r"\{(?=\{)")
_STYLE: Final = re.compile(r"<mj-style>(.*?)</mj-style>", re.DOTALL)
_SECTION: Final = re.compile(r"\n(?=\s*<mj-section)")
_SECTIONS: Final = 256
_CACHED: Final = 16_384
"""Distinct tags whose verdict is remembered: nearly all tags of a mail were in the mail before."""
_TOO_DEEP: Final = f"is nested deeper than {MAX_DEPTH}"


class RenderError(Exception):
    """A mail that must not go out, and what is wrong with it."""


def to_html(source: str) -> str:
    """Compile MJML made by our own templates; RenderError says what is wrong with it."""
    source = _COMMENT.sub("", source.replace("\r\n", "\n").replace("\r", "\n"))
    lint(source)
    safe = armoured(source)
    shell, contents = opened(safe)
    html = fill(_compiled(shell), contents)  # the shell is inspected, the contents are of linted tags
    _measure(html)
    return html


@lru_cache(maxsize=256)
def _compiled(shell: str) -> str:
    try:
        html = COMPILER.html(shell)
    except CompilerError as error:
        raise RenderError(f"the MJML does not compile: {error}") from error
    inspect(html)
    if not set(_LINK.findall(html)) <= set(_LINK.findall(shell)):
        raise RenderError("the HTML holds a link that the template does not; correct the template")
    return html


def lint(source: str) -> None:
    """RenderError for the first thing that MJML or mail readers would get wrong in silence."""
    if len(source) > MAX_SOURCE:
        raise RenderError(
            f"the MJML has {len(source)} characters; the limit is {MAX_SOURCE}: tell fewer stories"
        )
    if any(not style.isascii() or "<" in style for style in _STYLE.findall(source)):
        raise RenderError("<mj-style> holds more than plain ASCII; write CSS without other characters")
    if not _known_good(source):
        _lint(source)


def _known_good(source: str) -> bool:
    """Whether every line is fit by itself, and the lines together are: most were in the mail before.

    Where that cannot be told line by line, all of it is looked at.
    """
    whole = _joined(map(_section_read, _SECTION.split(source)))
    return whole is not None and not (whole.closes or whole.opens) and whole.deepest <= MAX_DEPTH


class _Lines(NamedTuple):
    """Lines of which every tag is fit."""

    closes: tuple[str, ...]
    """What they close of lines before them, in that order."""
    opens: tuple[str, ...]
    """What they leave open, the outermost first."""
    deepest: int
    """How many they have open at most of their own, or less."""


@lru_cache(maxsize=_SECTIONS)
def _section_read(text: str) -> _Lines | None:
    """The lines of a section together."""
    return _joined(map(_line_read, text.split("\n")))


def _joined(lines: Iterable[_Lines | None]) -> _Lines | None:
    closes: list[str] = []
    opens: list[str] = []
    deepest = 0
    for line in lines:
        if line is None:
            return None
        deepest = max(deepest, len(opens) + line.deepest)
        for name in line.closes:
            if not opens:
                closes.append(name)
            elif opens.pop() != name:
                return None
        opens += line.opens
    return _Lines(tuple(closes), tuple(opens), deepest)


@lru_cache(maxsize=_CACHED)
def _line_read(text: str) -> _Lines | None:
    closes: list[str] = []
    opens: list[str] = []
    deepest = 0
    for token in _TOKEN.findall(text):
        name, change, fault = _read(token)
        if fault or (change < 0 and opens and opens[-1] != name):
            return None
        if change > 0:
            opens.append(name)
            deepest = max(deepest, len(opens))
        elif change < 0 and opens:
            opens.pop()
        elif change < 0:
            closes.append(name)
    return _Lines(tuple(closes), tuple(opens), deepest)


def _lint(source: str) -> None:
    """RenderError for the first fault."""
    open_tags: list[str] = []
    for number, text in enumerate(_TOKEN.findall(source)):
        name, change, fault = _read(text)
        if change > 0:
            open_tags.append(name)
            fault = fault or (_TOO_DEEP if len(open_tags) > MAX_DEPTH else None)
        elif change < 0 and (last := open_tags.pop() if open_tags else "nothing") != name:
            fault = f"closes <{last}>"
        if fault:
            raise RenderError(f"line {_line(source, number)}: {_clipped(text)} {fault}; correct the template")
    if open_tags:
        raise RenderError(f"<{open_tags[-1]}> is never closed; correct the template")


def _line(source: str, number: int) -> int:
    """The line of a token, by its number."""
    found = next(islice(_TOKEN.finditer(source), number, None))
    return source.count("\n", 0, found.start()) + 1


@lru_cache(maxsize=_CACHED)
def _read(text: str) -> tuple[str, int, str | None]:
    """One token's name, whether it opens (1) or closes (-1) an element, and what is wrong with it."""
    if text.startswith("<!--"):
        return "", 0, None
    if not (match := _NAME.match(text)):
        return "", 0, "is a bare <"
    name = match[2]
    if match[1]:
        return name, -1, None
    return name, 0 if name in VOID or text.endswith("/>") else 1, _fault(name, text)


def _fault(name: str, text: str) -> str | None:
    """What is wrong with an opening tag."""
    if name not in TAGS:
        return "is no such tag"
    rest = text[1 + len(name) : -1].removesuffix("/").rstrip()
    attributes = dict(_ATTRIBUTE.findall(rest))
    if _ATTRIBUTE.sub("", rest) or len(attributes) != len(_ATTRIBUTE.findall(rest)):
        return "needs each attribute once, one space between, its value in double quotes on one line"
    if missing := sorted(NEEDED.get(name, frozenset()) - set(attributes)):
        return f"needs {missing[0]}"
    return next(filter(None, (_value(name, key, unescape(value)) for key, value in attributes.items())), None)


def _value(tag: str, name: str, value: str) -> str | None:
    if name not in TAGS[tag]:
        return f"has {name}, which is no attribute of this tag"
    if name == "href" and not fits(VALUES, name, value):
        return f"links to {value!r}; only https and mailto links are sent"
    if not fits(VALUES, name, value):
        return f"has {name}={value!r}, which is no value of it"
    return next(filter(None, map(_declaration, value.split(";"))), None) if name == "style" else None


def _declaration(text: str) -> str | None:
    name, _, value = (part.strip() for part in text.partition(":"))
    if name and (name not in PROPERTIES or not fits(PROPERTIES, name, value)):
        return f"has the style {text!r}, which mail readers do not know"
    return None


def armoured(source: str) -> str:
    """ASCII only and no backslash, for the compiler spoils both in attribute values; {{ is for our places."""
    return _BRACES.sub("&#123;", source.encode("ascii", "xmlcharrefreplace").decode().replace("\\", "&#92;"))


def inspect(html: str) -> None:
    """RenderError for HTML that is too big for mail readers or that holds anything active."""
    _measure(html)
    for text in set(_TOKEN.findall(html)):
        if fault := _activity(text):
            raise RenderError(f"{_clipped(text)} {fault}; correct the template")


def _measure(html: str) -> None:
    if (size := len(html.encode())) > HARD_SIZE:
        raise RenderError(
            f"the HTML has {size:,} bytes, of at most {HARD_SIZE:,}: mail readers would cut it off"
        )


@lru_cache(maxsize=_CACHED)
def _activity(text: str) -> str | None:
    inspector = _Inspector()
    inspector.feed(text)
    inspector.close()
    return inspector.fault


class _Inspector(HTMLParser):
    """Finds what could act by itself or what the compiler has spoilt."""

    fault: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag.startswith("mj-") or tag in ACTIVE:
            self.fault = "is left in the HTML"
        for name, value in attrs:
            text = (value or "").lower()
            if name.startswith("on") or "javascript:" in text or "\\u{" in text:
                self.fault = f"holds {name}={value!r}, which is not sent"


def _clipped(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"  # noqa: PLR2004 - a line of a terminal
