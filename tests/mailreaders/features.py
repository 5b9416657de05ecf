"""What HTML and CSS a mail is made of, by the names that the caniemail data gives to features."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

_CONDITIONAL: Final = re.compile(r"<!--\[if.*?<!\[endif\]-->", re.DOTALL)
_NOT_MSO: Final = re.compile(r"<!--\[if !mso\]><!-->(.*?)<!--<!\[endif\]-->", re.DOTALL)
_STYLE: Final = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE: Final = re.compile(r"([^{}]+)\{([^{}]*)\}")
_MEDIA: Final = re.compile(r"@media([^{]*)\{((?:[^{}]*\{[^{}]*\})*)[^{}]*\}")
_UNIT: Final = re.compile(r"(?<![\w#.])-?\d*\.?\d+(px|%|em|rem|pt|vh|vw)\b|(?<![\w#.])-?\d*\.?\d+(%)")
_TAGS: Final = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "html-h1-h6"),
    **dict.fromkeys(("ul", "ol", "li"), "html-lists"),
    **dict.fromkeys(("table", "tr", "td", "th"), "html-table"),
    **dict.fromkeys(("article", "aside", "footer", "header", "main", "nav", "section"), "html-semantics"),
}
_SHORTHANDS: Final = ("border", "padding", "margin", "background", "list-style", "font")
_SELECTORS: Final = {
    "css-selector-class": r"\.[A-Za-z]",
    "css-selector-id": r"#[A-Za-z]",
    "css-selector-attribute": r"\[",
    "css-selector-child": r">",
    "css-selector-adjacent-sibling": r"\+",
    "css-selector-general-sibling": r"~(?!=)",
    "css-selector-descendant": r"[\w\]] +[\w.#\[]",
    "css-selector-grouping": r",",
    "css-selector-type": r"(?:^|[\s,>+~])[a-z]",
    "css-selector-universal": r"\*",
}


def used(html: str, known: AbstractSet[str]) -> set[str]:
    """The features of a mail that the data knows; what only old Outlook reads is left out."""
    html = _CONDITIONAL.sub("", _NOT_MSO.sub(r"\1", html))
    document = _Document()
    document.feed(html)
    document.close()
    found = {"html-doctype", *document.found}
    for css in _STYLE.findall(html):
        found |= set(_sheet(_COMMENT.sub("", css)))
    return {each for name in found for each in _named(name, known)}


class _Document(HTMLParser):
    """Tags, attributes and inline styles."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(_TAGS.get(tag, f"html-{tag}"))
        for name, value in attrs:
            text = value or ""
            self.found.add(f"html-{name}")
            if name == "style":
                self.found |= set(_declarations(text))
            if name == "href":
                self.found.add("html-mailto-links" if text.startswith("mailto:") else "html-a")
            if tag == "meta" and text == "color-scheme":
                self.found.add("html-meta-color-scheme")
        if tag == "img":
            self.found.add("image-png")


def _sheet(css: str) -> Iterator[str]:
    for condition, inner in _MEDIA.findall(css):
        yield "css-at-media"
        if "prefers-color-scheme" in condition:
            yield "css-at-media-prefers-color-scheme"
        yield from _rules(inner)
    yield from _rules(_MEDIA.sub("", css))


def _rules(css: str) -> Iterator[str]:
    for selector, body in _RULE.findall(css):
        yield from (name for name, sign in _SELECTORS.items() if re.search(sign, selector.strip()))
        yield from _declarations(body)


def _declarations(css: str) -> Iterator[str]:
    for declaration in css.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if not name or name.startswith(("mso-", "-")):
            continue
        yield f"css-{name}"
        if (name, value.removesuffix("!important").strip()) == ("display", "none"):
            yield "css-display-none"
        if "!important" in value:
            yield "css-important"
        for unit in ("".join(groups) for groups in _UNIT.findall(value)):
            yield "css-unit-percent" if unit == "%" else f"css-unit-{unit}"


def _named(name: str, known: AbstractSet[str]) -> Iterator[str]:
    """The feature itself, or the shorthand that the data has it under."""
    if name in known:
        yield name
        return
    bare = name.removeprefix("css-")
    yield from (
        f"css-{short}" for short in _SHORTHANDS if bare.startswith(f"{short}-") and f"css-{short}" in known
    )
