"""Whose customers are whose."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from shared import tables
from shared.events.customers import CustomerRegistered
from shared.store import journal
from shared.store.projections import roots

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from shared.people.model import Person
    from shared.store.journal import Key


def owned(connection: Connection) -> dict[str, frozenset[str]]:
    """The customers of each account owner, by the last registration in force that names one.

    Customers by id of the one that they were merged into.
    """
    column, found = tables.customers.c, defaultdict(set)
    query = select(column.merged_id, column.registrations).where(column.registrations != "")
    said = {_last(row.registrations): row.merged_id for row in connection.execute(query)}
    for key, event in journal.named(connection, said).items():
        owner = event.data.account_owner if isinstance(event.data, CustomerRegistered) else None
        if owner is not None:
            found[owner.person_id].add(said[key])
    return {person_id: frozenset(customers) for person_id, customers in found.items()}


def accounts_of(
    connection: Connection, people: Iterable[Person], owners: dict[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """The customers of each of these people: those that a list gave them, else those they own."""
    people = list(people)
    given = {customer for person in people for customer in person.customers or ()}
    merged = {name: both[1] for name, both in roots(connection, given).items()}
    return {
        person.person_id: owners.get(person.person_id, frozenset())
        if person.customers is None
        else frozenset(merged.get(name, name) for name in person.customers)
        for person in people
    }


def _last(registrations: str) -> Key:
    source, _, event_id = registrations.rstrip("\n").rpartition("\n")[2].partition("\t")
    return source, event_id
