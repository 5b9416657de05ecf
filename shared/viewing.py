"""Reading as of any instant: as if the projections had been built then."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from shared import tables
from shared.events.sources import SourceHeartbeat
from shared.projecting.built import stale
from shared.projecting.projector import project
from shared.projecting.reading import Reading
from shared.store import journal
from shared.store.shadow import cast_shadow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from shared.rules import Rules
    from shared.store.engine import Store


@contextmanager
def view(store: Store, as_of: datetime, rules: Rules) -> Iterator[Connection]:
    """Yield a connection whose projections stand as of an instant; nothing is written."""
    with store.reading() as connection:
        if subjects := stale(connection, as_of, rules):
            cast_shadow(connection)
            project(Reading(connection, as_of, rules), subjects)
        yield connection


def watermarks(connection: Connection, as_of: datetime) -> dict[str, datetime]:
    """Up to when each source has told all: what it said itself, else its last event."""
    column = tables.journal.c
    seen = (
        select(column.source, func.max(column.time)).where(column.known_at <= as_of).group_by(column.source)
    )
    marks: dict[str, datetime] = {row[0]: row[1] for row in connection.execute(seen)}
    for source, event in journal.heartbeats(connection, as_of):
        said = event.data
        assert isinstance(said, SourceHeartbeat), "asked for heartbeats only"
        marks[source] = said.complete_until
    return marks
