"""Use case: somebody thanks those who had a part in a story, once, and may take it back."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, select

from shared import tables
from shared.store import stories, thanks
from shared.store.rows import win_of
from shared.stories.names import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.people.model import Person
    from shared.store.engine import Store

MOST: Final = 280
"""Characters of a note."""


class ThanksError(Exception):
    """These thanks cannot be given; the message says why."""


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody gave for a story."""

    given_at: datetime
    note: str
    shown: bool
    """Whether everyone may read the note."""


def thank(
    store: Store,
    person: Person,
    story_id: str,
    edition_id: str,
    now: datetime,
    *,
    note: str = "",
    shown: bool = False,
) -> None:
    """Thank for a story that an edition told; a second time only the note is another. Raises ThanksError."""
    said = clean(note)
    if len(said) > MOST:
        raise ThanksError(f"The note has {len(said)} characters; write at most {MOST}")
    with store.noting() as connection:
        whom = credited(connection, story_id, now, but=person.person_id)
        if not whom:
            raise ThanksError("Nobody else has a part in this story, or it was taken back")
        before = thanks.locked(connection, person.person_id, story_id)
        stands = before is not None and before.taken_back_at is None
        row = {
            "thanks_id": before.thanks_id if before else token_hex(12),
            "story_id": story_id,
            "edition_id": edition_id,
            "person_id": person.person_id,
            "department": person.department,
            "note": said,
            "shown": shown and bool(said),
            "given_at": before.given_at if before and stands else now,
            "taken_back_at": None,
            "changed_at": now,
        }
        row["digest"] = _digest(said if row["shown"] else "")
        thanks.put(connection, row, set(whom.values()), whom)


def take_back(store: Store, person_id: str, story_id: str, now: datetime) -> None:
    """Take thanks back; where there are none, nothing happens."""
    with store.noting() as connection:
        row = thanks.locked(connection, person_id, story_id)
        if row is not None and row.taken_back_at is None:
            thanks.take_back(connection, row.thanks_id, _digest(None), now)


def given(connection: Connection, person_id: str, story_id: str) -> Given | None:
    """What somebody gave for a story; None where nothing, or nothing any more."""
    row = thanks.one(connection, person_id, story_id)
    if row is None or row.taken_back_at is not None:
        return None
    return Given(row.given_at, row.note, row.shown)


def credited(
    connection: Connection, story_id: str, as_of: datetime, *, but: str | None = None
) -> Mapping[str, str]:
    """Who had a part in a story that holds, with their departments; not who wishes to be in no part of it."""
    win, told = tables.wins.c, tables.told.c
    win_id = story_id.removeprefix("story-")
    query = (
        select(win.body)
        .join(tables.told, and_(told.win_id == win.win_id, told.corrected_in.is_not(None)), isouter=True)
        .where(win.win_id == win_id, win.reason.is_(None), told.win_id.is_(None))
    )
    body = connection.scalar(query)
    story = stories.found(connection, [story_id]).get(story_id)
    if body is None or (story is not None and story.state == "retracted"):
        return {}
    found = win_of(body)
    whom = {part.person_id: part.department for part in (*found.sales, *found.operations)}
    whom |= {each.person_id: each.department for each in (story.content.thanks if story else ())}
    stood = stories.stood(connection, [story_id], as_of).get(story_id)
    away = {but, *(stood.objected if stood else ())}
    return {person_id: department for person_id, department in whom.items() if person_id not in away}


def _digest(note: str | None) -> bytes:
    """Of what others may know: the note that everyone may read; None where thanks were taken back."""
    return blake2b(b"taken back" if note is None else b"given " + note.encode(), digest_size=8).digest()
