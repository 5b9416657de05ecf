"""Markdown that people write: to HTML that is safe wherever it is shown, and to plain text.

The one place where a person's text becomes markup. Raw HTML, images and tables are text here; a link is one
only to a host that is allowed, and says where it leads otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

MOST_BYTES: Final = 20_480
MOST_LEVELS: Final = 20
"""Lists in lists and quotes in quotes; far below where the parser begins to drop text silently."""
MOST_BRACKETS: Final = 400
"""Opening brackets: looking for their ends takes time that grows with their square."""
_INLINE: Final = frozenset({"br", "strong", "em", "a"})
_TAGS: Final = _INLINE | {"p", "ul", "ol", "li", "blockquote", "code"}
_OFF: Final = (
    "html_block",
    "html_inline",
    "image",
    "table",
    "code",
    "fence",
    "reference",
    "autolink",
    "strikethrough",
)
_HOST: Final = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_LOOKS_LIKE_HOST: Final = re.compile(r"\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b", re.IGNORECASE)


class MarkdownError(ValueError):
    """A text that is not shown as Markdown; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it was written: what it says and where it leads."""

    text: str
    target: str

    @property
    def host(self) -> str | None:
        """The host of an https address without tricks; None for any other."""
        return _host(self.target)

    def misleads(self) -> bool:
        """Whether it says one host and leads to another."""
        said = {found.lower() for found in _LOOKS_LIKE_HOST.findall(self.text)}
        return (
            bool(said) and said != {(self.host or self.target).removeprefix("www.")} and self.host not in said
        )


def to_html(text: str, hosts: Collection[str] = ()) -> Markup:
    """HTML of the few tags that a story needs; raises MarkdownError."""
    html = _parser().renderer.render(_linked(_parse(text), hosts), _parser().options, {})
    return Markup(_clean(html, _TAGS, "noopener noreferrer"))  # noqa: S704 - cleaned in this very line


def to_paragraphs(text: str, hosts: Collection[str] = ()) -> list[Markup]:
    """The same as paragraphs without blocks in them, as mails set them: items of lists have a mark."""
    return [Markup(_clean(html, _INLINE, None)) for html in _flat(_linked(_parse(text), hosts))]  # noqa: S704 - the same


def to_text(text: str) -> str:
    """Plain paragraphs, an empty line between them; after a link its address. Raises MarkdownError."""
    return "\n\n".join(_plain(inline, mark) for mark, inline in _inlines(_parse(text)))


def links(text: str) -> list[Link]:
    """Every link of a text; raises MarkdownError."""
    return [link for _, inline in _inlines(_parse(text)) for link in _links(inline.children or [])]


def _parse(text: str) -> list[Token]:
    if (size := len(text.encode())) > MOST_BYTES:
        raise MarkdownError(f"The text has {size} bytes; the most is {MOST_BYTES}: shorten it")
    if text.count("[") > MOST_BRACKETS:
        raise MarkdownError(f"The text has more than {MOST_BRACKETS} opening brackets; take some out")
    tokens = _parser().parse(text)
    if max((each.level for each in _every(tokens)), default=0) > MOST_LEVELS:
        raise MarkdownError(f"Lists, quotes or emphasis stand more than {MOST_LEVELS} deep; make it simpler")
    return tokens


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"breaks": True}).disable(list(_OFF))
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005 - `_linked` decides, and shows what it refuses
    return parser


def _every(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _linked(tokens: list[Token], hosts: Collection[str]) -> list[Token]:
    """The tokens with headings as bold paragraphs, and links that are not allowed as text."""
    heading = False
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag, heading = "p", token.nesting == 1
        if token.type == "inline" and token.children:
            _unlink(token.children, hosts)
            if heading:
                token.children = [
                    Token("strong_open", "strong", 1),
                    *token.children,
                    Token("strong_close", "strong", -1),
                ]
    return tokens


def _unlink(children: list[Token], hosts: Collection[str]) -> None:
    open_targets: list[str | None] = []
    for token in children:
        if token.type == "link_open":
            target = str(token.attrGet("href") or "")
            refused = None if _allowed(target, hosts) else target
            open_targets.append(refused)
            token.attrs = {} if refused is not None else {"href": target}
            if refused is not None:
                _say(token, "")
        elif token.type == "link_close" and (refused := open_targets.pop()) is not None:
            _say(token, f" ({_shown(refused)})" if _shown(refused) else "")


def _shown(target: str) -> str:
    """An address as text; of what is none for people, nothing."""
    return target if target.startswith(("https://", "http://", "mailto:")) else ""


def _say(token: Token, text: str) -> None:
    token.type, token.tag, token.nesting, token.content = "text", "", 0, text


def _allowed(target: str, hosts: Collection[str]) -> bool:
    return (host := _host(target)) is not None and host in hosts


def _host(target: str) -> str | None:
    """The host of an https address: no user in it, no number, no letters of other scripts, no port."""
    if not target.isascii() or any(c.isspace() or ord(c) < ord(" ") or c == "\\" for c in target):
        return None
    try:
        parts = urlsplit(target)
        plain = parts.scheme == "https" and "@" not in parts.netloc and ":" not in parts.netloc
    except ValueError:
        return None
    host = parts.netloc.lower()
    return host if plain and _HOST.fullmatch(host) and "xn--" not in host else None


def _inlines(tokens: list[Token]) -> Iterator[tuple[str, Token]]:
    """Each run of text, and the mark before it: of an item its number or a dot, of a quote a bracket."""
    lists: list[int | None] = []
    quotes, item = 0, ""
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            start = int(token.attrGet("start") or 1) if token.type.startswith("ordered") else None
            lists.append(start)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type == "list_item_open":
            number = lists[-1]
            item = "• " if number is None else f"{number}. "
            lists[-1] = None if number is None else number + 1
        elif token.type in {"blockquote_open", "blockquote_close"}:
            quotes += 1 if token.nesting == 1 else -1
        elif token.type == "inline" and token.children:
            yield ("› " if quotes else "") + item, token
            item = ""


def _flat(tokens: list[Token]) -> Iterator[str]:
    parser = _parser()
    for mark, inline in _inlines(tokens):
        yield f"{escape(mark)}{parser.renderer.render(inline.children or [], parser.options, {})}"


def _plain(inline: Token, mark: str) -> str:
    parts: list[str] = []
    targets: list[str] = []
    for token in inline.children or ():
        if token.type == "link_open":
            targets.append(str(token.attrGet("href") or ""))
        elif token.type == "link_close":
            target = _shown(targets.pop())
            parts.append(f" ({target})" if target else "")
        else:
            parts.append("\n" if token.type in {"softbreak", "hardbreak"} else token.content)
    return mark + " ".join("".join(parts).split())


def _links(children: Sequence[Token]) -> Iterator[Link]:
    said: list[str] = []
    target = ""
    for token in children:
        if token.type == "link_open":
            said, target = [], str(token.attrGet("href") or "")
        elif token.type == "link_close":
            yield Link("".join(said), target)
        else:
            said.append(token.content)


def _clean(html: str, tags: frozenset[str], rel: str | None) -> str:
    """What is left when all but the few tags and https links are taken out."""
    return nh3.clean(
        html.strip(),
        tags=set(tags),
        attributes={"a": {"href"}},
        url_schemes={"https"},
        url_relative="deny",
        link_rel=rel,
        strip_comments=True,
    )
