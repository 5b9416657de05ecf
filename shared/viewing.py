"""Reading as of any instant: as if the projections had been built then."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from shared import tables
from shared.events.sources import SourceHeartbeat
from shared.history.resolve import in_force
from shared.projecting.built import stale
from shared.projecting.projector import project
from shared.projecting.reading import Reading
from shared.store import journal
from shared.store.shadow import cast_shadow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from shared.events.envelope import Event
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
    for event in _heartbeats(connection, as_of):
        said = event.data
        assert isinstance(said, SourceHeartbeat), "asked for heartbeats only"
        marks[event.source] = said.complete_until
    return marks


def _heartbeats(connection: Connection, as_of: datetime) -> list[Event[Any]]:
    """What each source said of itself and did not take back, in order of time."""
    told = [event for _, event in journal.heartbeats(connection, as_of)]
    against = journal.named(connection, journal.corrections(connection, {event.key for event in told}))
    retractions = [
        event
        for event in against.values()
        if event.known_at <= as_of and not isinstance(event.data, SourceHeartbeat)
    ]
    return sorted(in_force([*told, *retractions]), key=lambda event: (event.time, event.id))
