"""The archive: editions as they were told, their stories one by one, and a feed of them."""

from __future__ import annotations

import hmac
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, Response

from services.newsroom.web import faults
from services.newsroom.web.feed import atom
from services.newsroom.web.forms import asked, number
from services.newsroom.web.guard import Visit, anyone, may
from services.newsroom.web.pages import document, language, page
from services.newsroom.web.telling_photos import told_photos
from shared import archive, thanking
from shared.archive import Shelf
from shared.mailing.audiences import AUDIENCES, reader
from shared.people.reading import those
from shared.rendering.environment import slug
from shared.rendering.writing import context_of, in_language, render_email, render_page
from shared.store import thanks

if TYPE_CHECKING:
    from shared.editions.model import Edition
    from shared.editions.reader import Reader
    from shared.people.model import Person
    from shared.store.engine import Store

router = APIRouter(include_in_schema=False)
MOST: Final = 12
"""Editions on one page: a year of newsletters."""
_FED: Final = 20
Reads = Annotated[Visit, Depends(may("browse"))]


@router.get("/archive")
def editions(request: Request, visit: Reads) -> Response:
    """List what was told, or what of it holds some words."""
    text, at = asked(request, "q"), number(request, "page")
    store: Store = request.app.state.store
    with store.reading() as connection:
        found, total = archive.page_of(connection, shelf(visit), text, (at - 1) * MOST, MOST)
    pages = max(1, -(-total // MOST))
    key = _key(store, visit.me.person_id)
    return page(
        request,
        "archive",
        editions=[in_language(each, language(request)) for each in found],
        total=total,
        text=text,
        at=at,
        pages=pages,
        question=f"{urlencode({'q': text})}&" if text else "",
        matching=partial(archive.stories_of, text=text),
        feed=_feed_path(visit, key),
    )


@router.get("/archive/feed.atom")
def feed(request: Request, _open: Annotated[None, Depends(anyone)]) -> Response:
    """Newsletters for a feed reader, which cannot sign in: the address itself is personal."""
    store: Store = request.app.state.store
    person_id, key = asked(request, "for"), asked(request, "key")
    if not hmac.compare_digest(key.encode(), _key(store, person_id).encode()):
        raise faults.not_here()
    with store.reading() as connection:
        person = those(connection, [person_id]).get(person_id)
        if person is None or person.erased_at is not None:
            raise faults.not_here()
        found, _ = archive.page_of(connection, Shelf(frozenset({"newsletter"})), "", 0, _FED)
    settings = request.app.state.settings
    told = atom(found, settings.brand, settings.newsroom_url, request.url.query)
    return Response(
        told, media_type="application/atom+xml", headers={"Cache-Control": "private, max-age=900"}
    )


@router.get("/archive/{edition_id}")
def edition(request: Request, visit: Reads, edition_id: str) -> Response:
    """One edition with its stories, figures and what was corrected since."""
    store: Store = request.app.state.store
    with store.reading() as connection:
        found = archive.one_of(connection, shelf(visit), edition_id)
        gone = archive.taken_back(connection, found) if found else {}
    if found is None:
        raise faults.not_here()
    return page(request, "edition", **_context(request, visit.me, found), gone=gone, slug=slug)


@router.get("/archive/{edition_id}/mail")
def mail(request: Request, visit: Reads, edition_id: str) -> Response:
    """The mail as it goes out to this reader."""
    found = _found(request, visit, edition_id)
    brand = request.app.state.settings.brand
    return document(render_email(found, brand, _reader(request, visit.me, found)).page)


@router.get("/archive/{edition_id}/text")
def text(request: Request, visit: Reads, edition_id: str) -> Response:
    """The same for those who read mails as text."""
    found = _found(request, visit, edition_id)
    brand = request.app.state.settings.brand
    told = render_email(found, brand, _reader(request, visit.me, found)).text
    return PlainTextResponse(told, headers={"Cache-Control": "no-store"})


@router.get("/archive/{edition_id}/page")
def frozen(request: Request, visit: Reads, edition_id: str) -> Response:
    """The page as it was released; without the evidence for those who may not see it."""
    found = _found(request, visit, edition_id)
    if not visit.may("see_evidence"):
        bare = tuple(story.model_copy(update={"evidence": ()}) for story in found.stories)
        found = found.model_copy(update={"stories": bare})
    return document(render_page(found, request.app.state.settings.brand, _reader(request, visit.me, found)))


@router.get("/archive/{edition_id}/{story}")
def one_story(request: Request, visit: Reads, edition_id: str, story: str) -> Response:
    """The page of one story, for ever, with its evidence for those who may see it."""
    store: Store = request.app.state.store
    with store.reading() as connection:
        found = archive.one_of(connection, shelf(visit), edition_id)
        gone = archive.taken_back(connection, found) if found else {}
        told = found and story_in(request, visit.me, found, story)
        if not found or not told:
            raise faults.not_here()
        story_id = told["story"].story_id
        given = thanking.given(connection, visit.me.person_id, story_id)
        counted = thanks.how_many(connection, story_id)
        photos = [] if told["story"].win_id in gone else told_photos(connection, told["story"].win_id)
    context = _context(request, visit.me, found)
    return page(
        request,
        "story",
        **{**context, "told": told},
        gone=gone,
        photos=photos,
        given=given,
        thanks=counted,
    )


def story_in(request: Request, person: Person, edition: Edition, name: str) -> dict[str, Any] | None:
    """A story of an edition by the name that its page has, as this person may read it."""
    told = _context(request, person, edition)["told"]
    return next((each for each in told if slug(each["story"].story_id) == name), None)


def _found(request: Request, visit: Visit, edition_id: str) -> Edition:
    store: Store = request.app.state.store
    with store.reading() as connection:
        found = archive.one_of(connection, shelf(visit), edition_id)
    if found is None:
        raise faults.not_here()
    return found


def shelf(visit: Visit) -> Shelf:
    """The editions that are for this person, all of them where somebody must look after them."""
    every = visit.may("see_composed")
    names = frozenset(name for name, each in AUDIENCES.items() if every or each.takes(visit.me))
    return Shelf(names, composed=every)


def _reader(request: Request, person: Person, edition: Edition) -> Reader:
    """What this person may see of an edition, in the language of the page."""
    mine = person.customers or frozenset()
    return replace(reader(person, edition.name, mine), language=language(request))


def _context(request: Request, person: Person, edition: Edition) -> dict[str, Any]:
    context = context_of(edition, request.app.state.settings.brand, _reader(request, person, edition))
    shown = {name: context[name] for name in ("edition", "told")}
    return shown | {"inks": {"Sales": "", "Operations": ""}}


def _key(store: Store, person_id: str) -> str:
    """What makes the address of a person's feed unguessable."""
    return hmac.digest(store.secret, f"feed|{person_id}".encode(), sha256).hex()[:40]


def _feed_path(visit: Visit, key: str) -> str:
    return f"/archive/feed.atom?{urlencode({'for': visit.me.person_id, 'key': key})}"
