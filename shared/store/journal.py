"""The journal: every event once, as it came, read and written in batches."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from hashlib import blake2b
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import (
    BigInteger,
    Connection,
    Row,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite

from shared import tables
from shared.events.catalogue import UnknownEvent, reread, validate
from shared.events.decoding import canonical, decode
from shared.events.envelope import is_invented
from shared.events.sources import SourceHeartbeat
from shared.instants import microseconds, moment
from shared.intake import INTAKE
from shared.store import people
from shared.store.bulk import insert_rows, insert_stored
from shared.store.chunks import Among, run_among
from shared.store.privacy import Apart, redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

    from shared.events.envelope import Event
    from shared.store.bulk import Stored

    AnyEvent = Event[Any]
    Key = tuple[str, str]
    Saying = tuple[int, int, str, str]

_J, _S = tables.journal.c, tables.sources.c


class Known(NamedTuple):
    """What the journal knows of an event without reading it."""

    type: str
    subject: str
    digest: bytes
    corrects: Key | None


class Entry(NamedTuple):
    """An event ready for the journal."""

    event: AnyEvent
    key: Key
    known: Known
    time: int
    """When it happened, as it is stored."""
    known_at: int
    """From when it exists, the same."""
    body: bytes
    """As it came, but for what is kept apart."""
    apart: Apart
    invented: bool
    """Whether it says that it is of a simulation."""


def read(raw: bytes, secret: bytes, *, backfill: bool, most_bytes: int = INTAKE.event_most_bytes) -> Entry:
    """Check one event and take apart what the journal does not keep; raises Rejected."""
    document = decode(raw, most_bytes)
    text = canonical(raw, document)
    event = validate(raw, document)
    (hasher := _hasher(secret).copy()).update(text)
    digest = hasher.digest()
    invented = is_invented(document)
    if isinstance(event, UnknownEvent):
        return _entry(event, digest, raw, Apart(), invented=invented)
    apart, body = redact(type(event.data), document["data"], secret), raw
    if backfill:
        document["data"]["backfill"] = True
    if backfill or apart.texts or apart.names:
        body = orjson.dumps(document)
    if backfill or (apart.texts and apart.texts.keys() & {"contact", "new"}):
        event = reread(event.type, body)  # as it will be read back
    return _entry(event, digest, body, apart, invented=invented)


@cache
def _hasher(secret: bytes) -> blake2b:
    """A keyed hash that has read nothing yet: a copy of it need not work the key in again."""
    return blake2b(digest_size=16, key=secret)


def _entry(event: AnyEvent, digest: bytes, body: bytes, apart: Apart, *, invented: bool) -> Entry:
    data, time = event.data, microseconds(event.time)
    corrects, recorded_at = data.corrects, data.recorded_at
    target = None if corrects is None else (corrects.source, corrects.id)
    known = Known(event.type, data.subject, digest, target)
    known_at = time if recorded_at is None else max(time, microseconds(recorded_at))
    return Entry(event, (event.source, event.id), known, time, known_at, body, apart, invented)


_KNOWN = select(_J.source, _J.id, _J.type, _J.subject, _J.digest, _J.corrects_source, _J.corrects_id)
_NAMED = select(_J.source, _J.id, _J.type, _J.body)


def one_source(statement: Select[Any], source: Any, id_: Any) -> Select[Any]:
    """Ask a statement of some ids of one source, as `by_key` runs it."""
    return statement.where(source == bindparam("name"), Among(id_))


_KNOWN_AS = one_source(_KNOWN, _J.source, _J.id)
_CORRECTING = one_source(_KNOWN, _J.corrects_source, _J.corrects_id)
_CALLED = one_source(_NAMED, _J.source, _J.id)
_ANY_CORRECTION = select(_J.seq).where(_J.corrects_id.is_not(None)).limit(1)


def stored(connection: Connection, keys: Iterable[Key]) -> dict[Key, Known]:
    """Look events up by name."""
    return {(row[0], row[1]): _stored(row) for row in by_key(connection, _KNOWN_AS, keys)}


def corrections(connection: Connection, keys: Iterable[Key]) -> dict[Key, Known]:
    """Find the events that correct or retract any of these."""
    if connection.execute(_ANY_CORRECTION).first() is None:
        return {}
    return {(row[0], row[1]): _stored(row) for row in by_key(connection, _CORRECTING, keys)}


def _stored(row: Row[Any]) -> Known:
    corrects = None if row.corrects_id is None else (row.corrects_source, row.corrects_id)
    return Known(row.type, row.subject, row.digest, corrects)


def by_key(connection: Connection, statement: Select[Any], keys: Iterable[Key]) -> Iterator[Any]:
    """Select by pairs of source and id: one query for each source and thousand ids."""
    by_source: dict[str, list[str]] = defaultdict(list)
    for source, event_id in keys:
        by_source[source].append(event_id)
    for name, ids in sorted(by_source.items()):
        yield from run_among(connection, statement, ids, name=name)


def add(connection: Connection, entries: Sequence[Entry]) -> None:
    """Write new events, and apart from them what people wrote."""
    if not entries:
        return
    insert_stored(connection, tables.journal, [row(entry) for entry in entries])
    texts: list[dict[str, Any]] = [
        {"source": entry.event.source, "id": entry.event.id, "path": path, "text": text}
        for entry in entries
        for path, text in entry.apart.texts.items()
    ]
    if texts:
        insert_rows(connection, tables.texts, texts)


def row(entry: Entry) -> Stored:
    """The row of an event in the journal, as the database keeps it."""
    _, (source, event_id), (kind, subject, digest, corrects), time, known_at, body, _, _ = entry
    target_source, target_id = corrects or (None, None)
    return (source, event_id, kind, subject, time, known_at, target_source, target_id, digest, body)


def add_names(connection: Connection, entries: Sequence[Entry]) -> None:
    """Keep the name said last, by when it was recorded, whatever the order of arrival.

    Whoever else names the same people waits for this transaction from here on.
    """
    said: dict[tuple[str, str], tuple[Saying, str]] = {}
    for entry in entries:
        if names := entry.apart.names:
            recorded_at = entry.event.data.recorded_at
            recorded = entry.time if recorded_at is None else microseconds(recorded_at)
            when = (recorded, entry.time, *entry.key)
            for key, name in names.items():
                if key not in said or said[key] < (when, name):
                    said[key] = (when, name)
    forgotten = people.erased(connection, {name_id for kind, name_id in said if kind == "person"})
    said = {key: told for key, told in said.items() if key[0] != "person" or key[1] not in forgotten}
    if not said:
        return
    rows = [
        {"kind": kind, "id": name_id, "name": name, "said": _said(*when)}
        for (kind, name_id), (when, name) in sorted(said.items())
    ]
    connection.execute(_naming(connection.dialect.name), rows)


@cache
def _naming(dialect: str) -> Any:
    upsert = (postgresql if dialect == "postgresql" else sqlite).insert(tables.names)
    return upsert.on_conflict_do_update(
        index_elements=["kind", "id"],
        set_={"name": upsert.excluded.name, "said": upsert.excluded.said},
        where=upsert.excluded.said > tables.names.c.said,
    )


def _said(recorded: int, time: int, source: str, event_id: str) -> str:
    """A text that sorts as (recorded, happened, source, id) do, from 1900 on."""
    moments = (moment(each).isoformat(timespec="microseconds") for each in (recorded, time))
    return "|".join([*(each.removesuffix("+00:00") for each in moments), source, event_id])


def _dialect_insert(connection: Connection) -> Any:
    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert


def link(connection: Connection, pairs: Iterable[tuple[str, Key]]) -> None:
    """Note that an event matters to another subject than its own."""
    rows = [{"subject": subject, "source": key[0], "id": key[1]} for subject, key in sorted(pairs)]
    if rows:
        connection.execute(_dialect_insert(connection)(tables.links).on_conflict_do_nothing(), rows)


def newest(connection: Connection) -> int:
    """The number of the event that came last; 0 before the first."""
    return connection.scalar(select(func.max(_J.seq))) or 0


def events_of(
    connection: Connection, subjects: Iterable[str], until: int | None = None
) -> dict[str, list[AnyEvent]]:
    """Every event that matters to a subject, whenever it is known, in no particular order.

    With `until`, of the subject's own events only those that came no later than that number.
    """
    found: dict[str, list[AnyEvent]] = {}
    wanted = sorted(subjects)
    own = run_among(connection, _OWN, wanted, until=_MOST if until is None else until)
    for subject, kind, body in chain(own, run_among(connection, _LINKED, wanted)):
        found.setdefault(subject, []).append(reread(kind, body))
    return found


_MOST = 2**62
_L = tables.links.c
_OWN = select(_J.subject, _J.type, _J.body).where(Among(_J.subject), _J.seq <= bindparam("until"))
_LINKED = (
    select(_L.subject, _J.type, _J.body)
    .join(tables.links, and_(_L.source == _J.source, _L.id == _J.id))
    .where(Among(_L.subject))
)


def counts(connection: Connection, subjects: Iterable[str]) -> dict[str, int]:
    """How many events each subject has; without those that a correction ties to another."""
    wanted = sorted(subjects)
    tied = {row[0] for row in run_among(connection, _TIED, wanted)}
    return {row[0]: row[1] for row in run_among(connection, _COUNTS, wanted) if row[0] not in tied}


_TIED = select(_L.subject).where(Among(_L.subject)).distinct()
_COUNTS = select(_J.subject, func.count()).where(Among(_J.subject)).group_by(_J.subject)


def heartbeats(connection: Connection, as_of: datetime) -> list[tuple[str, AnyEvent]]:
    """What each source said of itself, in order of time, from the last on that nothing corrects."""
    before = tables.journal.alias("before")
    against = tables.journal.alias("against").c
    corrected = exists().where(against.corrects_source == before.c.source, against.corrects_id == before.c.id)
    plain = (
        select(before.c.time)
        .where(before.c.source == _S.source, *_heartbeat(before.c, as_of), before.c.corrects_id.is_(None))
        .where(~corrected)
        .order_by(before.c.time.desc(), before.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(_J.source, _J.type, _J.body)
        .join_from(tables.sources, tables.journal, _J.source == _S.source)
        .where(*_heartbeat(_J, as_of), _J.time >= func.coalesce(plain, 0))
        .order_by(_J.time, _J.id)
    )
    return [(source, reread(kind, body)) for source, kind, body in connection.execute(query)]


def _heartbeat(event: Any, as_of: datetime) -> tuple[ColumnElement[bool], ...]:
    """Of this type in the words of the index over them; no other index helps, not that over `known_at`."""
    known_at = type_coerce(event.known_at, BigInteger) + 0
    return event.type == literal_column(f"'{SourceHeartbeat.TYPE}'"), known_at <= microseconds(as_of)


def named(connection: Connection, keys: Iterable[Key]) -> dict[Key, AnyEvent]:
    """Read events by name."""
    return {(row[0], row[1]): reread(row[2], row[3]) for row in by_key(connection, _CALLED, keys)}


def subjects(connection: Connection, kind: str, step: int, after: str = "") -> Iterator[list[str]]:
    """Whatever of a kind (`order`, `customer`) events say something of, `step` at a time, `after` one."""
    last = after or f"{kind}/"
    while True:
        query = (
            select(_J.subject)
            .where(_J.subject > last, _J.subject.startswith(f"{kind}/", autoescape=True))
            .distinct()
            .order_by(_J.subject)
            .limit(step)
        )
        if not (some := list(connection.scalars(query))):
            return
        yield some
        last = some[-1]


def subjects_after(connection: Connection, until: int, step: int) -> Iterator[list[str]]:
    """Whose events came after the one of this number, in groups that belong to `step` events each."""
    while numbers := list(
        connection.scalars(select(_J.seq).where(_J.seq > until).order_by(_J.seq).limit(step))
    ):
        between = _J.seq.between(numbers[0], numbers[-1])
        yield sorted(_subjects_where(connection, between))
        until = numbers[-1]


def orders(connection: Connection) -> int:
    """How many orders events say something of."""
    found = select(func.count(_J.subject.distinct())).where(_J.subject.startswith("order/"))
    return connection.scalar(found) or 0


def count(connection: Connection) -> int:
    """How many events there are."""
    return connection.scalar(select(func.count()).select_from(tables.journal)) or 0


def subjects_known_between(connection: Connection, low: datetime, high: datetime) -> set[str]:
    """Whose events came into existence after `low` and up to `high`."""
    return _subjects_where(connection, and_(_J.known_at > low, _J.known_at <= high))


def _subjects_where(connection: Connection, condition: ColumnElement[bool]) -> set[str]:
    own = select(_J.subject).where(condition)
    linked = select(tables.links.c.subject).join(
        tables.journal, and_(tables.links.c.source == _J.source, tables.links.c.id == _J.id)
    )
    return set(connection.scalars(own.distinct())) | set(
        connection.scalars(linked.where(condition).distinct())
    )


def add_conflicts(connection: Connection, entries: Iterable[Entry], received_at: datetime) -> None:
    """List what came under the name of another event."""
    rows = [
        {
            "source": entry.event.source,
            "id": entry.event.id,
            "digest": entry.known.digest,
            "body": entry.body,
            "received_at": received_at,
        }
        for entry in entries
    ]
    if rows:
        connection.execute(_dialect_insert(connection)(tables.conflicts).on_conflict_do_nothing(), rows)
