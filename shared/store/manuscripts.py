"""What people write before they hand it in, and the photos of their stories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import delete, func, insert, select, update

from shared import tables
from shared.store.chunks import Among, run_among
from shared.stories.manuscript import Manuscript, loaded
from shared.stories.redaction import Hidden, redacted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from shared.stories.manuscript import Words

_M, _P = tables.manuscripts.c, tables.photos.c


class Photo(NamedTuple):
    """A photo without its bytes."""

    photo_id: str
    draft_id: str
    person_id: str
    alt: str
    width: int
    height: int


def begin(connection: Connection, manuscript: Manuscript) -> None:
    """Keep a new one."""
    connection.execute(insert(tables.manuscripts).values(_row(manuscript)))


def put(connection: Connection, manuscript: Manuscript) -> None:
    """Keep it as it reads now."""
    own = _M.manuscript_id == manuscript.manuscript_id
    connection.execute(update(tables.manuscripts).where(own).values(_row(manuscript)))


def put_aside(connection: Connection, manuscript_id: str, words: Words, now: datetime) -> bool:
    """Keep what came from a browser where nobody was signed in; False where there is no such manuscript."""
    own = _M.manuscript_id == manuscript_id
    changed = {"aside": words.dumped(), "returns": True, "changed_at": now}
    return bool(connection.execute(update(tables.manuscripts).where(own).values(changed)).rowcount)


def of_person(connection: Connection, person_id: str, manuscript_id: str) -> Manuscript | None:
    """One of this person's; whoever else asks gets none. Nobody changes it until a writing one ends."""
    own = (_M.manuscript_id == manuscript_id, _M.person_id == person_id)
    row = connection.execute(select(tables.manuscripts).where(*own).with_for_update()).first()
    return None if row is None else _manuscript(row)


def all_of(connection: Connection, person_id: str) -> list[Manuscript]:
    """All of a person's, those changed last first."""
    query = select(tables.manuscripts).where(_M.person_id == person_id)
    rows = connection.execute(query.order_by(_M.changed_at.desc(), _M.manuscript_id))
    return [_manuscript(row) for row in rows]


def remove(connection: Connection, manuscript: Manuscript) -> None:
    """Throw one away that was never handed in, with its photos."""
    connection.execute(delete(tables.photos).where(_P.draft_id == manuscript.draft_id))
    own = _M.manuscript_id == manuscript.manuscript_id
    connection.execute(delete(tables.manuscripts).where(own))


def forget(connection: Connection, person_id: str) -> None:
    """Throw away all that a person wrote and uploaded."""
    connection.execute(delete(tables.photos).where(_P.person_id == person_id))
    connection.execute(delete(tables.manuscripts).where(_M.person_id == person_id))


def erase(connection: Connection, person: Hidden) -> None:
    """Take a person's name out of what others say that their photos show, for good."""
    for row in connection.execute(select(_P.photo_id, _P.alt)).all():
        if (clean := redacted(row.alt, [person])) != row.alt:
            connection.execute(update(tables.photos).where(_P.photo_id == row.photo_id).values(alt=clean))


def add_photo(connection: Connection, photo: Photo, content: bytes, digest: bytes, now: datetime) -> str:
    """Keep a photo, and return its id; the same one again, for the same draft, is kept once."""
    own = (_P.draft_id == photo.draft_id, _P.digest == digest, _P.alt == photo.alt)
    if known := connection.scalar(select(_P.photo_id).where(*own)):
        return str(known)
    row = {**photo._asdict(), "content": content, "digest": digest, "added_at": now}
    connection.execute(insert(tables.photos).values(row))
    return photo.photo_id


def describe(connection: Connection, photo_id: str, alt: str, new_id: str) -> str:
    """Say what a photo shows: under a new id where it had been said otherwise, as others may refer to it."""
    row = connection.execute(select(tables.photos).where(_P.photo_id == photo_id)).first()
    if row is None or row.alt == alt:
        return photo_id
    if not row.alt:
        connection.execute(update(tables.photos).where(_P.photo_id == photo_id).values(alt=alt))
        return photo_id
    photo = Photo(new_id, row.draft_id, row.person_id, alt, row.width, row.height)
    return add_photo(connection, photo, row.content, row.digest, row.added_at)


def photos(connection: Connection, photo_ids: Iterable[str]) -> dict[str, Photo]:
    """Photos by id, without their bytes; those that are gone are missing."""
    return {row.photo_id: Photo(*row) for row in run_among(connection, _SHOWN, photo_ids)}


_SHOWN = select(*(_P[name] for name in Photo._fields)).where(Among(_P.photo_id))


def count_photos(connection: Connection, draft_id: str) -> int:
    """How many are kept for a draft, also those that it shows no more."""
    return connection.scalar(select(func.count()).where(_P.draft_id == draft_id)) or 0


def drop_photos(connection: Connection, draft_id: str, needed: Iterable[str]) -> None:
    """Throw away the photos of a draft that nothing refers to."""
    gone = (_P.draft_id == draft_id, _P.photo_id.not_in(sorted(needed)))
    connection.execute(delete(tables.photos).where(*gone))


def content(connection: Connection, photo_id: str) -> bytes | None:
    """The bytes of a photo."""
    found = connection.scalar(select(_P.content).where(_P.photo_id == photo_id))
    return None if found is None else bytes(found)


def _manuscript(row: Row[Any]) -> Manuscript:
    names = ("manuscript_id", "person_id", "draft_id", "began_at", "changed_at", "returns", "sent")
    return Manuscript(
        words=loaded(row.words),
        aside=loaded(row.aside) if row.aside else None,
        sent_words=loaded(row.sent_words) if row.sent_words else None,
        **{name: getattr(row, name) for name in names},
    )


def _row(manuscript: Manuscript) -> dict[str, Any]:
    names = ("manuscript_id", "person_id", "draft_id", "began_at", "changed_at", "returns", "sent")
    kept = {name: getattr(manuscript, name) for name in ("words", "aside", "sent_words")}
    return {name: getattr(manuscript, name) for name in names} | {
        name: words and words.dumped() for name, words in kept.items()
    }
