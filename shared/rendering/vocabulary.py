"""The tags and attributes that our mails are made of, and what each value may be."""

from __future__ import annotations

import re
from typing import Final

_COLOUR: Final = r"#[0-9A-Fa-f]{6}"
_LENGTH: Final = r"0|\d+px|\d{1,3}%"
_BORDER: Final = rf"none|0|(?:0|\d+px) (?:solid|dashed|dotted) {_COLOUR}"
_PADDING: Final = rf"(?:{_LENGTH})(?: (?:{_LENGTH})){{0,3}}"
_SIDES: Final = ("bottom", "left", "right", "top")
_NAME: Final = r"[A-Za-z][\w -]*"
_HREF: Final = r"(?:https://|http://(?:localhost|127\.0\.0\.1)[:/]|mailto:)[^\s<>]+"

VALUES: Final[dict[str, str]] = {
    "align": "left|center|right|justify",
    "alt": ".*",
    "aria-hidden": "true",
    "aria-label": ".+",
    "bgcolor": _COLOUR,
    "border": rf"{_BORDER}|\d",
    "border-color": _COLOUR,
    "border-radius": _LENGTH,
    "border-style": "solid|dashed|dotted",
    "border-width": r"\d+px",
    "cellpadding": r"\d+",
    "cellspacing": r"\d+",
    "class": rf" ?{_NAME}",
    "colspan": r"\d+",
    "content": r"[\w .,=-]+",
    "css-class": rf" ?{_NAME}",
    "dir": "ltr|rtl|auto",
    "direction": "ltr|rtl",
    "font-family": r"[\w ,'-]+",
    "font-size": r"\d+px",
    "font-style": "normal|italic",
    "font-weight": r"normal|bold|\d00",
    "full-width": "full-width",
    "height": r"\d+(?:px)?",
    "href": _HREF,
    "inner-padding": _PADDING,
    "lang": r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*",
    "letter-spacing": r"-?\d+(?:\.\d+)?px",
    "line-height": r"\d+(?:\.\d+)?(?:px|%)?",
    "mj-class": rf" ?{_NAME}",
    "name": _NAME,
    "padding": _PADDING,
    "role": "presentation|img|article|heading|none",
    "scope": "col|row",
    "src": rf"cid:[\w.@-]+|{_HREF}",
    "style": r"[^<>{}\\@]*",
    "text-align": "left|center|right|justify",
    "text-decoration": "none|underline",
    "text-transform": "none|uppercase",
    "valign": "top|middle|bottom|baseline",
    "vertical-align": "top|middle|bottom",
    "width": r"\d+(?:px|%)?",
    **dict.fromkeys(("background-color", "color", "container-background-color"), _COLOUR),
    **{f"border-{side}": _BORDER for side in _SIDES},
    **{f"padding-{side}": _LENGTH for side in _SIDES},
}
"""What each attribute may hold, as a regular expression of the whole value."""

PROPERTIES: Final[dict[str, str]] = {
    "background-color": _COLOUR,
    "border": _BORDER,
    "border-collapse": "collapse|separate",
    "border-radius": _LENGTH,
    "color": _COLOUR,
    "direction": "ltr|rtl",
    "display": "block|inline-block|inline|none",
    "font-family": r"[\w ,'-]+",
    "font-size": r"0|\d+px",
    "font-style": "normal|italic",
    "font-weight": r"normal|bold|\d00",
    "height": rf"auto|{_LENGTH}",
    "letter-spacing": r"-?\d+(?:\.\d+)?px",
    "line-height": r"0|\d+px",
    "list-style": "none|disc|decimal",
    "margin": rf"(?:{_LENGTH}|auto)(?: (?:{_LENGTH}|auto)){{0,3}}",
    "max-height": _LENGTH,
    "max-width": _LENGTH,
    "mso-hide": "all",
    "mso-line-height-rule": "exactly",
    "mso-padding-alt": _PADDING,
    "overflow": "hidden",
    "overflow-wrap": "normal|break-word|anywhere",
    "padding": _PADDING,
    "table-layout": "fixed|auto",
    "text-align": "left|center|right|justify",
    "text-decoration": "none|underline",
    "text-transform": "none|uppercase",
    "vertical-align": "top|middle|bottom|baseline",
    "white-space": "normal|nowrap",
    "width": _LENGTH,
    "word-break": "normal|break-word",
    **{f"border-{side}": _BORDER for side in _SIDES},
    **{f"{box}-{side}": _LENGTH for box in ("margin", "padding") for side in _SIDES},
}
"""What each property of a `style` may hold."""

