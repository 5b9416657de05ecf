"""For whom an edition is written: a language, and what this reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote in thanks; `by` and `department` only as they wish to be spoken of."""

    text: str
    by: str | None
    department: str | None


@dataclass(frozen=True, slots=True)
class ForYou:
    """How many thanked a reader for a story, and what some of them wrote."""

    headline: str
    count: int
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader, or all readers of one kind; by default the one who may see least.

    `accounts` are the customers of a salesperson, by id of the customer that others were merged into.
    """

    language: str = "en"
    person_id: str | None = None
    name: str | None = None
    accounts: frozenset[str] = frozenset()
    sees_money: bool = False
    sees_margin: bool = False
    sees_confidential: bool = False
    preferences_url: str | None = None
    """Where this reader chooses what to receive; None on pages and in previews."""
    is_quiet: bool = False
    """Whether it comes to this reader once a quarter from now on, for want of any sign of use."""
    thanks_url: str | None = None
    """What the address of a page begins with that thanks for a story; the story's name follows."""
    thanked: tuple[ForYou, ...] = ()
    """Thanks that nobody has told this reader yet."""


ANYONE: Final = Reader()
