"""Use case: an administrator finds people, and says where they work and which roles they have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from shared import tables
from shared.people.model import DEPARTMENTS, NAMINGS, ROLES, PeopleError
from shared.people.reading import one, row, those
from shared.store import people, sign_ins

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from shared.people.model import Person
    from shared.store.engine import Store

_P = tables.people.c
ADMINISTRATOR = "administrator"


def found(connection: Connection, text: str, first: int, most: int) -> tuple[list[Person], int]:
    """So many people from the `first` on, by id, in whose name, address or id a text stands; how many."""
    where: list[ColumnElement[bool]] = [_P.erased_at.is_(None)]
    if text:
        needle = text.lower()
        held = (
            func.lower(column).contains(needle, autoescape=True)
            for column in (_P.name, _P.email, _P.person_id)
        )
        where.append(or_(*held))
    total = connection.scalar(select(func.count()).select_from(tables.people).where(*where)) or 0
    ids = select(_P.person_id).where(*where).order_by(_P.person_id).limit(most).offset(first)
    known = those(connection, connection.scalars(ids))
    return [known[person_id] for person_id in sorted(known)], total


def place(
    store: Store,
    person_id: str,
    now: datetime,
    *,
    who: str,
    department: str,
    roles: frozenset[str],
    customers: frozenset[str] | None = None,
) -> Person:
    """Keep where someone works, their roles and their customers; raises PeopleError.

    Without customers of their own, those are theirs whose registration names them. Other roles sign them out.
    """
    if department not in DEPARTMENTS:
        raise PeopleError(f"There is no department {department!r}; write one of {', '.join(DEPARTMENTS)}")
    if unknown := sorted(roles - set(ROLES)):
        raise PeopleError(f"There is no role {unknown[0]!r}; write one of {', '.join(ROLES)}")
    with store.noting() as connection:
        people.take_turns(connection)
        person = one(connection, person_id)
        if person.erased_at is not None:
            raise PeopleError(f"{person_id} was erased; there is nobody left to change")
        if ADMINISTRATOR in person.roles - roles and _is_last(connection, person_id):
            raise PeopleError(f"{person_id} is the last administrator; make somebody else one before")
        other = {"customers"} if customers != person.customers else set()
        changed = replace(
            person,
            department=department,
            roles=roles,
            customers=customers,
            chosen=person.chosen | {"department", "roles"} | other,
        )
        people.put(connection, [row(changed)])
        people.decided(
            connection,
            now,
            who,
            "place",
            person_id,
            " ".join([department, *sorted(roles), *sorted(customers or ())]),
        )
        if roles != person.roles:
            sign_ins.end_all(connection, person_id)
        return changed


def namings_for(person: Person) -> tuple[str, ...]:
    """How somebody else may have stories speak of a person: as they do, or less. More only they can allow."""
    return NAMINGS[NAMINGS.index(person.naming) :]


def _is_last(connection: Connection, person_id: str) -> bool:
    """Whether nobody else administers."""
    named = _P.roles.contains(f'"{ADMINISTRATOR}"', autoescape=True)
    others = select(func.count()).where(_P.person_id != person_id, _P.erased_at.is_(None), named)
    return not connection.scalar(others)
