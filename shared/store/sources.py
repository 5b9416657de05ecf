"""What came from each source: how much, up to when, and when last."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, update
from sqlalchemy.dialects import postgresql, sqlite

from shared.events.deliveries import ASKED
from shared.events.drafts import DraftConfirmed, DraftSubmitted
from shared.instants import moment
from shared.tables import sources

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.store.journal import Entry

_TOLD_BY_PEOPLE = (DraftSubmitted, DraftConfirmed)


def note(connection: Connection, fresh: Iterable[Entry], seen: set[str], received_at: datetime) -> None:
    """Add new events to what came from their sources; whoever was seen at all was heard of just now.

    What people tell is of no source that could ever have told all, so it makes none.
    Call it last in a transaction: on PostgreSQL whoever else hears of a source waits from here to the commit.
    """
    of_source: dict[str, list[Entry]] = defaultdict(list)
    for entry in fresh:
        if entry.key[0] != ASKED and not isinstance(entry.event.data, _TOLD_BY_PEOPLE):
            of_source[entry.key[0]].append(entry)
    found = {
        name: {
            "source": name,
            "events": len(entries),
            "last_time": moment(max([entry.time for entry in entries])),
            "last_known_at": moment(max([entry.known_at for entry in entries])),
            "received_at": received_at,
        }
        for name, entries in of_source.items()
    }
    if found:
        connection.execute(_upsert(connection.dialect.name), [found[name] for name in sorted(found)])
    if again := sorted(seen - found.keys()):
        connection.execute(update(sources).where(sources.c.source.in_(again)).values(received_at=received_at))


@cache
def _upsert(dialect: str) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    new = insert(sources)
    told, held = new.excluded, sources.c
    later = {
        name: case((told[name] > held[name], told[name]), else_=held[name])
        for name in ("last_time", "last_known_at", "received_at")
    }
    return new.on_conflict_do_update(
        index_elements=["source"], set_={"events": held.events + told.events, **later}
    )
