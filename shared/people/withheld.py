"""The names that nobody is to read any more in what was told before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists

from shared import tables
from shared.editions.withholding import Withheld
from shared.store import people, stories
from shared.store.names import confidential, names_of_each
from shared.stories.names import clean

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from shared.editions.model import Edition


def withheld(connection: Connection) -> tuple[Withheld, ...]:
    """Of who is never to be named, in any story; of who objected to one, in that one.

    And of customers that are confidential now, of which a win or a highlight may have been told.
    """
    never, objected = people.unnamed(connection), stories.objections(connection)
    told = names_of_each(connection, {*never, *(person_id for _, person_id in objected)})
    called: dict[str, list[str]] = {}
    for person_id, name in sorted(told):
        called.setdefault(person_id, []).append(clean(name))
    rows = people.rows(connection, [person_id for _, person_id in objected])
    return (
        *(
            Withheld(name, department)
            for person_id, department in sorted(never.items())
            for name in called.get(person_id, ())
        ),
        *(
            Withheld(name, rows[person_id].department if person_id in rows else None, story_id)
            for story_id, person_id in objected
            for name in called.get(person_id, ())
        ),
        *_confidential(connection, _HAS_WINS),
    )


def confidential_by_now(connection: Connection, edition: Edition) -> list[Withheld]:
    """Those of the customers an edition tells of whose names not everyone may see."""
    ids = {story.customer_id for story in edition.stories} | {each.account_id for each in edition.highlights}
    return _confidential(connection, _C.customer_id.in_(ids - {None}))


def _confidential(connection: Connection, whose: ColumnElement[bool]) -> list[Withheld]:
    return [
        Withheld(clean(name), None, customer_id=customer_id, segment=clean(segment or "") or None)
        for customer_id, segment, called in confidential(connection, whose)
        for name in called
    ]


_C = tables.customers.c
_HAS_WINS = exists().where(tables.wins.c.customer_id == _C.customer_id)
