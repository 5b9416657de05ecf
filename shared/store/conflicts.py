"""Conflicts: the name of one event under other content. The stored one stands; both are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import and_, exists, func, select

from shared.store import journal
from shared.tables import conflicts
from shared.tables import journal as events

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Connection, Select

    from shared.store.journal import Key

_C, _J = conflicts.c, events.c


class Difference(NamedTuple):
    """A field and what it holds in each of the two; None also where it is not there."""

    field: str
    stored: Any
    received: Any
    same: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """What came under the name of a stored event. Names and free texts are in neither document."""

    source: str
    id: str
    type: str
    received_at: datetime
    stored: dict[str, Any]
    received: dict[str, Any]
    corrected_by: tuple[Key, ...]
    """The events that correct or retract the stored one since."""

    @property
    def fields(self) -> list[Difference]:
        """Every field of both."""
        stored, received = dict(_leaves(self.stored)), dict(_leaves(self.received))
        return [
            Difference(
                name, stored.get(name), received.get(name), _text(stored, name) == _text(received, name)
            )
            for name in {**stored, **received}
        ]

    @property
    def differences(self) -> list[Difference]:
        """The fields that differ; none where only names or free texts do, which are kept apart."""
        return [each for each in self.fields if not each.same]


def listed(connection: Connection, key: Key | None = None, as_of: datetime | None = None) -> list[Conflict]:
    """All conflicts, or those under one name, in the order in which they came.

    As of an instant both events of a conflict exist, whenever they came, and so does what corrects one.
    """
    query = _ALL.order_by(_C.received_at, _C.source, _C.id, _C.digest)
    if key is not None:
        query = query.where(_C.source == key[0], _C.id == key[1])
    if as_of is None:
        return _told(connection, query)
    found = _told(connection, query.where(_J.known_at <= as_of), as_of)
    return [conflict for conflict in found if _known_at(conflict.received) <= as_of]


def _known_at(event: dict[str, Any]) -> datetime:
    times = [event["time"], event["data"].get("recorded_at") or event["time"]]
    return max(datetime.fromisoformat(text) for text in times)


def latest(connection: Connection, most: int) -> list[Conflict]:
    """So many conflicts, the latest first."""
    return _told(connection, _ALL.order_by(_C.received_at.desc(), _C.source, _C.id, _C.digest).limit(most))


_ALL = select(conflicts, _J.type, _J.body.label("stored")).join(
    events, and_(_J.source == _C.source, _J.id == _C.id)
)


def _told(connection: Connection, query: Select[Any], as_of: datetime | None = None) -> list[Conflict]:
    rows = connection.execute(query).all()
    corrected = _corrected(connection, {(row.source, row.id) for row in rows}, as_of)
    return [
        Conflict(
            row.source,
            row.id,
            row.type,
            row.received_at,
            orjson.loads(row.stored),
            orjson.loads(row.body),
            tuple(corrected.get((row.source, row.id), ())),
        )
        for row in rows
    ]


def open_count(connection: Connection, as_of: datetime | None = None) -> int:
    """How many conflicts nobody has settled by correcting or retracting the stored event."""
    if as_of is not None:
        return sum(not conflict.corrected_by for conflict in listed(connection, as_of=as_of))
    return connection.scalar(select(func.count()).select_from(conflicts).where(~_is_corrected())) or 0


def _is_corrected() -> ColumnElement[bool]:
    return exists().where(_J.corrects_source == _C.source, _J.corrects_id == _C.id)


def _corrected(connection: Connection, keys: set[Key], as_of: datetime | None) -> dict[Key, list[Key]]:
    found: dict[Key, list[Key]] = {}
    known = journal.corrections(connection, keys)
    told = journal.named(connection, known) if as_of is not None else {}
    for key, row in sorted(known.items()):
        if row.corrects is not None and (as_of is None or told[key].known_at <= as_of):
            found.setdefault(row.corrects, []).append(key)
    return found


def _text(fields: dict[str, Any], name: str) -> bytes | None:
    """The value as JSON, in which true is not 1 and null is not nothing."""
    return orjson.dumps(fields[name]) if name in fields else None


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each field by its path, such as `data.lines.0.qty`; an empty list or object is a value."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not below:
        yield path, value
    for name, each in below:
        yield from _leaves(each, f"{path}.{name}" if path else str(name))
