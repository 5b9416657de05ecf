"""A house's look: its name and two inks, with colours that are readable by computation, not by hope."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlsplit

_HEX: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_LINK: Final = re.compile(r"(?:https://|http://(?:localhost|127\.0\.0\.1)[:/])[^\s\"'<>\\@]+")
_ADDRESS: Final = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
_HOST: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
AA: Final = 4.5
AA_SHAPES: Final = 3.0
PAPER: Final = "#FFFFFF"
PAPER_DARK: Final = "#16181D"


@dataclass(frozen=True, slots=True)
class Brand:
    """`colour` is the ink of Sales and of the masthead, `accent` the ink of Operations; both `#RRGGBB`.

    `site_url` is where the archive is published, `tell_url` the page on which people tell their own stories,
    `draft_email` where they send them without one, and `link_hosts` where their links may lead.
    """

    name: str = "Tandem"
    tagline: str = "What Sales and Operations achieved together"
    colour: str = "#2A3FA6"
    accent: str = "#C77F0A"
    logo_url: str | None = None
    site_url: str | None = None
    draft_email: str | None = None
    tell_url: str | None = None
    list_id: str = "tandem.localhost"
    link_hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for colour in (self.colour, self.accent):
            if not _HEX.fullmatch(colour):
                raise ValueError(f"{colour!r} is no colour; write it as #RRGGBB, such as #2A3FA6")
        for link in (self.logo_url, self.site_url, self.tell_url):
            if link is not None and not _LINK.fullmatch(link):
                raise ValueError(f"{link!r} is no link we may send; write a full https:// address")
        for host in self.link_hosts:
            if not _HOST.fullmatch(host):
                raise ValueError(f"{host!r} is no host; write it as wiki.example.com, in small letters")
        if self.draft_email is not None and not _ADDRESS.fullmatch(self.draft_email):
            raise ValueError(f"{self.draft_email!r} is no plain email address; write it as name@example.com")

    @property
    def hosts(self) -> frozenset[str]:
        """Where links that people write may lead: the archive, and the hosts that are allowed."""
        own = urlsplit(self.site_url or "").hostname
        return frozenset(self.link_hosts) | ({own} if own else set())

    @property
    def sales(self) -> str:
        """The ink of Sales, as text on white paper."""
        return readable(self.colour, PAPER)

    @property
    def operations(self) -> str:
        """The ink of Operations, as text on white paper."""
        return readable(self.accent, PAPER)

    @property
    def sales_dark(self) -> str:
        """The ink of Sales, as text on dark paper."""
        return readable(self.colour, PAPER_DARK)

    @property
    def operations_dark(self) -> str:
        """The ink of Operations, as text on dark paper."""
        return readable(self.accent, PAPER_DARK)

    @property
    def on_colour(self) -> str:
        """Black or white, whichever reads better on the brand's colour."""
        return max(("#FFFFFF", "#000000"), key=lambda text: contrast(text, self.colour))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.1)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@cache
def readable(ink: str, paper: str) -> str:
    """The ink itself, or the nearest shade of it that reaches AA contrast on the paper."""
    towards = 0 if _luminance(paper) > 0.18 else 255  # noqa: PLR2004 - where black and white read equally well
    steps = (_mix(ink, towards, step / 20) for step in range(21))
    return next(shade for shade in steps if contrast(shade, paper) >= AA)


@cache
def between(ink: str, papers: tuple[str, ...]) -> str:
    """The ink itself, or its nearest shade that a shape in it is told from all the papers by (3 to 1)."""
    shades = ((step, _mix(ink, towards, step / 20)) for step in range(21) for towards in (0, 255))
    fit = [(step, s) for step, s in shades if all(contrast(s, paper) >= AA_SHAPES for paper in papers)]
    return min(fit)[1]


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mix(colour: str, towards: int, share: float) -> str:
    return "#" + "".join(f"{round(c + (towards - c) * share):02X}" for c in _channels(colour))


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        c = channel / 255
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - the sRGB curve

    r, g, b = map(linear, _channels(colour))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
