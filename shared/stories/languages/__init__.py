"""How stories are told in each language: its words, its grammar and its headlines, a package for each."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Protocol, cast

from shared.languages import ENGLISH, known

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from shared.stories.figures import Notation
    from shared.stories.model import Deed, Facts, Measure, Quantity, Side
    from shared.stories.telling import Telling

Voices = tuple[tuple[str, ...], ...]
"""For each voice the headline, and shorter ones for when a long name does not fit; the last always does."""
Rows = list[tuple[str, str]]


class Phrases(Protocol):
    """What the module `phrases` of a language holds: the words for coded facts."""

    SIDES: Mapping[Side, str]
    RESULT: str
    """How the paragraph of the result is marked, in bold."""
    TIED: re.Pattern[str]
    """The space between a number and a word that must stay on its line."""
    WORDS: tuple[int, int]
    """The least and the most words of a full story."""
    BANNED: tuple[str, ...]
    BANNED_IN: Mapping[str, tuple[str, ...]]
    """More words that a pattern must not use."""
    NOTATION: Notation
    """How figures are written."""

    def day(self, on: date) -> str:
        """`9 March`."""

    def full_day(self, on: date) -> str:
        """`9 March 2026`."""

    def instant(self, at: datetime) -> str:
        """`5 January 2026 at 08:00 UTC`."""

    def period(self, name: str) -> str:
        """`March 2026`, inside a sentence."""

    def title(self, name: str) -> str:
        """`March 2026`, as a heading."""

    def short_title(self, name: str) -> str:
        """`March`, as a heading that has its year beside it."""

    def measure(self, value: Measure) -> str:
        """`95%`, `12 days`, `EUR 12,400`, `40`."""

    def quantity(self, value: Quantity) -> str:
        """`1,200 units`, `40 kg`."""

    def money(self, amount: Decimal, currency: str) -> str:
        """`EUR 12,400`."""

    def listing(self, items: Sequence[str]) -> str:
        """`a, b and c`."""

    def roadblock(self, category: str) -> str:
        """`a material shortage`, as a subject."""

    def bare(self, noun: str) -> str:
        """`material shortage`."""

    def department(self, code: str) -> str:
        """`customer service`, from its code or its English name."""

    def teams(self, departments: Sequence[str]) -> str:
        """`the logistics and planning teams`, as a subject."""

    def thanked(self, departments: Sequence[str]) -> str:
        """The same as those whom thanks go to."""

    def colleague(self, department: str | None) -> str:
        """`a colleague in warehouse`: fit to stand wherever a name stood."""

    def undisclosed(self, segment: str | None) -> str:
        """`a customer in energy`: fit to stand wherever the name of a confidential customer stood."""

    def did(self, deed: Deed) -> str:
        """`the logistics team booked another carrier`."""

    def doing(self, kind: str) -> str:
        """`booking another carrier`, for the kind of an intervention."""

    def label(self, facts: Facts) -> str:
        """What a story is about: `order SO-1042`, a customer, `product P-7`."""

    def reason(self, text: str) -> str:
        """Why a win does not hold any more, from what its pattern says in English."""


class Words(Protocol):
    """What a module of a language's `words` holds, one for each pattern."""

    def headlines(self, s: Any) -> Voices:
        """The headlines of a telling."""

    def glance(self, s: Any) -> Rows:
        """Up to four labels with their values."""


class Grammar(Protocol):
    """What the module `telling` of a language holds."""

    def telling(self, facts: Facts, lead: Side, room: int, *, extras: bool) -> Telling[Any]:
        """The telling that these facts ask for."""

    def alone(self, facts: Facts, side: Side) -> str:
        """What one side did, as a sentence."""


@cache
def phrases(language: str = ENGLISH) -> Phrases:
    """The words of a language; ValueError names the languages there are."""
    return cast("Phrases", import_module(f"{__name__}.{known(language)}.phrases"))


@cache
def grammar(language: str = ENGLISH) -> Grammar:
    """How a language puts phrases together."""
    return cast("Grammar", import_module(f"{__name__}.{known(language)}.telling"))


@cache
def words(language: str = ENGLISH) -> dict[str, Words]:
    """The headlines of every pattern that can be told, by its id."""
    package = import_module(f"{__name__}.{known(language)}.words")
    found = sorted(module.name for module in iter_modules(package.__path__))
    return {name: cast("Words", import_module(f"{package.__name__}.{name}")) for name in found}
