"""An edition leaves the desk: a test to oneself, its release, and its mails held, let go or given up."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.newsroom.web import faults
from services.newsroom.web.desk_edition import do, found
from services.newsroom.web.guard import Sent, sends
from shared.mailing import deciding
from shared.mailing.releasing import release
from shared.store import sendings
from shared.trying import try_mail

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from shared.settings import Settings
    from shared.store.engine import Store

router = APIRouter(include_in_schema=False)
_STANDS: Final = frozenset({("pause", "paused"), ("resume", "sending"), ("stop", "completed")})
"""What was done already when a second click comes."""
Publishes = Annotated[Sent, Depends(sends("publish"))]


@router.post("/desk/editions/{edition_id}/try")
def try_(request: Request, sent: Annotated[Sent, Depends(sends("try_mail"))], edition_id: str) -> Response:
    """Send the mail to oneself."""
    state, me = request.app.state, sent.visit.me

    def work(store: Store, now: datetime) -> None:
        try_mail(store, state.settings, edition_id, me, now, state.deliver)

    return do(request, edition_id, work, "tried")


@router.post("/desk/editions/{edition_id}/{what}")
def let_go(request: Request, sent: Publishes, edition_id: str, what: str) -> Response:
    """Release an edition, or pause, resume or stop its mails."""
    settings: Settings = request.app.state.settings
    who = sent.visit.me.person_id
    late = settings.post.most_late
    doing: dict[str, Callable[[Store, datetime], object]] = {
        "release": lambda store, now: release(store, edition_id, settings.brand, settings.post, now, who=who),
        "pause": lambda store, now: deciding.pause(store, edition_id, now, who=who),
        "resume": lambda store, now: deciding.resume(store, edition_id, now, late, who=who),
        "stop": lambda store, now: deciding.stop(store, edition_id, now, who=who),
    }
    if what not in doing:
        raise faults.not_here()
    found(request, edition_id)
    return do(request, edition_id, partial(_once, edition_id, what, doing[what]), what)


def _once(
    edition_id: str, what: str, act: Callable[[Store, datetime], object], store: Store, now: datetime
) -> None:
    """Do it, unless it stands so already: a second click changes nothing."""
    with store.reading() as connection:
        mailing = sendings.find(connection, edition_id)
    if mailing is None or (what, mailing.state) not in _STANDS:
        act(store, now)
