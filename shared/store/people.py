"""Reading and writing people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import delete, exists, func, insert, select

from shared import tables
from shared.store.bulk import insert_rows, upsert_stored
from shared.store.chunks import Among, run_among

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

_P, _S, _D = tables.people.c, tables.subscriptions.c, tables.decisions.c
STEP = 1000
_CHANGING: Final = 0x54616E64656D06
DELIVERED: Final = "delivered"
SEND_AGAIN: Final = "send again"
"""What was decided about a doubtful mail."""


def rows(connection: Connection, person_ids: Iterable[str]) -> dict[str, Row[Any]]:
    """The rows of these people, erased ones too."""
    return {row.person_id: row for row in run_among(connection, _BY_ID, person_ids)}


_BY_ID = select(tables.people).where(Among(_P.person_id))


def all_rows(connection: Connection, *, erased: bool = False) -> Iterator[list[Row[Any]]]:
    """Everyone by id, a thousand at a time."""
    last = ""
    while True:
        query = select(tables.people).where(_P.person_id > last).order_by(_P.person_id).limit(STEP)
        found = list(connection.execute(query if erased else query.where(_P.erased_at.is_(None))))
        if not found:
            return
        yield found
        last = found[-1].person_id


def holders(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """Who has which address, by its key."""
    return {row[0]: row[1] for row in run_among(connection, _HOLDERS, keys)}


_HOLDERS = select(_P.email_key, _P.person_id).where(Among(_P.email_key))


def take_turns(connection: Connection) -> None:
    """Let nobody else change people before the transaction ends: whoever reads one and writes it asks first.

    Else a choice could bring back what an erasure took away. On SQLite nobody else writes anyhow.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_CHANGING)))


def put(connection: Connection, people: Sequence[Mapping[str, Any]]) -> None:
    """Write people, in the place of what was known of them; addresses may change hands among them."""
    for each in people:
        connection.execute(delete(tables.people).where(_P.person_id == each["person_id"]))
    insert_rows(connection, tables.people, [dict(each) for each in people])


def subscriptions(connection: Connection, person_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """How often people want which edition, where they said so."""
    found: dict[str, dict[str, str]] = {}
    for person_id, edition, frequency in run_among(connection, _WANTED, person_ids):
        found.setdefault(person_id, {})[edition] = frequency
    return found


_WANTED = select(_S.person_id, _S.edition, _S.frequency).where(Among(_S.person_id))


def subscribe(connection: Connection, person_id: str, edition: str, frequency: str) -> None:
    """Keep how often someone wants an edition."""
    upsert_stored(connection, tables.subscriptions, [(person_id, edition, frequency)])


def suppressed(connection: Connection, addresses: Iterable[bytes]) -> dict[bytes, str]:
    """Which of these hashed addresses get no mail, and why."""
    wanted = list(addresses)
    column = tables.suppressions.c
    found: dict[bytes, str] = {}
    for start in range(0, len(wanted), STEP):
        some = wanted[start : start + STEP]
        query = select(column.address, column.reason).where(column.address.in_(some))
        found |= {bytes(row[0]): row[1] for row in connection.execute(query)}
    return found


def suppress(connection: Connection, address: bytes, reason: str, now: datetime) -> None:
    """Write to an address no more; the first reason stands."""
    if not suppressed(connection, [address]):
        row = {"address": address, "reason": reason, "since": now}
        connection.execute(insert(tables.suppressions).values(row))


def release(connection: Connection, address: bytes) -> bool:
    """Write to an address again; whether it had been suppressed."""
    column = tables.suppressions.c.address
    return bool(connection.execute(delete(tables.suppressions).where(column == address)).rowcount)


def decided(connection: Connection, now: datetime, who: str, what: str, about: str, note: str = "") -> None:
    """Note what a person decided."""
    row = {"at": now, "who": who, "what": what, "about": about, "note": note}
    connection.execute(insert(tables.decisions).values(row))


def decisions(connection: Connection, about: str) -> list[Row[Any]]:
    """What people decided about something, in its order."""
    column = tables.decisions.c
    query = select(tables.decisions).where(column.about == about).order_by(column.number)
    return list(connection.execute(query))


def decisions_of_mails(connection: Connection, edition_ids: Sequence[str]) -> list[Row[Any]]:
    """What people decided about doubtful mails of these editions, in its order."""
    return list(connection.execute(_settled(tables.mails.c.edition_id.in_(edition_ids)).order_by(_D.number)))


def decisions_of_kind(connection: Connection, kind: str, most: int) -> list[Row[Any]]:
    """So many of those about doubtful mails of one kind of edition, the latest first."""
    own = tables.mails.c.edition_id.startswith(f"{kind}-", autoescape=True)
    return list(connection.execute(_settled(own).order_by(_D.number.desc()).limit(most)))


def _settled(own: ColumnElement[bool]) -> Select[Any]:
    about = exists().where(tables.mails.c.mail_id == _D.about, own)
    return select(tables.decisions).where(_D.what.in_((DELIVERED, SEND_AGAIN)), about)


def listed(names: Iterable[str] | None) -> str | None:
    """A set as it is stored."""
    return None if names is None else orjson.dumps(sorted(names)).decode()


def named(connection: Connection, person_ids: Iterable[str]) -> dict[str, str]:
    """The names of those of them who wish to be named in stories."""
    return {row[0]: row[1] for row in run_among(connection, _NAMED, person_ids)}


_NAMED = select(_P.person_id, _P.name).where(
    Among(_P.person_id), _P.naming == "named", _P.erased_at.is_(None), _P.name.is_not(None)
)


def spoken(connection: Connection, person_ids: Iterable[str]) -> dict[str, str]:
    """The languages of those of them who are known."""
    return {row[0]: row[1] for row in run_among(connection, _SPOKEN, person_ids)}


_SPOKEN = select(_P.person_id, _P.language).where(Among(_P.person_id))


def unnamed(connection: Connection) -> dict[str, str]:
    """Who is never to be named, by id with the department."""
    query = select(_P.person_id, _P.department).where(_P.naming == "never", _P.erased_at.is_(None))
    return {row[0]: row[1] for row in connection.execute(query)}


def erased(connection: Connection, person_ids: Iterable[str]) -> set[str]:
    """Those of them who were erased."""
    return {row[0] for row in run_among(connection, _ERASED, person_ids)}


_ERASED = select(_P.person_id).where(Among(_P.person_id), _P.erased_at.is_not(None))
