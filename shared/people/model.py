"""A person, and what may be said of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, get_args

from shared.events.payload import OperationsSide, SalesSide

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Naming = Literal["named", "team", "never"]
"""How stories may speak of a person: by name, as one of a team, or not at all."""
Frequency = Literal["every", "monthly", "never"]
"""How often someone wants an edition: each time, only those of months, or not."""
SALES: Final = frozenset(get_args(SalesSide))
OPERATIONS: Final = frozenset(get_args(OperationsSide))
DEPARTMENTS: Final = (*sorted(SALES), *sorted(OPERATIONS), "finance", "management")
NAMINGS: Final = get_args(Naming)
FREQUENCIES: Final = get_args(Frequency)
QUESTIONS: Final = "questions"
"""Mails that ask one thing: what people unsubscribe from as they do from an edition."""
ROLES: Final = ("leader", "editor", "publisher", "administrator", "auditor", "meeting")
"""`leader` reads the leadership digest, `meeting` is invited to the meeting, `editor` sees proofs, and
`administrator` looks after the installation; what they may do in the newsroom says `shared/roles.py`."""


class PeopleError(Exception):
    """What was asked of people cannot be done; the message says what to do."""


class UnknownWordError(PeopleError):
    """A word is none of those that can be chosen; the message names them."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person; `email` and `name` are None once erased, `customers` where account owners decide."""

    person_id: str
    email: str | None
    name: str | None
    department: str
    language: str = "en"
    naming: str = "team"
    roles: frozenset[str] = frozenset()
    customers: frozenset[str] | None = None
    chosen: frozenset[str] = frozenset()
    since: datetime | None = None
    erased_at: datetime | None = None
    subscriptions: Mapping[str, str] = field(default_factory=dict)

    def wants(self, edition: str) -> str:
        """How often this person wants an edition."""
        return self.subscriptions.get(edition, "every")
