"""Dead letters: what could not be read, exactly as it came, until it is replayed, discarded or too old."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import orjson
from sqlalchemy import func, null, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shared.events.cloudevents import structured
from shared.store.chunks import among, chunks
from shared.tables import dead_letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from shared.intake import Headers, Origin

State = Literal["waiting", "replayed", "discarded", "expired"]
_C = dead_letters.c
_MOST_OF_A_REASON = 2000
_AT_A_TIME = 1000


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter; once its bytes are erased, `value`, `key` and `headers` are gone."""

    number: int
    origin: str
    topic: str
    key: bytes | None
    headers: Headers | None
    value: bytes | None
    field: str
    reason: str
    received_at: datetime
    state: State
    settled_at: datetime | None
    note: str | None
    erased_at: datetime | None

    @property
    def event(self) -> bytes:
        """The bytes to record: of a record of Kafka put together anew from its headers and value."""
        return self.value or b"" if self.headers is None else structured(self.value, self.headers)


def bury(
    connection: Connection, letters: Sequence[tuple[Origin, bytes, str, str]], received_at: datetime
) -> None:
    """Keep what could not be read, once for each origin: each with its bytes, the field and the reason."""
    if not letters:
        return
    rows = [
        {
            "origin": _storable(origin.name),
            "topic": _storable(origin.topic),
            "key": origin.key,
            "headers": _packed(origin.headers),
            "body": raw if origin.headers is None else origin.value,
            "field": _storable(field),
            "reason": _storable(reason),
            "received_at": received_at,
            "state": "waiting",
        }
        for origin, raw, field, reason in letters
    ]
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(dead_letters).on_conflict_do_nothing(index_elements=["origin"]), rows)


def erase(connection: Connection, received_before: datetime, now: datetime) -> None:
    """Remove the bytes of letters that are too old, some at a time; that they came stays known."""
    old = select(_C.number).where(_C.erased_at.is_(None), _C.received_at < received_before)
    if not (numbers := list(connection.scalars(old.order_by(_C.received_at).limit(_AT_A_TIME)))):
        return
    expired = update(dead_letters).where(among(connection, _C.number, numbers))
    connection.execute(expired.values(body=null(), headers=null(), key=null(), erased_at=now))
    late = {"state": "expired", "settled_at": now, "note": "Nobody replayed or discarded it in time"}
    connection.execute(expired.where(_C.state == "waiting").values(**late))


def find(connection: Connection, numbers: Iterable[int]) -> list[Letter]:
    """The letters of these numbers, in the order in which they came."""
    rows = (
        row
        for some in chunks(sorted(numbers))
        for row in connection.execute(select(dead_letters).where(among(connection, _C.number, some)))
    )
    return sorted(map(_letter, rows), key=lambda letter: letter.number)


def settle(connection: Connection, numbers: Iterable[int], state: State, note: str, now: datetime) -> None:
    """Note what became of letters."""
    said = {"state": state, "settled_at": now, "note": _storable(note)}
    for some in chunks(sorted(numbers)):
        connection.execute(update(dead_letters).where(among(connection, _C.number, some)).values(**said))


def keep_waiting(connection: Connection, number: int, field: str, reason: str) -> None:
    """Note why a letter still cannot be read."""
    said = {"field": _storable(field), "reason": _storable(reason)}
    connection.execute(update(dead_letters).where(_C.number == number).values(**said))


def counts(connection: Connection) -> dict[str, int]:
    """How many letters there are of each state."""
    query = select(_C.state, func.count()).group_by(_C.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def _storable(text: str) -> str:
    """Text that any database keeps: PostgreSQL takes no NUL, and no database half a surrogate pair."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()[:_MOST_OF_A_REASON]


def _packed(headers: Headers | None) -> bytes | None:
    if headers is None:
        return None
    return orjson.dumps([[name, None if one is None else b64encode(one).decode()] for name, one in headers])


def _unpacked(packed: bytes | None) -> Headers | None:
    if packed is None:
        return None
    return tuple((name, None if one is None else b64decode(one)) for name, one in orjson.loads(packed))


def _letter(row: Row[Any]) -> Letter:
    return Letter(
        number=row.number,
        origin=row.origin,
        topic=row.topic,
        key=row.key,
        headers=_unpacked(row.headers),
        value=row.body,
        field=row.field,
        reason=row.reason,
        received_at=row.received_at,
        state=row.state,
        settled_at=row.settled_at,
        note=row.note,
        erased_at=row.erased_at,
    )
