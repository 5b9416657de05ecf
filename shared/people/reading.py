"""People as the database keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from shared.people.addresses import key
from shared.people.model import PeopleError, Person
from shared.store import people

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection, Row


def everyone(connection: Connection) -> Iterator[list[Person]]:
    """All who were not erased, by id, a thousand at a time."""
    for some in people.all_rows(connection):
        yield _with_subscriptions(connection, some)


def those(connection: Connection, person_ids: Iterable[str]) -> dict[str, Person]:
    """These people, erased ones too."""
    found = people.rows(connection, person_ids)
    return {each.person_id: each for each in _with_subscriptions(connection, found.values())}


def one(connection: Connection, person_id: str) -> Person:
    """One person; raises PeopleError."""
    found = those(connection, [person_id]).get(person_id)
    if found is None:
        raise PeopleError(f"There is no person {person_id}; tandem people list shows everyone")
    return found


def row(person: Person) -> dict[str, Any]:
    """A person as a row."""
    return {
        "person_id": person.person_id,
        "email": person.email,
        "email_key": person.email and key(person.email),
        "name": person.name,
        "department": person.department,
        "language": person.language,
        "naming": person.naming,
        "roles": people.listed(person.roles),
        "customers": people.listed(person.customers),
        "chosen": people.listed(person.chosen),
        "since": person.since,
        "erased_at": person.erased_at,
    }


def _with_subscriptions(connection: Connection, rows: Iterable[Row[Any]]) -> list[Person]:
    found = list(rows)
    wanted = people.subscriptions(connection, [each.person_id for each in found])
    return [_person(each, wanted.get(each.person_id, {})) for each in found]


def _person(found: Row[Any], subscriptions: dict[str, str]) -> Person:
    return Person(
        found.person_id,
        found.email,
        found.name,
        found.department,
        found.language,
        found.naming,
        frozenset(orjson.loads(found.roles)),
        None if found.customers is None else frozenset(orjson.loads(found.customers)),
        frozenset(orjson.loads(found.chosen)),
        found.since,
        found.erased_at,
        subscriptions,
    )
