"""People: their own choices, and for administrators everyone's place and roles."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.newsroom.web import faults
from services.newsroom.web.forms import asked, line, number
from services.newsroom.web.guard import Sent, Visit, may, sends
from services.newsroom.web.pages import page, then
from shared.languages import languages
from shared.mailing.audiences import AUDIENCES
from shared.people.choosing import prefer
from shared.people.model import DEPARTMENTS, FREQUENCIES, NAMINGS, QUESTIONS, ROLES, PeopleError
from shared.people.placing import found as found_people
from shared.people.placing import place
from shared.people.reading import one

if TYPE_CHECKING:
    from shared.people.model import Person
    from shared.store.engine import Store

router = APIRouter(include_in_schema=False)
MOST: Final = 50
_EDITION: Final = "edition."


@router.get("/me")
def me(request: Request, visit: Annotated[Visit, Depends(may("prefer"))]) -> Response:
    """What a person chose, and how to sign out everywhere."""
    person = visit.me
    return page(
        request,
        "me",
        person=person,
        languages=languages(),
        namings=NAMINGS,
        frequencies=FREQUENCIES,
        editions=[*(name for name, audience in AUDIENCES.items() if audience.takes(person)), QUESTIONS],
        saved=asked(request, "saved") == "1",
    )


@router.post("/me")
def choose(request: Request, sent: Annotated[Sent, Depends(sends("prefer"))]) -> Response:
    """Keep what a person chose; no list of people changes it again."""
    person_id, form = sent.visit.me.person_id, sent.form
    wanted = {
        name.removeprefix(_EDITION): form.one(name) for name in form.fields if name.startswith(_EDITION)
    }
    store: Store = request.app.state.store
    try:
        prefer(
            store,
            person_id,
            datetime.now(UTC),
            who=person_id,
            language=form.one("language") or None,
            naming=form.one("naming") or None,
            subscriptions=wanted,
        )
    except PeopleError as error:
        raise faults.refused(str(error)) from None
    return then("/me?saved=1")


@router.get("/people")
def listed(request: Request, _visit: Annotated[Visit, Depends(may("see_people"))]) -> Response:
    """Everyone, or those whose name, address or id holds some words."""
    text, at = asked(request, "q"), number(request, "page")
    store: Store = request.app.state.store
    with store.reading() as connection:
        people, total = found_people(connection, text, (at - 1) * MOST, MOST)
    pages = max(1, -(-total // MOST))
    return page(request, "people", people=people, total=total, text=text, at=at, pages=pages)


@router.get("/people/{person_id:path}")
def shown(request: Request, _visit: Annotated[Visit, Depends(may("see_people"))], person_id: str) -> Response:
    """One person."""
    person = _person(request, person_id)
    saved = asked(request, "saved") == "1"
    return page(request, "person", person=person, departments=DEPARTMENTS, roles=ROLES, saved=saved)


@router.post("/people/{person_id:path}")
def change(
    request: Request, sent: Annotated[Sent, Depends(sends("edit_people"))], person_id: str
) -> Response:
    """Change someone's department and roles; new roles sign them out, so that none lingers."""
    person = _person(request, person_id)
    store: Store = request.app.state.store
    try:
        place(
            store,
            person.person_id,
            datetime.now(UTC),
            who=sent.visit.me.person_id,
            department=sent.form.one("department"),
            roles=frozenset(sent.form.all("role")),
        )
    except PeopleError as error:
        raise faults.refused(str(error)) from None
    return then(f"/people/{quote(person.person_id)}?saved=1")


def _person(request: Request, person_id: str) -> Person:
    store: Store = request.app.state.store
    with store.reading() as connection:
        try:
            return one(connection, line("person", person_id))
        except PeopleError:
            raise faults.not_here() from None
