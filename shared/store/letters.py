"""Dead letters: what could not be read, exactly as it came, until it is replayed, discarded or too old."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import orjson
from sqlalchemy import bindparam, case, func, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shared.events.cloudevents import structured
from shared.store import outbox
from shared.store.chunks import Among, chunks
from shared.tables import dead_letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.intake import Headers, Origin

State = Literal["waiting", "replayed", "discarded", "expired"]
_C = dead_letters.c
_MOST_OF_A_NAME = 500
"""Characters; PostgreSQL indexes no text of more than some 2,700 bytes."""
_MOST_OF_A_REASON = 2000
_AT_A_TIME = 1000
_TOO_LATE = "Nobody replayed or discarded it in time"
_TOLD = (
    "number origin topic field reason received_at state settled_at note erased_at".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter without its bytes; `size` is how many its value has, None where they were erased."""

    number: int
    origin: str
    topic: str
    field: str
    reason: str
    received_at: datetime
    state: State
    settled_at: datetime | None
    note: str | None
    erased_at: datetime | None
    size: int | None


@dataclass(frozen=True, slots=True)
class Contents:
    """The bytes of a dead letter, as they came."""

    value: bytes | None
    key: bytes | None
    headers: Headers | None

    @property
    def event(self) -> bytes:
        """The bytes to record: of a record of Kafka put together anew from its headers and value."""
        return self.value or b"" if self.headers is None else structured(self.value, self.headers)


class Unread(NamedTuple):
    """One input that could not be read, the field that is wrong, and the reason."""

    origin: Origin
    raw: bytes
    field: str
    reason: str


def bury(connection: Connection, unread: Sequence[Unread], received_at: datetime) -> list[Unread]:
    """Keep what could not be read, once for each origin; return what was not kept before."""
    if not unread:
        return []
    by_origin: dict[str, Unread] = {}
    for one in unread:
        by_origin.setdefault(_storable(one.origin.name, _MOST_OF_A_NAME), one)
    for some in chunks(list(by_origin)):
        for known in connection.scalars(select(_C.origin).where(Among(_C.origin, some))):
            del by_origin[known]
    rows = [_row(one, received_at) for one in by_origin.values()]
    if rows:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        insert = dialect.insert(dead_letters).on_conflict_do_nothing(index_elements=["origin"])
        connection.execute(insert, rows)
    return list(by_origin.values())


def _row(one: Unread, received_at: datetime) -> dict[str, Any]:
    origin = one.origin
    return {
        "origin": _storable(origin.name, _MOST_OF_A_NAME),
        "topic": _storable(origin.topic, _MOST_OF_A_NAME),
        "key": origin.key,
        "headers": _packed(origin.headers),
        "body": one.raw if origin.headers is None else origin.value,
        "field": _storable(one.field),
        "reason": _storable(one.reason),
        "received_at": received_at,
        "state": "waiting",
    }


def erase(connection: Connection, received_before: datetime, now: datetime) -> bool:
    """Remove the bytes of letters that are too old, some at a time; that they came stays known.

    Return whether there were any.
    """
    old = select(_C.number).where(_C.erased_at.is_(None), _C.received_at < received_before)
    if not (numbers := list(connection.scalars(old.order_by(_C.received_at).limit(_AT_A_TIME)))):
        return False
    expired = update(dead_letters).where(Among(_C.number, numbers))
    connection.execute(expired.values(body=null(), headers=null(), key=null(), erased_at=now))
    outbox.expire(connection, received_before)
    late = {"state": "expired", "settled_at": now, "note": _TOO_LATE}
    connection.execute(expired.where(_C.state == "waiting").values(**late))
    return True


