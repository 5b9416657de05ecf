"""Schedules at the desk: set, changed, removed and confirmed; and what becomes of their runs."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import ValidationError

from services.newsroom.web import faults
from services.newsroom.web.desk_editions import shown
from services.newsroom.web.guard import Sent, sends
from services.newsroom.web.pages import then
from shared.mailing import scheduling
from shared.mailing.post import MailError
from shared.schedules import Schedule, why_not
from shared.store import runs

if TYPE_CHECKING:
    from datetime import date

    from services.newsroom.web.forms import Form
    from shared.settings import Settings
    from shared.store.engine import Store

router = APIRouter(include_in_schema=False)


@router.post("/desk/schedules")
def put(request: Request, sent: Annotated[Sent, Depends(sends("publish"))]) -> Response:
    """Set a schedule, or change it."""
    settings: Settings = request.app.state.settings
    form, now, who = sent.form, datetime.now(UTC), sent.visit.me.person_id
    try:
        schedule = _read(form)
        scheduling.put(request.app.state.store, settings.schedules, form.one("name"), schedule, now, who=who)
    except ValidationError as error:
        return shown(request, HTTPStatus.UNPROCESSABLE_ENTITY, problem=why_not(error), form=form)
    except MailError as error:
        return shown(request, HTTPStatus.UNPROCESSABLE_ENTITY, problem=str(error), form=form)
    return then("/desk/editions#schedules")


@router.post("/desk/schedules/{name}/remove")
def remove(request: Request, sent: Annotated[Sent, Depends(sends("publish"))], name: str) -> Response:
    """Let no edition come by a schedule any more."""
    settings: Settings = request.app.state.settings
    who = sent.visit.me.person_id
    try:
        scheduling.remove(request.app.state.store, settings.schedules, name, datetime.now(UTC), who=who)
    except MailError as error:
        return shown(request, HTTPStatus.CONFLICT, problem=str(error))
    return then("/desk/editions#schedules")


def _read(form: Form) -> Schedule:
    """As its form was filled in: `on` is a day of the week, or the number of a working day of the month."""
    on = form.one("on")
    day = {"workday": on} if on.isdecimal() else {"weekday": on}
    return Schedule.model_validate(
        {"edition": form.one("edition"), "at": form.one("at"), "review": bool(form.one("review")), **day}
    )


@router.post("/desk/runs/{schedule}/{day}/{what}")
def decide(
    request: Request, _sent: Annotated[Sent, Depends(sends("publish"))], schedule: str, day: str, what: str
) -> Response:
    """Let a late run go all the same, or leave a run out."""
    if what not in ("go", "skip"):
        raise faults.not_here()
    who, now = _sent.visit.me.person_id, datetime.now(UTC)
    try:
        on = datetime.strptime(day, "%Y-%m-%d").date()  # noqa: DTZ007 - a day of the organisation
    except ValueError:
        raise faults.not_here() from None
    if not _is_decided(request, schedule, on, what):
        try:
            scheduling.decide(request.app.state.store, schedule, on, now, who=who, go=what == "go")
        except MailError as error:
            return shown(request, HTTPStatus.CONFLICT, problem=str(error))
    return then("/desk/editions#runs")


@router.post("/desk/schedules/{name}/confirm")
def confirm(request: Request, sent: Annotated[Sent, Depends(sends("publish"))], name: str) -> Response:
    """Let a schedule go to everyone, now that its proof was seen."""
    store: Store = request.app.state.store
    with store.reading() as connection:
        confirmed = runs.confirmed(connection, name)
    if not confirmed:
        try:
            scheduling.confirm(store, name, datetime.now(UTC), who=sent.visit.me.person_id)
        except MailError as error:
            return shown(request, HTTPStatus.CONFLICT, problem=str(error))
    return then("/desk/editions#runs")


def _is_decided(request: Request, schedule: str, day: date, what: str) -> bool:
    """Whether that was decided already, so that a second click changes nothing."""
    store: Store = request.app.state.store
    with store.reading() as connection:
        run = runs.find(connection, schedule, day)
    return run is not None and run.state == {"go": "waiting", "skip": "skipped"}[what]
