"""The outbox: what is to leave for Kafka, written with the effects it tells of, removed once Kafka has it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import orjson
from sqlalchemy import Connection, Row, and_, delete, exists, func, or_, select, update

from shared import tables
from shared.store.bulk import insert_rows
from shared.store.chunks import MOST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from typing import Any

    from shared.intake import Headers
    from shared.store.letters import Unread

DEAD = ".dead"
"""Ends the name of a topic of dead letters, which Tandem writes and never reads."""
_OUTBOX = tables.outbox
_O = _OUTBOX.c


@dataclass(frozen=True, slots=True)
class Record:
    """One record for Kafka; those of one topic and key arrive in the order they were put in."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    number: int = 0


class Waiting(NamedTuple):
    """What has not left: how many, since when, and what Kafka refused."""

    number: int
    since: datetime | None
    refused: tuple[tuple[str, str], ...]
    """Topic and reason of the first few."""


def put(connection: Connection, records: Iterable[Record], at: datetime) -> None:
    """Add records at the end."""
    insert_rows(connection, _OUTBOX, [_row(record, at) for record in records])


def put_dead(connection: Connection, unread: Iterable[Unread], at: datetime) -> None:
    """Add dead letters of Kafka for `<topic>.dead`: as they came, and why they could not be read."""
    put(connection, (_dead(one) for one in unread if one.origin.topic), at)


def topics(connection: Connection) -> set[str]:
    """The topics that something waits for."""
    return set(connection.scalars(select(_O.topic).distinct()))


def first(connection: Connection, topic: str, most: int) -> list[Record]:
    """The next records of a topic; one whose key waits behind a refused record waits too."""
    query = select(_OUTBOX).where(_O.topic == topic, _sendable()).order_by(_O.number).limit(most)
    return [_record(row) for row in connection.execute(query)]


def idle(connection: Connection, some: Iterable[str]) -> bool:
    """Whether nothing of these topics waits that could leave now."""
    query = select(_O.number).where(_O.topic.in_(list(some)), _sendable()).limit(1)
    return connection.execute(query).first() is None


def remove(connection: Connection, numbers: Sequence[int]) -> None:
    """Take out what Kafka has acknowledged."""
    for start in range(0, len(numbers), MOST):
        some = numbers[start : start + MOST]
        connection.execute(delete(_OUTBOX).where(_O.number.in_(some)))


def refuse(connection: Connection, number: int, reason: str) -> None:
    """Set a record aside that Kafka will not take; those of its key wait behind it."""
    connection.execute(update(_OUTBOX).where(_O.number == number).values(refused=reason))


def expire(connection: Connection, before: datetime) -> None:
    """Remove dead letters that wait since before an instant: raw input is not kept for ever."""
    connection.execute(delete(_OUTBOX).where(_is_dead(), _O.created_at < before))


def retry(connection: Connection) -> None:
    """Let everything that was refused try again."""
    connection.execute(update(_OUTBOX).where(_O.refused.is_not(None)).values(refused=None))


def waiting(connection: Connection) -> Waiting:
    """How much has not left yet."""
    number, since = connection.execute(select(func.count(), func.min(_O.created_at))).one()
    query = select(_O.topic, _O.refused).where(_O.refused.is_not(None)).order_by(_O.number).limit(3)
    return Waiting(number, since, tuple((row.topic, row.refused) for row in connection.execute(query)))


def _sendable() -> Any:
    """Neither refused itself nor behind a refused record of its key.

    Without a key there is no order, and every dead letter stands for itself.
    """
    before = _OUTBOX.alias("before")
    ahead = and_(before.c.topic == _O.topic, before.c.key == _O.key, before.c.number < _O.number)
    held_up = exists().where(ahead, before.c.refused.is_not(None)).correlate(_OUTBOX)
    return and_(_O.refused.is_(None), or_(_is_dead(), ~held_up))


def _is_dead() -> Any:
    return _O.topic.endswith(DEAD, autoescape=True)


def _dead(one: Unread) -> Record:
    origin = one.origin
    said = {"tandem_origin": origin.name, "tandem_field": one.field, "tandem_reason": one.reason}
    why = tuple((name, text.encode(errors="replace")) for name, text in said.items())
    value = one.raw if origin.headers is None else origin.value
    if value is None and origin.key is None:
        value = b""  # a client of Kafka sends no record without both
    return Record(origin.topic + DEAD, origin.key, value, (*(origin.headers or ()), *why))


def _row(record: Record, at: datetime) -> dict[str, Any]:
    headers = [[name, None if value is None else b64encode(value).decode()] for name, value in record.headers]
    return {
        "topic": record.topic,
        "key": record.key,
        "headers": orjson.dumps(headers),
        "value": record.value,
        "created_at": at,
        "refused": None,
    }


def _record(row: Row[Any]) -> Record:
    headers = ((name, None if text is None else b64decode(text)) for name, text in orjson.loads(row.headers))
    return Record(row.topic, row.key, row.value, tuple(headers), row.number)