def listed(connection: Connection, numbers: Iterable[int] | None = None) -> list[Letter]:
    """All letters, or those of these numbers, in the order in which they came."""
    size = case((_C.erased_at.is_(None), func.coalesce(func.length(_C.body), 0))).label("size")
    query = select(*(_C[name] for name in _TOLD), size)
    if numbers is None:
        rows = list(connection.execute(query))
    else:
        rows = [
            row
            for some in chunks(sorted(numbers))
            for row in connection.execute(query.where(Among(_C.number, some)))
        ]
    return sorted((Letter(*row) for row in rows), key=lambda letter: letter.number)


def at(letters: Iterable[Letter], as_of: datetime) -> list[Letter]:
    """Those that had come by then, as they stood then.

    What became of one last is all that is kept: discarded and then replayed, it waits until it was.
    """
    return [
        replace(letter, state="waiting", settled_at=None, note=None)
        if letter.settled_at is not None and letter.settled_at > as_of
        else letter
        for letter in letters
        if letter.received_at <= as_of
    ]


def latest(connection: Connection, most: int) -> list[Letter]:
    """The letters that wait and then the others, of each the latest first."""
    size = case((_C.erased_at.is_(None), func.coalesce(func.length(_C.body), 0))).label("size")
    query = select(*(_C[name] for name in _TOLD), size).order_by(_C.number.desc())
    found = list(connection.execute(query.where(_C.state == "waiting").limit(most)))
    found += connection.execute(query.where(_C.state != "waiting").limit(most - len(found)))
    return [Letter(*row) for row in found]


def contents(connection: Connection, numbers: Iterable[int]) -> dict[int, Contents]:
    """The bytes of these letters, but for those that were erased."""
    kept = select(_C.number, _C.body, _C.key, _C.headers).where(_C.erased_at.is_(None))
    return {
        row.number: Contents(row.body, row.key, _unpacked(row.headers))
        for some in chunks(sorted(numbers))
        for row in connection.execute(kept.where(Among(_C.number, some)))
    }


def waiting(connection: Connection) -> list[int]:
    """The numbers of all letters that wait."""
    return list(connection.scalars(select(_C.number).where(_C.state == "waiting").order_by(_C.number)))


def settle(connection: Connection, state: State, notes: Mapping[int, str], now: datetime) -> None:
    """Note what became of letters, by number; that one was replayed stands for ever."""
    if notes:
        open_ = (_C.number == bindparam("of"), _C.state != "replayed")
        said: dict[str, Any] = {"state": state, "settled_at": now, "note": bindparam("why")}
        rows = [{"of": number, "why": _storable(note)} for number, note in notes.items()]
        connection.execute(update(dead_letters).where(*open_).values(**said), rows)


def keep_waiting(connection: Connection, number: int, field: str, reason: str) -> None:
    """Note why a letter that waits still cannot be read."""
    said = {"field": _storable(field), "reason": _storable(reason)}
    waits = (_C.number == number, _C.state == "waiting")
    connection.execute(update(dead_letters).where(*waits).values(**said))


def counts(connection: Connection) -> dict[str, int]:
    """How many letters there are of each state."""
    query = select(_C.state, func.count()).group_by(_C.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def how_many_wait(connection: Connection, as_of: datetime | None = None) -> int:
    """How many letters wait, or waited."""
    query = select(func.count()).select_from(dead_letters)
    if as_of is None:
        query = query.where(_C.state == "waiting")
    else:
        query = query.where(_C.received_at <= as_of, or_(_C.settled_at.is_(None), _C.settled_at > as_of))
    return connection.scalar(query) or 0


def _storable(text: str, most: int = _MOST_OF_A_REASON) -> str:
    """Text that any database keeps: PostgreSQL takes no NUL, and no database half a surrogate pair."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()[:most]


def _packed(headers: Headers | None) -> bytes | None:
    if headers is None:
        return None
    return orjson.dumps([[name, None if one is None else b64encode(one).decode()] for name, one in headers])


def _unpacked(packed: bytes | None) -> Headers | None:
    if packed is None:
        return None
    return tuple((name, None if one is None else b64decode(one)) for name, one in orjson.loads(packed))
