"""What was said of wins and editions, and where that is no longer what is true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, and_, case, delete, or_, select

from shared import tables
from shared.store import stories, thanks
from shared.store.bulk import insert_rows
from shared.store.chunks import Among, chunks
from shared.store.engine import fact
from shared.store.journal import newest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

_A, _W, _E, _J = tables.announced.c, tables.wins.c, tables.editions.c, tables.journal.c
_T = tables.stories.c
_G, _D = tables.thanks.c, tables.thanked_departments.c


class Said(NamedTuple):
    """What was said last of a win or an edition; `turn` counts how often something was said of it."""

    topic: str
    name: str
    turn: int
    state: str
    seen: bytes
    """The row it was said of."""
    data: bytes


def changed_wins(connection: Connection, as_of: datetime, horizon: datetime) -> list[str]:
    """Wins of which something else is true than was said, or of which nothing was said.

    What was final before `horizon`, or never held, is not said for the first time.
    """
    said = and_(_A.topic == "wins", _A.name == _W.win_id)
    new = (
        select(_W.win_id)
        .join(tables.announced, said, isouter=True)
        .where(_A.name.is_(None), _W.reason.is_(None), _W.final_at >= horizon)
    )
    other = (
        select(_A.name)
        .join(tables.wins, _A.name == _W.win_id, isouter=True)
        .where(
            _A.topic == "wins",
            or_(
                and_(_W.win_id.is_(None), _A.state != "revoked"),
                _W.digest != _A.seen,
                _status(as_of) != _A.state,
            ),
        )
    )
    return sorted({*connection.scalars(new), *connection.scalars(other)})


def _status(as_of: datetime) -> ColumnElement[str]:
    """`Win.status` in SQL; null where there is no win."""
    return case(
        (_W.win_id.is_(None), None),
        (_W.reason.is_not(None), "revoked"),
        (or_(_W.pending, _W.final_at > as_of), "provisional"),
        else_="final",
    )


def changed_editions(connection: Connection, horizon: datetime) -> list[str]:
    """Editions in another state than was said, or of which nothing was said and that are no older."""
    query = (
        select(_E.edition_id)
        .join(tables.announced, and_(_A.topic == "editions", _A.name == _E.edition_id), isouter=True)
        .where(or_(and_(_A.name.is_(None), _E.composed_at >= horizon), _A.state != _E.state))
    )
    return sorted(connection.scalars(query))


def changed_stories(connection: Connection, horizon: datetime) -> list[str]:
    """Stories in another state than was said, or of which nothing was said and that are no older."""
    query = (
        select(_T.story_id)
        .join(tables.announced, and_(_A.topic == "stories", _A.name == _T.story_id), isouter=True)
        .where(
            _T.state != "draft",
            or_(and_(_A.name.is_(None), _T.waits_since >= horizon), _A.state != _T.state),
        )
    )
    return sorted(connection.scalars(query))


def changed_thanks(connection: Connection, horizon: datetime) -> list[str]:
    """Thanks to a department that stand otherwise than was said, or of which nothing was and that are new."""
    name = _G.thanks_id + "/" + _D.department
    query = (
        select(name)
        .join(tables.thanked_departments, _D.thanks_id == _G.thanks_id)
        .join(tables.announced, and_(_A.topic == "thanks", _A.name == name), isouter=True)
        .where(
            or_(
                and_(_A.name.is_(None), _G.taken_back_at.is_(None), _G.given_at >= horizon),
                _A.seen != _G.digest,
            )
        )
    )
    return sorted(connection.scalars(query))


def mark(connection: Connection) -> object:
    """What differs once anything was recorded, judged, rebuilt, composed, released, reviewed or thanked."""
    edition = select(_E.edition_id, _E.state).order_by(_E.edition_id)
    built = [fact(connection, name) for name in ("projected_at", "projected_by", "judged")]
    reviewed, thanked = stories.newest(connection), thanks.newest(connection)
    return (newest(connection), reviewed, thanked, built, connection.execute(edition).all())


def moved(connection: Connection, before: object, said_at: datetime, now: object, as_of: datetime) -> bool:
    """Whether since `said_at` anything was recorded, or the time of a win or of an event has come."""
    won = select(_W.win_id).where(_W.final_at > said_at, _W.final_at <= as_of)
    known = select(_J.seq).where(_J.known_at > said_at, _J.known_at <= as_of)
    return before != now or any(connection.execute(query.limit(1)).first() for query in (won, known))


def rows(
    connection: Connection, columns: Sequence[ColumnElement[Any]], names: Sequence[str]
) -> dict[str, Any]:
    """Read wins or editions by name, the first of `columns`."""
    query = select(*columns).where(Among(columns[0], names))
    return {row[0]: row for row in connection.execute(query)}


def said(connection: Connection, topic: str, names: Sequence[str]) -> dict[str, Said]:
    """What was said last of each of these."""
    query = select(tables.announced).where(_A.topic == topic, Among(_A.name, names))
    return {row.name: Said(*row) for row in connection.execute(query)}


def say(connection: Connection, news: Iterable[Said]) -> None:
    """Note what is said from now on."""
    made = list(news)
    for topic in {one.topic for one in made}:
        for some in chunks(sorted(one.name for one in made if one.topic == topic)):
            mine = and_(_A.topic == topic, Among(_A.name, some))
            connection.execute(delete(tables.announced).where(mine))
    insert_rows(connection, tables.announced, [one._asdict() for one in made])
