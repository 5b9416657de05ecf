"""The names that nobody is to read any more in what was told before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.editions.withholding import Withheld
from shared.store import people, stories
from shared.store.names import names_of_each
from shared.stories.names import clean

if TYPE_CHECKING:
    from sqlalchemy import Connection


def withheld(connection: Connection) -> tuple[Withheld, ...]:
    """Of who is never to be named, in any story; and of who objected to one, in that one."""
    never, objected = people.unnamed(connection), stories.objections(connection)
    told = names_of_each(connection, {*never, *(person_id for _, person_id in objected)})
    if not told:
        return ()
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
    )
