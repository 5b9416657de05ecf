"""The photos of stories, for those who may read the story."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import select

from services.newsroom.web import faults
from services.newsroom.web.guard import Visit, may
from shared import roles, tables
from shared.clearance import captions
from shared.mailing.audiences import AUDIENCES
from shared.roles import Actor
from shared.store import manuscripts, stories
from shared.stories.review import Story, is_overdue, standings, story_id_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from shared.store.engine import Store
    from shared.store.manuscripts import Photo

router = APIRouter(include_in_schema=False)
_ID: Final = re.compile(r"[0-9a-f]{32}")
_HEADERS: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Content-Disposition": 'inline; filename="photo.jpg"',
    "Cache-Control": "private, max-age=300",
}
"""A picture and nothing else, and not for long: it may be taken out."""


@router.get("/photos/{photo_id}")
def photo(request: Request, visit: Annotated[Visit, Depends(may("browse"))], photo_id: str) -> Response:
    """One photo, as it was made anew."""
    store: Store = request.app.state.store
    if not _ID.fullmatch(photo_id):
        raise faults.not_here()
    with store.reading() as connection:
        found = manuscripts.photos(connection, [photo_id]).get(photo_id)
        if found is None or not _may_see(request, connection, visit, found):
            raise faults.not_here()
        content = manuscripts.content(connection, photo_id)
    return Response(content, media_type="image/jpeg", headers=_HEADERS)


def told_photos(connection: Connection, win_id: str) -> list[Photo]:
    """The photos of a story that was told, in its order."""
    story = stories.found(connection, [f"story-{win_id}"]).get(f"story-{win_id}")
    return photos_of(connection, story) if story is not None and story.state == "published" else []


def photos_of(connection: Connection, story: Story) -> list[Photo]:
    """The photos of a story as it reads now, in its order; those that were erased are missing.

    What they are said to show names nobody whom the story may not name.
    """
    known = manuscripts.photos(connection, story.content.photos)
    found = [known[each] for each in story.content.photos if each in known]
    said = captions(connection, story, [each.alt for each in found]) if found else []
    return [each._replace(alt=alt) for each, alt in zip(found, said, strict=True)]


def _may_see(request: Request, connection: Connection, visit: Visit, photo: Photo) -> bool:
    """Whoever uploaded it, and of a story that shows it those who may read it, as it is or as it was told."""
    if photo.person_id == visit.me.person_id:
        return True
    story_id = story_id_of(photo.draft_id)
    story = stories.found(connection, [story_id]).get(story_id)
    if story is None or photo.photo_id not in story.content.photos:
        return False
    return _reads(request, visit, story) or (
        story.state == "published" and _was_told(connection, visit, story)
    )


def _reads(request: Request, visit: Visit, story: Story) -> bool:
    settings, me = request.app.state.settings, visit.me.person_id
    overdue = is_overdue(story, settings.patience, settings.rules, datetime.now(UTC))
    actor = Actor(me, visit.roles, deputy=me in settings.deputies)
    return roles.may("read", visit.roles, standings(story, actor, overdue=overdue))


def _was_told(connection: Connection, visit: Visit, story: Story) -> bool:
    """Whether an edition told it that this person gets."""
    column = tables.told.c
    win_id = story.story_id.removeprefix("story-")
    names = connection.scalars(select(column.name).where(column.win_id == win_id))
    return any(name in AUDIENCES and AUDIENCES[name].takes(visit.me) for name in names)
