"""Who gets which edition, as what kind of reader, and who does not, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from shared.editions.audiences import reader_of
from shared.editions.registry import EDITIONS
from shared.people.model import OPERATIONS, SALES, Person

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shared.editions.model import Edition
    from shared.editions.reader import Reader

LEADER: Final = "leader"


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom an edition is for, and whether each reads one of their own."""

    takes: Callable[[Person], bool]
    personal: bool = False


AUDIENCES: Final[Mapping[str, Audience]] = {
    "newsletter": Audience(lambda _: True),
    "leadership": Audience(lambda person: LEADER in person.roles),
    "sales": Audience(lambda person: person.department in SALES, personal=True),
    "operations": Audience(lambda person: person.department in OPERATIONS),
    "meeting_pack": Audience(lambda person: "meeting" in person.roles),
}
"""By edition; one that is not here goes to nobody by mail."""


def reader(person: Person, edition: str, accounts: frozenset[str]) -> Reader:
    """Who reads an edition sees what its audience may; only where each reads their own it says who."""
    anyone = reader_of(EDITIONS[edition].audience, person.language)
    if not AUDIENCES[edition].personal:
        return anyone
    return replace(anyone, person_id=person.person_id, name=person.name, accounts=accounts)


def declined(person: Person, edition: Edition) -> str | None:
    """Why someone does not want this edition; None where they do."""
    wish = person.wants(edition.name)
    if wish == "never":
        return "unsubscribed"
    if wish == "monthly" and edition.period.unit == "week":
        return "wants those of months only"
    return None
