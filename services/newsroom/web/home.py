"""The start page: what waits for a person, what was told last, and the month at a glance."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, NamedTuple

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import func, select

from services.newsroom.web.guard import Visit, may
from services.newsroom.web.pages import language, page
from shared import archive, tables
from shared.gathering.for_you import FRESH, Letters
from shared.rendering.writing import in_language
from shared.store import conflicts, letters, stories, thanks

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from shared.store.engine import Store

router = APIRouter(include_in_schema=False)


class Waiting(NamedTuple):
    """How much of what waits, and where; the page has the words for each kind."""

    kind: str
    how_many: int
    path: str


@router.get("/")
def start(request: Request, visit: Annotated[Visit, Depends(may("browse"))]) -> Response:
    """The start page."""
    store: Store = request.app.state.store
    with store.reading() as connection:
        edition = archive.latest(connection, "newsletter")
        waiting = [each for each in _waiting(connection, visit) if each.how_many]
        recent = thanks.for_person(connection, visit.me.person_id, datetime.now(UTC) - FRESH)
        for_me = Letters(connection, recent).to(visit.me.person_id, language(request)) if recent else ()
    told = edition and in_language(edition, language(request))
    return page(request, "home", edition=told, waiting=waiting, for_me=for_me)


def _waiting(connection: Connection, visit: Visit) -> list[Waiting]:
    found = [
        Waiting("naming", int("naming" not in visit.me.chosen), "/me"),
        Waiting("returned", _returned(connection, visit.me.person_id), "/tell"),
    ]
    if "editor" in visit.roles:
        found.append(Waiting("stories", stories.counts(connection).get("submitted", 0), "/desk"))
    if visit.may("see_composed"):
        found.append(Waiting("composed", len(archive.composed(connection)), "/desk/editions"))
    if visit.may("see_quality"):
        order = tables.orders.c
        aside = select(func.count()).select_from(tables.orders).where(order.quarantined.is_not(None))
        found += [
            Waiting("letters", letters.how_many_wait(connection), "/quality"),
            Waiting("conflicts", conflicts.open_count(connection), "/quality#conflicts"),
            Waiting("aside", connection.scalar(aside) or 0, "/quality#aside"),
        ]
    return found


def _returned(connection: Connection, person_id: str) -> int:
    return sum(each.state == "returned" for each in stories.of_author(connection, person_id))
