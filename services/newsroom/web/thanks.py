"""Thanks: a page that thanks for a story, from a mail's personal link or signed in, and who thanks whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.newsroom.bodies import read_body
from services.newsroom.web import faults
from services.newsroom.web.forms import MOST_BYTES, MOST_FIELDS, asked
from services.newsroom.web.guard import Sent, Visit, anyone, may, sends
from services.newsroom.web.matrix import MONTHS, matrix
from services.newsroom.web.pages import page, then
from services.newsroom.web.reading import shelf, story_in
from shared import archive, thanking
from shared.archive import Shelf
from shared.mailing.links import read
from shared.mailing.releasing import PROOF
from shared.people.reading import those
from shared.thanking import ThanksError

if TYPE_CHECKING:
    from shared.people.model import Person
    from shared.store.engine import Store

router = APIRouter(include_in_schema=False)
_NO_INDEX = {"X-Robots-Tag": "noindex"}


@dataclass(frozen=True, slots=True)
class Thanking:
    """Who may thank for which story."""

    person: Person
    edition_id: str
    told: dict[str, Any]
    whom: tuple[str, ...]
    """The departments of those who had a part in it."""
    given: thanking.Given | None

    @property
    def story_id(self) -> str:
        """The story."""
        name: str = self.told["story"].story_id
        return name


async def _fields(request: Request) -> dict[str, str]:
    """The fields of a form, which needs no token of its page: the link itself is personal."""
    body = await read_body(request, MOST_BYTES)
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise faults.no_form() from None


@router.get("/thanks")
def thanked(request: Request, _visit: Annotated[Visit, Depends(may("browse"))]) -> Response:
    """How thanks went between departments, month by month."""
    store: Store = request.app.state.store
    with store.reading() as connection:
        found = matrix(connection, datetime.now(UTC), request.app.state.settings.rules.zone)
    return page(request, "thanks", thanks=found, months=MONTHS)


@router.get("/thanks/{token}/{story}")
def ask(request: Request, _open: Annotated[None, Depends(anyone)], token: str, story: str) -> Response:
    """Ask whether to thank, by the link in a mail; change nothing, for scanners follow links."""
    return _page(request, _linked(request, token, story), by_link=True)


@router.post("/thanks/{token}/{story}")
def thank(
    request: Request,
    _open: Annotated[None, Depends(anyone)],
    fields: Annotated[dict[str, str], Depends(_fields)],
    token: str,
    story: str,
) -> Response:
    """Thank, or take it back; the link itself says who it is."""
    return _done(request, _linked(request, token, story), fields, by_link=True)


@router.get("/archive/{edition_id}/{story}/thanks")
def ask_here(
    request: Request, visit: Annotated[Visit, Depends(may("browse"))], edition_id: str, story: str
) -> Response:
    """The same for somebody who is signed in."""
    return _page(request, _found(request, visit.me, shelf(visit), edition_id, story))


@router.post("/archive/{edition_id}/{story}/thanks")
def thank_here(
    request: Request, sent: Annotated[Sent, Depends(sends("thank"))], edition_id: str, story: str
) -> Response:
    """The same for somebody who is signed in."""
    told = {name: values[0] for name, values in sent.form.fields.items()}
    who = _found(request, sent.visit.me, shelf(sent.visit), edition_id, story)
    return _done(request, who, told)


def _linked(request: Request, token: str, story: str) -> Thanking:
    store: Store = request.app.state.store
    match read(store.secret, "thanks", token):
        case (person_id, edition_id):
            with store.reading() as connection:
                person = those(connection, [person_id]).get(person_id)
        case _:
            person, edition_id = None, ""
    if person is None or person.erased_at is not None:
        raise faults.link_broken()
    request.state.language = person.language
    edition_id = edition_id.removesuffix(PROOF)
    everything = Shelf(frozenset({edition_id.partition("-")[0]}))
    try:
        return _found(request, person, everything, edition_id, story)
    except faults.Fault:
        raise faults.link_broken() from None


def _found(request: Request, person: Person, on: Shelf, edition_id: str, story: str) -> Thanking:
    """The story, if a released edition told it to this person; raises Fault."""
    store: Store = request.app.state.store
    with store.reading() as connection:
        edition = archive.one_of(connection, on, edition_id)
        told = edition and edition.state == "released" and story_in(request, person, edition, story)
        if not told:
            raise faults.not_here()
        story_id = told["story"].story_id
        credited = thanking.credited(connection, story_id, datetime.now(UTC), but=person.person_id)
        given = thanking.given(connection, person.person_id, story_id)
    return Thanking(person, edition_id, told, tuple(sorted(set(credited.values()))), given)


def _done(request: Request, who: Thanking, told: dict[str, str], *, by_link: bool = False) -> Response:
    """Do what a form says, and show the page again; what was written is never lost."""
    store: Store = request.app.state.store
    now, note = datetime.now(UTC), told.get("note", "")
    if "take_back" in told:
        thanking.take_back(store, who.person.person_id, who.story_id, now)
        return then(f"{request.url.path}?done=taken_back")
    try:
        thanking.thank(store, who.person, who.story_id, who.edition_id, now, note=note, shown="shown" in told)
    except ThanksError:
        return _page(request, who, by_link=by_link, note=note, shown="shown" in told)
    return then(f"{request.url.path}?done=given")


def _page(
    request: Request, who: Thanking, *, by_link: bool = False, note: str | None = None, shown: bool = False
) -> Response:
    """The page that asks; with a note that was too long, as it was written."""
    given = who.given
    response = page(
        request,
        "thank",
        code=HTTPStatus.OK if note is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        who=who,
        by_link=by_link,
        most=thanking.MOST,
        too_long=note is not None and bool(who.whom),
        note=(given.note if given else "") if note is None else note,
        shown=(given is not None and given.shown) if note is None else shown,
        done=asked(request, "done"),
    )
    response.headers.update(_NO_INDEX)
    return response
