"""Reading and writing thanks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    case,
    delete,
    distinct,
    func,
    insert,
    literal,
    select,
    update,
)

from shared import tables
from shared.store.bulk import insert_rows
from shared.store.chunks import Among, run_among
from shared.stories.redaction import Hidden, redacted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row

_T, _D, _P = tables.thanks.c, tables.thanked_departments.c, tables.thanked_people.c
_STANDS = _T.taken_back_at.is_(None)


class Flow(NamedTuple):
    """How many thanks went from one department to another in one of several spans of time."""

    span: int
    giver: str
    to: str
    how_many: int


def one(connection: Connection, person_id: str, story_id: str) -> Row[Any] | None:
    """One person's thanks for one story, also where they were taken back."""
    mine = and_(_T.person_id == person_id, _T.story_id == story_id)
    return connection.execute(select(tables.thanks).where(mine)).first()


def locked(connection: Connection, person_id: str, story_id: str) -> Row[Any] | None:
    """The same, where this person writes nothing else until the transaction ends: two clicks are one."""
    person = tables.people.c
    connection.execute(select(person.person_id).where(person.person_id == person_id).with_for_update())
    return one(connection, person_id, story_id)


def put(
    connection: Connection, thanks: Mapping[str, Any], departments: Iterable[str], people: Iterable[str]
) -> None:
    """Write thanks in the place of what was known of them; who has been told so stays told."""
    name = thanks["thanks_id"]
    told = select(_P.person_id, _P.told_in).where(_P.thanks_id == name)
    known = {row.person_id: row.told_in for row in connection.execute(told)}
    for table in (tables.thanks, tables.thanked_departments, tables.thanked_people):
        connection.execute(delete(table).where(table.c.thanks_id == name))
    connection.execute(insert(tables.thanks).values(**thanks))
    whence = [{"thanks_id": name, "department": each} for each in sorted(departments)]
    insert_rows(connection, tables.thanked_departments, whence)
    for_whom = [{"thanks_id": name, "person_id": each, "told_in": known.get(each)} for each in sorted(people)]
    insert_rows(connection, tables.thanked_people, for_whom)


def take_back(connection: Connection, thanks_id: str, digest: bytes, now: datetime) -> None:
    """Keep that they were given and are not any more; the note goes."""
    gone = {"taken_back_at": now, "note": "", "shown": False, "digest": digest, "changed_at": now}
    connection.execute(update(tables.thanks).where(_T.thanks_id == thanks_id).values(**gone))


def departments(connection: Connection, thanks_ids: Iterable[str]) -> dict[str, list[str]]:
    """Where these thanks went."""
    found: dict[str, list[str]] = {}
    for name, department in run_among(connection, _TO, thanks_ids):
        found.setdefault(name, []).append(department)
    return found


_TO = select(_D.thanks_id, _D.department).where(Among(_D.thanks_id)).order_by(_D.department)


def those(connection: Connection, thanks_ids: Iterable[str]) -> dict[str, Row[Any]]:
    """These thanks, also where they were taken back."""
    return {row.thanks_id: row for row in run_among(connection, _BY_ID, thanks_ids)}


_BY_ID = select(tables.thanks).where(Among(_T.thanks_id))


def how_many(connection: Connection, story_id: str) -> int:
    """How many thanked for a story."""
    query = select(func.count()).select_from(tables.thanks).where(_T.story_id == story_id, _STANDS)
    return connection.scalar(query) or 0


def within(connection: Connection, start: datetime, end: datetime) -> list[Row[Any]]:
    """What was given from `start` up to, not including, `end`, and not taken back; the first first."""
    query = select(tables.thanks).where(_T.given_at >= start, _T.given_at < end, _STANDS)
    return list(connection.execute(query.order_by(_T.given_at, _T.thanks_id)))


def flows(connection: Connection, bounds: Sequence[datetime]) -> list[Flow]:
    """Thanks by department in each span between two bounds, the first of which is 0."""
    span = case(*((_T.given_at < end, literal(n)) for n, end in enumerate(bounds[1:])), else_=literal(-1))
    query = (
        select(span.label("span"), _T.department, _D.department, func.count())
        .join(tables.thanked_departments, _D.thanks_id == _T.thanks_id)
        .where(_STANDS, _T.given_at >= bounds[0], _T.given_at < bounds[-1])
        .group_by(span, _T.department, _D.department)
    )
    return [Flow(*row) for row in connection.execute(query)]


def told(connection: Connection, bounds: Sequence[datetime]) -> dict[int, tuple[int, int]]:
    """By span, how many thanks there were, and for how many stories."""
    span = case(*((_T.given_at < end, literal(n)) for n, end in enumerate(bounds[1:])), else_=literal(-1))
    query = (
        select(span.label("span"), func.count(), func.count(distinct(_T.story_id)))
        .where(_STANDS, _T.given_at >= bounds[0], _T.given_at < bounds[-1])
        .group_by(span)
    )
    return {row[0]: (row[1], row[2]) for row in connection.execute(query)}


def untold(connection: Connection, since: datetime) -> list[Row[Any]]:
    """Thanks that nobody told those whom they are for: each with one of these people, the newest first."""
    return _for_people(connection, and_(_P.told_in.is_(None), _T.given_at >= since))


def for_person(connection: Connection, person_id: str, since: datetime) -> list[Row[Any]]:
    """The thanks for one person, the newest first."""
    return _for_people(connection, and_(_P.person_id == person_id, _T.given_at >= since))


def _for_people(connection: Connection, which: ColumnElement[bool]) -> list[Row[Any]]:
    query = (
        select(_P.person_id.label("thanked"), *_T)
        .join(tables.thanks, _T.thanks_id == _P.thanks_id)
        .where(which, _STANDS)
        .order_by(_T.given_at.desc(), _T.thanks_id)
    )
    return list(connection.execute(query))


def tell(connection: Connection, thanks: Iterable[tuple[str, str]], edition_id: str) -> None:
    """Note that an edition tells people of thanks, each a thanks and a person."""
    one_of_them = and_(_P.thanks_id == bindparam("thanks"), _P.person_id == bindparam("person"))
    rows = [{"thanks": name, "person": person_id} for name, person_id in sorted(thanks)]
    if rows:
        connection.execute(update(tables.thanked_people).where(one_of_them).values(told_in=edition_id), rows)


def erase(connection: Connection, person: Hidden) -> None:
    """Take a person's name out of the notes of others, for good."""
    for row in connection.execute(select(_T.thanks_id, _T.note).where(_T.note != "")).all():
        if (clean := redacted(row.note, [person])) != row.note:
            connection.execute(update(tables.thanks).where(_T.thanks_id == row.thanks_id).values(note=clean))


def forget(connection: Connection, person_id: str) -> None:
    """Take out what a person wrote; that there were thanks, and between which departments, stays."""
    own = update(tables.thanks).where(_T.person_id == person_id)
    connection.execute(own.values(note="", shown=False))
    connection.execute(delete(tables.thanked_people).where(_P.person_id == person_id))


def newest(connection: Connection) -> tuple[int, datetime | None]:
    """What differs once anyone gave thanks or took them back."""
    count, changed_at = connection.execute(select(func.count(), func.max(_T.changed_at))).one()
    return count, changed_at
