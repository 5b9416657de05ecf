"""For whom an edition is written: a language, and what this reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


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


ANYONE: Final = Reader()