_TEXT: Final = frozenset(
    {
        "align", "color", "css-class", "font-family", "font-size", "font-style", "font-weight", "height",
        "letter-spacing", "line-height", "mj-class", "padding", *(f"padding-{side}" for side in _SIDES),
        "text-transform", "container-background-color",
    }
)  # fmt: skip
_BOX: Final = frozenset(
    {
        "background-color", "border", *(f"border-{side}" for side in _SIDES), "border-radius", "css-class",
        "direction", "full-width", "mj-class", "padding", *(f"padding-{side}" for side in _SIDES),
        "text-align", "vertical-align", "width",
    }
)  # fmt: skip
_DIVIDER: Final = {
    "border-color",
    "border-style",
    "border-width",
    "css-class",
    "padding",
    "width",
    "mj-class",
}
_BUTTON: Final = {"href", "background-color", "border", "border-radius", "inner-padding", "text-decoration"}
_IMAGE: Final = {"src", "alt", "width", "height", "align", "css-class", "padding", "href"}
_CELL: Final = {"align", "valign", "width", "height", "bgcolor", "colspan", "scope"}
_COMMON: Final = {"style", "class", "role", "aria-label", "aria-hidden", "lang", "dir"}
_PLAIN: Final = ("p", "span", "strong", "em", "h1", "h2", "h3", "div", "ul", "ol", "li", "br", "bdi")

TAGS: Final[dict[str, frozenset[str]]] = {
    "mjml": frozenset({"lang", "dir"}),
    **{name: frozenset() for name in ("mj-head", "mj-title", "mj-preview", "mj-raw", "mj-style")},
    "mj-attributes": frozenset(),
    "mj-all": _TEXT,
    "mj-class": _TEXT | _BOX | {"name"},
    "mj-body": frozenset({"background-color", "css-class", "width"}),
    "mj-wrapper": _BOX,
    "mj-section": _BOX,
    "mj-group": frozenset({"css-class", "width", "vertical-align"}),
    "mj-column": _BOX,
    "mj-text": _TEXT,
    "mj-divider": frozenset(_DIVIDER),
    "mj-button": _TEXT | _BUTTON,
    "mj-image": frozenset(_IMAGE),
    "table": frozenset({"align", "cellpadding", "cellspacing", "border", "width", *_COMMON}),
    "tr": frozenset({"valign", *_COMMON}),
    "td": frozenset(_CELL | _COMMON),
    "th": frozenset(_CELL | _COMMON),
    "a": frozenset({"href", *_COMMON}),
    "img": frozenset({"src", "alt", "width", "height", *_COMMON}),
    "meta": frozenset({"name", "content"}),
    **{name: frozenset(_COMMON) for name in _PLAIN},
}
"""The attributes of each tag of MJML and HTML that a template may use."""
NEEDED: Final[dict[str, frozenset[str]]] = {
    "img": frozenset({"src", "alt", "width", "height"}),
    "mj-image": frozenset({"src", "alt", "width"}),
    "a": frozenset({"href"}),
    "table": frozenset({"cellpadding", "cellspacing"}),
}
"""What must not be left out: a picture without alt or size, a table that mail readers pad by themselves."""
VOID: Final = frozenset({"br", "img", "meta"})
ACTIVE: Final = frozenset(
    {"script", "iframe", "object", "embed", "form", "link", "base", "applet", "frame", "input"}
)


def fits(patterns: dict[str, str], name: str, value: str) -> bool:
    """Whether a value of an attribute or property is one that its pattern allows."""
    return re.fullmatch(patterns[name], value) is not None
