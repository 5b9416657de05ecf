"""The page behind the link in every mail: what a reader receives, in which language, and how they are named.

A GET only shows it, since scanners follow links; a POST does it, also by one click (RFC 8058).
"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request, Response

from services.newsroom.bodies import read_body
from services.newsroom.web.guard import anyone
from services.newsroom.web.pages import page
from shared.editions.registry import EDITIONS
from shared.languages import languages
from shared.mailing.audiences import AUDIENCES
from shared.mailing.links import read
from shared.people.choosing import prefer
from shared.people.model import QUESTIONS, PeopleError
from shared.people.reading import those

if TYPE_CHECKING:
    from shared.people.model import Person
    from shared.store.engine import Store

_MOST = 65_536
_CHOICE = "edition."
_ONE_CLICK = (b"List-Unsubscribe", b"One-Click")

router = APIRouter(include_in_schema=False, dependencies=[Depends(anyone)])


async def _body(request: Request) -> bytes:
    return await read_body(request, _MOST)


Body = Annotated[bytes, Depends(_body)]


@router.get("/preferences/{token}")
def show(request: Request, token: str) -> Response:
    """Show what the reader receives; change nothing."""
    person, edition = _reader(request, token)
    return _page(request, person, edition)


@router.post("/preferences/{token}")
def choose(request: Request, token: str, body: Body) -> Response:
    """Unsubscribe by one click, or save what the form says; at once, also for what is queued."""
    person, edition = _reader(request, token)
    if person is None:
        return _page(request, None, edition)
    one_click = all(part in body for part in _ONE_CLICK)
    store: Store = request.app.state.store
    before = person.wants(edition)
    try:
        wanted = {"subscriptions": {edition: "never"}} if one_click else _wanted(body)
        chosen = prefer(
            store, person.person_id, datetime.now(UTC), who=f"{person.person_id} by link", **wanted
        )
    except (PeopleError, ValueError):  # more fields than any form of ours has
        return _page(request, person, edition, done="refused", code=HTTPStatus.UNPROCESSABLE_ENTITY)
    undo = "every" if before == "never" else before
    return _page(request, chosen, edition, done="unsubscribed" if one_click else "saved", undo=undo)


def _reader(request: Request, token: str) -> tuple[Person | None, str]:
    """Whose link it is, and of which edition; nobody where it is not ours or they were erased."""
    store: Store = request.app.state.store
    match read(store.secret, "preferences", token):
        case (person_id, edition):
            with store.reading() as connection:
                person = those(connection, [person_id]).get(person_id)
            return (None if person is None or person.erased_at else person), edition
    return None, ""


def _wanted(body: bytes) -> dict[str, Any]:
    """What a form says: `naming`, `language`, and `edition.NAME` for each edition."""
    told = dict(parse_qsl(body.decode(errors="replace"), max_num_fields=100))
    editions = {name.removeprefix(_CHOICE): how for name, how in told.items() if name.startswith(_CHOICE)}
    return {"naming": told.get("naming"), "language": told.get("language"), "subscriptions": editions}


def _page(
    request: Request,
    person: Person | None,
    edition: str,
    *,
    done: str = "",
    undo: str = "every",
    code: HTTPStatus = HTTPStatus.OK,
) -> Response:
    response = page(
        request,
        "preferences",
        code=HTTPStatus.NOT_FOUND if person is None else code,
        speaks=person.language if person else None,
        person=person,
        edition=edition,
        editions=[] if person is None else _for(person),
        languages=languages(),
        done=done,
        undo=undo,
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _for(person: Person) -> list[str]:
    """The editions that are made for this person, and questions, which everyone may be asked."""
    made = [name for name, audience in AUDIENCES.items() if name in EDITIONS and audience.takes(person)]
    return [*made, QUESTIONS]
