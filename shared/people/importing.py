"""Use case: a list of people becomes the people that Tandem knows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from shared.people.addresses import key
from shared.people.listing import Reject, read
from shared.people.model import PeopleError, Person
from shared.people.reading import row, those
from shared.store import people

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.store.engine import Store

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows were read, and what became of them."""

    read: int
    created: int
    updated: int
    unchanged: int
    rejects: tuple[Reject, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """What a list would change: people as they are known and as it tells them, and what it leaves out."""

    read: int
    changes: tuple[tuple[Person | None, Person], ...]
    unchanged: int
    rejects: tuple[Reject, ...]

    @property
    def imported(self) -> Imported:
        """The same in numbers."""
        created = sum(old is None for old, _ in self.changes)
        updated = len(self.changes) - created
        return Imported(self.read, created, updated, self.unchanged, self.rejects)

    @property
    def digest(self) -> str:
        """The same while it would change the same."""
        told = [(old and row(old), row(replace(new, since=None))) for old, new in self.changes]
        return blake2b(repr(told).encode(), digest_size=16).hexdigest()


class OtherwiseError(PeopleError):
    """People, or the list, are others than when its changes were looked at."""


def planned(connection: Connection, raw: bytes, now: datetime) -> Planned:
    """What a list would change; raises PeopleError where it is no list."""
    lines = list(read(raw))
    good, rejects = _apart(lines)
    known = those(connection, (told["person_id"] for _, told in good))
    rejects += list(_twice(good, known, connection))
    bad = {reject.line for reject in rejects}
    made = [
        (known.get(told["person_id"]), _merged(known.get(told["person_id"]), told, now))
        for line, told in good
        if line not in bad
    ]
    changes = tuple((old, new) for old, new in made if old != new)
    ordered = tuple(sorted(rejects, key=lambda reject: reject.line))
    return Planned(len(lines), changes, len(made) - len(changes), ordered)


def import_people(
    store: Store, raw: bytes, now: datetime, *, who: str | None = None, as_seen: str | None = None
) -> Imported:
    """Create and update people by id, all good rows or, after a crash, none; raises PeopleError.

    `as_seen` is the digest of the changes that `who` looked at: where they are others, nothing is done.
    """
    with store.noting() as connection:
        people.take_turns(connection)
        plan = planned(connection, raw, now)
        if as_seen not in {None, plan.digest}:
            raise OtherwiseError("The list would change something else by now; look at it again")
        people.put(connection, [row(new) for _, new in plan.changes])
        if who is not None:
            done = plan.imported
            said = f"{done.created} created, {done.updated} updated"
            people.decided(connection, now, who, "import", "people", said)
    return plan.imported


def _apart(lines: Iterable[tuple[int, Told | Reject]]) -> tuple[list[tuple[int, Told]], list[Reject]]:
    good: list[tuple[int, Told]] = []
    rejects: list[Reject] = []
    first: dict[str, int] = {}
    for line, told in lines:
        if isinstance(told, Reject):
            rejects.append(told)
        elif (before := first.setdefault(told["person_id"], line)) != line:
            rejects.append(Reject(line, "person_id", f"stands in line {before}, too; keep one of the two"))
        else:
            good.append((line, told))
    return good, rejects


def _twice(
    good: list[tuple[int, Told]], known: dict[str, Person], connection: Connection
) -> Iterator[Reject]:
    """Addresses that belong to someone else once all is done, and people who were erased.

    A row that is refused leaves its person's address where it was, so we look again until nothing is refused.
    """
    refused: dict[int, Reject] = {
        line: Reject(line, "person_id", "was erased on their own wish; give a new person an id of their own")
        for line, told in good
        if (person := known.get(told["person_id"])) is not None and person.erased_at is not None
    }
    holders = people.holders(connection, (key(told["email"]) for _, told in good))
    while True:
        moving = {told["person_id"] for line, told in good if line not in refused}
        has = {address: holder for address, holder in holders.items() if holder not in moving}
        before = len(refused)
        for line, told in good:
            if line in refused:
                continue
            holder = has.setdefault(key(told["email"]), told["person_id"])
            if holder != told["person_id"]:
                reason = f"{told['email']!r} is the address of {holder} already; each person has their own"
                refused[line] = Reject(line, "email", reason)
        if len(refused) == before:
            yield from refused.values()
            return


def _merged(old: Person | None, told: Told, now: datetime) -> Person:
    """What is known now: people's own choices stand, and what the list does not say stays."""
    if old is None:
        return Person(**told, since=now)
    return replace(old, **{name: value for name, value in told.items() if name not in old.chosen})
