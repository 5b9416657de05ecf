"""Tell a story: begin with an order, write, look at it, hand it in, and see what became of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from services.newsroom.recorder import AWAY
from services.newsroom.web import faults
from services.newsroom.web.forms import asked
from services.newsroom.web.guard import Sent, Visit, may, sends
from services.newsroom.web.pages import language, page, page_with_code, then
from services.newsroom.web.telling_forms import Written, written
from services.newsroom.web.telling_shown import Found, about_order, customers, desk_of, shown
from services.newsroom.web.tries import HANDED_IN, UPLOADED, WRITTEN, Tries
from shared import handing_in, manuscripts, seeking
from shared.handing_in import NotReadyError, Wrong
from shared.manuscripts import FullError
from shared.photos import PhotoError
from shared.stories.manuscript import Manuscript

if TYPE_CHECKING:
    from shared.store.engine import Store

router = APIRouter(include_in_schema=False)
_ID: Final = re.compile(r"[0-9a-f]{32}")
Writes = Annotated[Visit, Depends(may("submit"))]
Form = Annotated[Written, Depends(written)]


@router.get("/tell")
def start(request: Request, visit: Writes) -> Response:
    """Which order is it about? And the stories that this person tells already."""
    text, order_id = asked(request, "q"), asked(request, "order")
    store: Store = request.app.state.store
    called = customers(request)
    with store.reading() as connection:
        if order_id:
            found = seeking.orders_by_id(connection, [order_id])
        else:
            found = seeking.orders(connection, text, called)
        mine = desk_of(connection, visit.me)
    sought = order_id or text
    return page_with_code(
        request, "tell", found=found, text=sought, mine=mine, told=asked(request, "told"), zone=_zone(request)
    )


@router.post("/tell")
def begin(request: Request, sent: Annotated[Sent, Depends(sends("submit"))]) -> Response:
    """Begin a story about an order, or go on with one that was handed in."""
    store: Store = request.app.state.store
    me, now = sent.visit.me, datetime.now(UTC)
    if story_id := sent.form.one("story"):
        going_on = manuscripts.resume(store, me, story_id, now)
        if going_on is None:
            raise faults.not_here()
        return then(f"/tell/{going_on.manuscript_id}")
    rules = request.app.state.settings.rules
    try:
        made = manuscripts.begin(store, me, sent.form.one("order"), now, rules, language(request))
    except FullError:
        raise faults.begun_enough(str(manuscripts.MOST)) from None
    return then(f"/tell/{made.manuscript_id}")


@router.get("/tell/orders")
def orders(request: Request, _visit: Writes) -> Response:
    """A few orders, for the page to show while someone types."""
    store: Store = request.app.state.store
    called = customers(request)
    with store.reading() as connection:
        found = seeking.orders(connection, asked(request, "q"), called)
    taking = asked(request, "take") == "1"
    return page(request, "tell_orders", found=found, taking=taking, zone=_zone(request))


@router.get("/tell/people")
def people(request: Request, visit: Writes) -> Response:
    """A few colleagues, for the page to show while someone types."""
    store: Store = request.app.state.store
    field = "witness" if asked(request, "for") == "witness" else "thanks"
    among = seeking.other_side(visit.me.department) if field == "witness" else ()
    with store.reading() as connection:
        found = seeking.people(connection, asked(request, "q"), among=among, but=visit.me.person_id)
    return page(request, "tell_people", found=found, field=field)


@router.get("/tell/{manuscript_id}")
def write(request: Request, visit: Writes, manuscript_id: str) -> Response:
    """The form, with all that was written."""
    store: Store = request.app.state.store
    found = manuscripts.opened(store, visit.me, manuscript_id) if _ID.fullmatch(manuscript_id) else None
    if found is None:
        raise faults.not_here()
    manuscript, story = found
    back = manuscript.aside is not None and asked(request, "back") == "1"
    return _form(request, visit, manuscript, story=story, back=back, saved=asked(request, "saved") == "1")


@router.post("/tell/{manuscript_id}/saved")
def save(request: Request, sent: Form, manuscript_id: str) -> Response:
    """Keep what someone is writing, asked by our code."""
    if sent.away:
        return sent.away
    _saved(request, sent, manuscript_id)
    return JSONResponse({"saved": True})


@router.post("/tell/{manuscript_id}/photos")
def add_photo(request: Request, sent: Form, manuscript_id: str) -> Response:
    """Add a photo; the words that come with it are kept first."""
    if sent.away:
        return sent.away
    tries: Tries = request.app.state.tries
    manuscript = _saved(request, sent, manuscript_id)
    me = sent.visit.me
    try:
        tries.of_writer(UPLOADED, f"photo {me.person_id}")
        if not sent.fields.photo:
            raise PhotoError("Choose a photo first")  # noqa: TRY301 - told like what is wrong with one
        photo, now = sent.fields.photo, datetime.now(UTC)
        if manuscripts.add_photo(request.app.state.store, me, manuscript_id, photo, now) is None:
            raise faults.not_here()
    except PhotoError as error:
        return _form(request, sent.visit, manuscript, wrong={"photo": Wrong("refused", str(error))})
    except FullError:
        return _form(request, sent.visit, manuscript, wrong={"photo": Wrong("full")})
    return then(f"/tell/{manuscript_id}#photos")


@router.post("/tell/{manuscript_id}")
def go_on(request: Request, sent: Form, manuscript_id: str) -> Response:
    """Keep the words, then do what the button says."""
    if sent.away:
        return sent.away
    try:
        manuscript = _saved(request, sent, manuscript_id)
    except AWAY:
        return _unsaved(request, sent, manuscript_id)
    what, _, which = sent.fields.one("do").partition(":")
    if what == "hand-in":
        return _hand_in(request, sent, manuscript)
    if (path := _changed(request, sent, manuscript, what, which)) is not None:
        return then(path)
    found = Found.of(request, sent)
    if what == "preview" or found.any:
        return _form(request, sent.visit, manuscript, preview=what == "preview", found=found)
    return then(f"/tell/{manuscript_id}?saved=1")


def _changed(request: Request, sent: Written, manuscript: Manuscript, what: str, which: str) -> str | None:
    """Do what changes more than the words, and say where to go on; None for any other button."""
    store, me, now = request.app.state.store, sent.visit.me, datetime.now(UTC)
    here = f"/tell/{manuscript.manuscript_id}"
    if what == "discard":
        return "/tell" if manuscripts.discard(store, me, manuscript.manuscript_id) else here
    if what == "other-version":
        manuscripts.swap(store, me, manuscript.manuscript_id, now)
        return here
    if what == "drop-photo":
        manuscripts.drop_photo(store, me, manuscript.manuscript_id, which, now)
        return f"{here}#photos"
    if what == "take-order":
        words = about_order(request, me, manuscript.words, which.strip())
        manuscripts.save(store, me, manuscript.manuscript_id, words, now)
        return here
    return None


def _hand_in(request: Request, sent: Written, manuscript: Manuscript) -> Response:
    state, me = request.app.state, sent.visit.me
    try:
        state.tries.of_writer(HANDED_IN, f"story {me.person_id}")
        made = handing_in.hand_in(state.store, me, manuscript, datetime.now(UTC), state.settings.rules)
    except NotReadyError as error:
        return _form(request, sent.visit, manuscript, wrong=error.wrong, code=HTTPStatus.UNPROCESSABLE_ENTITY)
    except faults.Fault:
        return _form(
            request, sent.visit, manuscript, wrong={"by": Wrong("often")}, code=HTTPStatus.TOO_MANY_REQUESTS
        )
    except AWAY:
        return _unsaved(request, sent, manuscript.manuscript_id)
    return then(f"/tell?told={made.draft_id}")


def _saved(request: Request, sent: Written, manuscript_id: str) -> Manuscript:
    """The manuscript with the words of the form; raises Fault."""
    state, me = request.app.state, sent.visit.me
    state.tries.of_writer(WRITTEN, f"words {me.person_id}")
    kept = (
        manuscripts.save(state.store, me, manuscript_id, sent.fields.words(), datetime.now(UTC))
        if _ID.fullmatch(manuscript_id)
        else None
    )
    if kept is None:
        raise faults.not_here()
    return kept


def _unsaved(request: Request, sent: Written, manuscript_id: str) -> Response:
    """The page with all that was written, where the database did not take it."""
    now = datetime.now(UTC)
    words = sent.fields.words()
    lost = Manuscript(manuscript_id, sent.visit.me.person_id, "", words, now, now)
    wrong = {"by": Wrong("unsaved")}
    return _form(request, sent.visit, lost, wrong=wrong, code=HTTPStatus.SERVICE_UNAVAILABLE)


def _form(
    request: Request, visit: Visit, manuscript: Manuscript, *, code: int = HTTPStatus.OK, **more: Any
) -> Response:
    return page_with_code(request, "tell_form", code=code, **shown(request, visit, manuscript, **more))


def _zone(request: Request) -> Any:
    return request.app.state.settings.rules.zone
