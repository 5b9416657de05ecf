"""The desk's queue: what waits for an editor, what waits too long first, and everything else by state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.newsroom.web import faults
from services.newsroom.web.desk_cases import desk_of, path_of
from services.newsroom.web.forms import asked, number
from services.newsroom.web.guard import Visit, may
from services.newsroom.web.pages import page
from shared.consent import called
from shared.stories.review import STATES

if TYPE_CHECKING:
    from shared.editing import Waiting
    from shared.stories.review import State

router = APIRouter(include_in_schema=False)
MOST: Final = 50


@router.get("/desk")
def queue(request: Request, visit: Annotated[Visit, Depends(may("see_desk"))]) -> Response:
    """Stories in a state, by default those that wait; a deputy who is nothing else sees what is overdue."""
    desk, state, at = (
        desk_of(request),
        _state(asked(request, "state") or "submitted"),
        number(request, "page"),
    )
    only_overdue = stands_in(visit)
    found = [each for each in desk.queue(state) if each.overdue or not only_overdue]
    shown = found[(at - 1) * MOST : at * MOST]
    with desk.store.reading() as connection:
        names = called(connection, [_teller(each) for each in shown])
    return page(
        request,
        "desk",
        found=[(each, path_of(each.story.story_id), names.get(_teller(each) or "")) for each in shown],
        total=len(found),
        overdue=sum(each.overdue for each in found),
        counts={} if only_overdue else desk.counts(),
        state=state,
        states=STATES,
        only_overdue=only_overdue,
        at=at,
        pages=max(1, -(-len(found) // MOST)),
        patience=desk.patience.wait_days,
    )


def stands_in(visit: Visit) -> bool:
    """Whether someone sees the desk for the one reason that others are away."""
    return visit.deputy and not visit.roles & {"editor", "publisher", "admin", "auditor"}


def _teller(waiting: Waiting) -> str | None:
    by = waiting.story.submitted_by
    return by.person_id if by else None


def _state(text: str) -> State:
    found = next((each for each in STATES if each == text), None)
    if found is None:
        raise faults.wrong("state", f"Write one of {', '.join(STATES)}")
    return found
