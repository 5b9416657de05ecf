"""Whether all has arrived: up to when each source has told all it knows, and who has gone silent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import func, select

from shared import tables
from shared.events.sources import SourceHeartbeat
from shared.history.resolve import in_force
from shared.measuring import all_settled
from shared.store import journal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from sqlalchemy import Connection

    from shared.events.envelope import Event
    from shared.periods import Period
    from shared.rules import Rules


@dataclass(frozen=True, slots=True)
class Source:
    """A source of events, as of an instant."""

    source: str
    watermark: datetime
    """It has told all up to here: what it said itself, else its last event."""
    by: Literal["heartbeat", "events"]
    heard_at: datetime
    """Its last heartbeat where it gives one, else its last event."""
    last_event: datetime
    received_at: datetime
    """When something of it was last received, whatever the instant asked about."""
    events: int
    """How many are in the journal, those that lie ahead too."""

    def silent_since(self, as_of: datetime, patience: timedelta) -> datetime | None:
        """Since when nothing is heard of it; None while that is not long, or it has told all already."""
        silent = as_of - self.heard_at > patience and self.watermark < as_of
        return self.heard_at if silent else None


def sources(connection: Connection, as_of: datetime) -> list[Source]:
    """Every source that has told something by then, by name."""
    held = {row.source: row for row in connection.execute(select(tables.sources))}
    last = {name: row.last_time for name, row in held.items() if row.last_known_at <= as_of}
    last |= _last_known(connection, held.keys() - last.keys(), as_of)
    beats = {beat.source: beat for beat in _heartbeats(connection, as_of)}
    return [
        _source(name, last[name], beats.get(name), held[name].received_at, held[name].events)
        for name in sorted(last)
    ]


def _source(
    name: str, last: datetime, beat: Event[SourceHeartbeat] | None, received_at: datetime, events: int
) -> Source:
    if beat is None:
        return Source(name, last, "events", last, last, received_at, events)
    return Source(name, beat.data.complete_until, "heartbeat", beat.time, last, received_at, events)


def arrived(told: Iterable[Source], period: Period, rules: Rules) -> bool:
    """Whether every source, one at least, has told all of a period."""
    told = list(told)
    return bool(told) and not behind(told, period, rules)


def behind(told: Iterable[Source], period: Period, rules: Rules) -> list[Source]:
    """The sources that have not told all of a period."""
    end = period.ends_at(rules.zone)
    return [source for source in told if source.watermark < end]


def complete(told: Iterable[Source], period: Period, as_of: datetime, rules: Rules) -> bool:
    """Whether all of a period has arrived, and every figure of it is final."""
    return arrived(told, period, rules) and all_settled(period, as_of, rules)


def _last_known(connection: Connection, names: set[str], as_of: datetime) -> dict[str, datetime]:
    """The same from the journal, where some events lie ahead."""
    if not names:
        return {}
    column = tables.journal.c
    query = (
        select(column.source, func.max(column.time))
        .where(column.known_at <= as_of, column.source.in_(sorted(names)))
        .group_by(column.source)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _heartbeats(connection: Connection, as_of: datetime) -> list[Event[Any]]:
    """What each source said of itself and did not take back, in order of time.

    Whether a correction counts follows from what it corrects and from all else that corrects the same.
    """
    told = {event.key: event for _, event in journal.heartbeats(connection, as_of)}
    new = set(told)
    while new:
        above = {(one.source, one.id) for key in new if (one := told[key].data.corrects) is not None}
        beside = above | journal.corrections(connection, new | above).keys()
        found = journal.named(connection, beside - told.keys())
        told |= {key: event for key, event in found.items() if event.known_at <= as_of}
        new = found.keys() & told.keys()
    beats = [event for event in in_force(list(told.values())) if isinstance(event.data, SourceHeartbeat)]
    return sorted(beats, key=lambda event: (event.time, event.id))
