"""MJML to HTML, with our own checks: the compiler lets unknown tags and attributes through in silence."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

from mjml import mjml2html

MAX_DEPTH: Final = 60
MAX_SOURCE: Final = 512 * 1024
HARD_SIZE: Final = 100_000
SOFT_SIZE: Final = 80_000

_TEXT: Final = {
    "align", "color", "css-class", "font-family", "font-size", "font-style", "font-weight", "height",
    "letter-spacing", "line-height", "mj-class", "padding", "padding-bottom", "padding-left", "padding-right",
    "padding-top", "text-transform", "container-background-color",
}  # fmt: skip
_BOX: Final = {
    "background-color", "border", "border-bottom", "border-left", "border-right", "border-top",
    "border-radius", "css-class", "direction", "full-width", "mj-class", "padding", "padding-bottom",
    "padding-left", "padding-right", "padding-top", "text-align", "vertical-align", "width",
}  # fmt: skip
MJML: Final[dict[str, set[str]]] = {
    "mjml": {"lang", "dir"},
    "mj-head": set(),
    "mj-title": set(),
    "mj-preview": set(),
    "mj-raw": set(),
    "mj-style": set(),
    "mj-attributes": set(),
    "mj-all": _TEXT,
    "mj-class": {"name", *_TEXT, *_BOX},
    "mj-body": {"background-color", "css-class", "width"},
    "mj-wrapper": _BOX,
    "mj-section": _BOX,
    "mj-group": {"css-class", "width", "vertical-align"},
    "mj-column": _BOX,
    "mj-text": _TEXT,
    "mj-divider": {
        "border-color",
        "border-style",
        "border-width",
        "css-class",
        "padding",
        "width",
        "mj-class",
    },
    "mj-button": {
        "href",
        "background-color",
        "border",
        "border-radius",
        "inner-padding",
        "text-decoration",
        *_TEXT,
    },
    "mj-image": {"src", "alt", "width", "height", "align", "css-class", "padding", "href"},
}
_CELL: Final = {"align", "valign", "width", "height", "bgcolor", "colspan", "scope"}
_COMMON: Final = {"style", "class", "role", "aria-label", "aria-hidden", "lang", "dir"}
HTML: Final[dict[str, set[str]]] = {
    "table": {"cellpadding", "cellspacing", "border", "width"},
    "tr": set(),
    "td": _CELL,
    "th": _CELL,
    "a": {"href"},
    "meta": {"name", "content"},
    **{
        tag: set()
        for tag in ("p", "span", "strong", "em", "h1", "h2", "h3", "div", "ul", "ol", "li", "br", "bdi")
    },
}
_HREF: Final = re.compile(r"https://|http://(?:localhost|127\.0\.0\.1)[:/]|mailto:")
_VOID: Final = {"br", "meta"}


class RenderError(Exception):
    """A mail that must not go out, and what is wrong with it."""


class _Linter(HTMLParser):
    """Refuses what the compiler would pass on: unknown names, newlines in attributes, excessive depth."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        allowed = MJML.get(tag)
        if allowed is None:
            if tag not in HTML:
                raise RenderError(f"line {self.getpos()[0]}: no such tag as <{tag}>; correct the template")
            allowed = HTML[tag] | _COMMON
        for name, value in attrs:
            self._attribute(tag, name, value, allowed)
        if tag not in _VOID:
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise RenderError(f"line {self.getpos()[0]}: tags are nested deeper than {MAX_DEPTH}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._depth -= tag not in _VOID

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag not in _VOID

    def _attribute(self, tag: str, name: str, value: str | None, allowed: set[str]) -> None:
        where = f"line {self.getpos()[0]}: <{tag} {name}>"
        if name not in allowed:
            raise RenderError(f"{where} is no attribute of this tag; correct the template")
        if value is None or "\n" in value:
            raise RenderError(f"{where} needs a value in double quotes on one line")
        if name in {"href", "src"} and not _HREF.match(value):
            raise RenderError(f"{where} is {value!r}; only https and mailto links are sent")


class _Inspector(HTMLParser):
    """Refuses HTML that could act by itself or that the compiler has spoilt."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag.startswith("mj-") or tag in {"script", "iframe", "object", "embed", "form", "link", "base"}:
            raise RenderError(f"<{tag}> is left in the HTML; correct the template")
        for name, value in attrs:
            text = (value or "").lower()
            if name.startswith("on") or "javascript:" in text or "\\u{" in text:
                raise RenderError(f"<{tag} {name}={value!r}> is not sent; correct the template")


def to_html(source: str) -> str:
    """Compile MJML made by our own templates; RenderError says what is wrong with it."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    if len(source) > MAX_SOURCE:
        raise RenderError(
            f"the MJML has {len(source)} characters; the limit is {MAX_SOURCE}: tell fewer stories"
        )
    lint(source)
    try:
        html: str = mjml2html(armoured(source), disable_comments=True, fonts={})
    except ValueError as error:
        raise RenderError(f"the MJML does not compile: {error}") from error
    inspect(html)
    return html


def lint(source: str) -> None:
    """RenderError for the first tag or attribute that MJML does not know."""
    linter = _Linter()
    linter.feed(source)
    linter.close()


def armoured(source: str) -> str:
    """ASCII only and no backslash, for the compiler spoils both in attribute values."""
    return source.encode("ascii", "xmlcharrefreplace").decode().replace("\\", "&#92;")


def inspect(html: str) -> None:
    """RenderError for HTML that is too big for mail readers or that holds anything active."""
    size = len(html.encode())
    if size > HARD_SIZE:
        raise RenderError(
            f"the HTML has {size:,} bytes, of at most {HARD_SIZE:,}: mail readers would cut it off"
        )
    inspector = _Inspector()
    inspector.feed(html)
    inspector.close()
