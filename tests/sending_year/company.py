"""Who works at a company and what they want, kept here apart from Tandem, so that it can be judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shared.people.choosing import erase, prefer
from shared.people.importing import import_people

if TYPE_CHECKING:
    import random
    from datetime import datetime

    from shared.store.engine import Store

_KINDS = ("newsletter", "meeting_pack", "sales", "operations")
_HEAD = "person_id,email,name,department,language,roles,customers"


@dataclass(slots=True)
class Member:
    """A person: what they read in, and which editions they get."""

    person_id: str
    department: str
    language: str
    meets: bool
    gone: bool = False
    never: set[str] = field(default_factory=set)

    @property
    def email(self) -> str:
        return f"{self.person_id}@example.com"

    @property
    def row(self) -> str:
        roles = "meeting" if self.meets else ""
        customers = "C-1" if self.department == "sales" else ""
        told = (self.person_id, self.email, f"Person {self.person_id}", self.department, self.language)
        return ",".join((*told, roles, customers))

    def gets(self, kind: str) -> bool:
        """Whether an edition of a kind that is released now is for them."""
        audience = {
            "newsletter": True,
            "meeting_pack": self.meets,
            "sales": self.department == "sales",
            "operations": self.department == "logistics",
        }
        return audience[kind] and not self.gone and kind not in self.never


class Company:
    """Its people; each change is told to Tandem as anybody would tell it."""

    def __init__(self, size: int, dice: random.Random) -> None:
        self._dice = dice
        self.members: list[Member] = []
        self._size = size

    def found(self, store: Store, now: datetime) -> None:
        """Begin with so many people."""
        self._join(store, now, self._size)

    def change(self, store: Store, now: datetime) -> None:
        """A few join, leave, or change their language."""
        few = max(1, self._size // 200)
        self._join(store, now, self._dice.randint(0, few))
        for member in self._some(self._dice.randint(0, few)):
            erase(store, member.person_id, now, who="test")
            member.gone = True
        for member in self._some(self._dice.randint(0, few)):
            member.language = self._dice.choice(["de", "en"])
            prefer(store, member.person_id, now, who=member.person_id, language=member.language)

    def opt_out(self, store: Store, now: datetime) -> tuple[Member, str]:
        """Someone wants an edition no more; who, and which."""
        [member], kind = self._some(1), self._dice.choice(_KINDS)
        prefer(store, member.person_id, now, who=member.person_id, subscriptions={kind: "never"})
        member.never.add(kind)
        return member, kind

    def _some(self, count: int) -> list[Member]:
        here = [each for each in self.members if not each.gone]
        return self._dice.sample(here, min(count, len(here) - 1))

    def _join(self, store: Store, now: datetime, count: int) -> None:
        first = len(self.members) + 1
        fresh = [self._member(number) for number in range(first, first + count)]
        if fresh:
            rows = "\n".join([_HEAD, *(each.row for each in fresh)])
            assert not import_people(store, rows.encode(), now).rejects
            self.members += fresh

    def _member(self, number: int) -> Member:
        department = self._dice.choices(["sales", "logistics", "finance"], [5, 50, 45])[0]
        if number <= 2:  # of few people, too, some are of each kind
            department = ("sales", "logistics")[number - 1]
        meets = number == 1 or self._dice.random() < 0.02
        return Member(f"p{number}", department, self._dice.choice(["de", "en"]), meets)
