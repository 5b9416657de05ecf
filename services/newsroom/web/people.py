"""People: their own choices, and for administrators everyone's place and roles."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.newsroom.web import faults
from services.newsroom.web.forms import Form, asked, line, number
from services.newsroom.web.guard import Sent, Visit, may, sends
from services.newsroom.web.pages import page, then
from shared.languages import languages
from shared.mailing.audiences import AUDIENCES
from shared.people.choosing import erase, prefer
from shared.people.model import DEPARTMENTS, FREQUENCIES, NAMINGS, QUESTIONS, ROLES, PeopleError
from shared.people.placing import found as found_people
from shared.people.placing import namings_for, place
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
    store: Store = request.app.state.store
    try:
        prefer(
            store,
            person_id,
            datetime.now(UTC),
            who=person_id,
            language=form.one("language") or None,
            naming=form.one("naming") or None,
            subscriptions=_subscriptions(form),
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
    return page(
        request,
        "person",
        person=person,
        departments=DEPARTMENTS,
        roles=ROLES,
        languages=languages(),
        namings=namings_for(person),
        frequencies=FREQUENCIES,
        editions=[name for name, audience in AUDIENCES.items() if audience.takes(person)],
        saved=asked(request, "saved") == "1",
    )


@router.post("/people/{person_id:path}")
def change(
    request: Request, sent: Annotated[Sent, Depends(sends("edit_people"))], person_id: str
) -> Response:
    """Change what is known of someone; new roles sign them out, so that none lingers."""
    person = _person(request, person_id)
    store: Store = request.app.state.store
    form, who, now = sent.form, sent.visit.me.person_id, datetime.now(UTC)
    naming = form.one("naming") or person.naming
    if naming not in namings_for(person):
        raise faults.refused("Only people themselves may allow stories to say more of them")
    own = {"naming": naming, "language": form.one("language") or person.language}
    changed = {name: value for name, value in own.items() if value != getattr(person, name)}
    wanted = {name: how for name, how in _subscriptions(form).items() if how != person.wants(name)}
    try:
        place(
            store,
            person.person_id,
            now,
            who=who,
            department=form.one("department"),
            roles=frozenset(form.all("role")),
            customers=frozenset(_ids(form.one("customers"))) or None,
        )
        if changed or wanted:
            prefer(store, person.person_id, now, who=who, subscriptions=wanted, **changed)
    except PeopleError as error:
        raise faults.refused(str(error)) from None
    return then(f"/people/{quote(person.person_id)}?saved=1")


@router.get("/erase/{person_id:path}")
def ask_to_erase(
    request: Request, _visit: Annotated[Visit, Depends(may("edit_people"))], person_id: str
) -> Response:
    """Ask whether to forget someone: what goes, and what stays."""
    return page(request, "erase", person=_person(request, person_id))


@router.post("/erase/{person_id:path}")
def forget(
    request: Request, sent: Annotated[Sent, Depends(sends("edit_people"))], person_id: str
) -> Response:
    """Forget someone, once their id was written as a confirmation."""
    person, who = _person(request, person_id), sent.visit.me.person_id
    if sent.form.one("confirm") != person.person_id:
        raise faults.wrong("confirm", "Write the id exactly as it stands on the page")
    if person.person_id == who:
        raise faults.refused("Nobody erases themselves; ask another administrator")
    erase(request.app.state.store, person.person_id, datetime.now(UTC), who=who)
    return then(f"/people/{quote(person.person_id)}?saved=1")


def _subscriptions(form: Form) -> dict[str, str]:
    return {name.removeprefix(_EDITION): form.one(name) for name in form.fields if name.startswith(_EDITION)}


def _ids(text: str) -> list[str]:
    """Ids with semicolons between them, as lists of people write them."""
    return [line("customers", part.strip()) for part in text.split(";") if part.strip()]


def _person(request: Request, person_id: str) -> Person:
    store: Store = request.app.state.store
    with store.reading() as connection:
        try:
            return one(connection, line("person", person_id))
        except PeopleError:
            raise faults.not_here() from None
