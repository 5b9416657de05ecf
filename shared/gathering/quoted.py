"""Notes of thanks in editions, and whether their writers still let everyone read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.gathering.thanked import signed
from shared.people.reading import those
from shared.store import thanks

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from shared.editions.model import Edition


def unwanted(connection: Connection, edition: Edition) -> set[str]:
    """The notes that may not be read any more, or not under the name that stands below them."""
    notes = edition.thanked.notes if edition.thanked else ()
    if not notes:
        return set()
    known = thanks.those(connection, [each.thanks_id for each in notes])
    givers = those(connection, {each.person_id for each in known.values()})
    wanted = {
        thanks_id: signed(givers.get(row.person_id), row.department)
        for thanks_id, row in known.items()
        if row.shown and row.taken_back_at is None
    }
    return {
        each.thanks_id
        for each in notes
        if (may := wanted.get(each.thanks_id)) is None
        or (each.by is not None and may[0] != each.by)
        or (each.department is not None and may[1] is None)
    }


def as_wished(connection: Connection, edition: Edition) -> Edition:
    """The edition without the notes that may not be read any more."""
    gone = unwanted(connection, edition)
    if not gone or edition.thanked is None:
        return edition
    kept = tuple(note for note in edition.thanked.notes if note.thanks_id not in gone)
    return edition.model_copy(update={"thanked": edition.thanked.model_copy(update={"notes": kept})})
