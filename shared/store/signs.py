"""When people last showed that they use what they get: a visit to the newsroom, a choice, a thank-you."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from shared import tables
from shared.instants import microseconds
from shared.store.bulk import upsert_stored
from shared.store.chunks import Among, run_among

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

_S, _I, _T = tables.signs.c, tables.sign_ins.c, tables.thanks.c
_SIGNS = select(_S.person_id, _S.at).where(Among(_S.person_id))
_VISITS = select(_I.person_id, func.max(_I.seen_at)).where(Among(_I.person_id)).group_by(_I.person_id)

_THANKS = select(_T.person_id, func.max(_T.changed_at)).where(Among(_T.person_id)).group_by(_T.person_id)


def note(connection: Connection, person_id: str, now: datetime) -> None:
    """Somebody did something that only a reader does; opening a mail is none of it."""
    upsert_stored(connection, tables.signs, [(person_id, microseconds(now))])


def last(connection: Connection, person_ids: Iterable[str]) -> dict[str, datetime]:
    """When each of them last did."""
    wanted, found = list(person_ids), dict[str, "datetime"]()
    for query in (_SIGNS, _VISITS, _THANKS):
        for person_id, at in run_among(connection, query, wanted):
            found[person_id] = max(at, found.get(person_id, at))
    return found


def forget(connection: Connection, person_id: str) -> None:
    """Keep nothing of it."""
    connection.execute(delete(tables.signs).where(_S.person_id == person_id))
