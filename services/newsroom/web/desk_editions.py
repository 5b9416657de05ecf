"""The editions that are being made: which there are, how they fare, and composing another one."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.newsroom.web import faults
from services.newsroom.web.board import month_of
from services.newsroom.web.guard import Sent, Visit, may, sends
from services.newsroom.web.judged import must_be_judged
from services.newsroom.web.pages import page, then
from shared import archive, publishing
from shared.editions.registry import EDITIONS
from shared.mailing import scheduling
from shared.mailing.post import MailError
from shared.periods import Period
from shared.publishing import EditionError
from shared.rendering.writing import RenderError
from shared.schedules import next_due
from shared.store import ledger, runs

if TYPE_CHECKING:
    from datetime import date

    from shared.settings import Settings
    from shared.store.engine import Store

router = APIRouter(include_in_schema=False)
SHOWN: Final = 24
"""Sendings and runs on one page."""


@router.get("/desk/editions")
def editions(request: Request, _visit: Annotated[Visit, Depends(may("see_composed"))]) -> Response:
    """What is composed, scheduled and on its way."""
    return _shown(request)


@router.post("/desk/editions")
def compose(request: Request, sent: Annotated[Sent, Depends(sends("compose"))]) -> Response:
    """Compose an edition; composed again, it follows what was decided meanwhile."""
    name, text = sent.form.one("edition"), sent.form.one("period")
    if name not in EDITIONS:
        raise faults.wrong("edition", f"Write one of {', '.join(EDITIONS)}")
    try:
        edition_id = composed(request, name, Period.parse(text))
    except (EditionError, RenderError, ValueError) as error:
        return _shown(request, HTTPStatus.UNPROCESSABLE_ENTITY, problem=str(error))
    return then(f"/desk/editions/{edition_id}")


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
            return _shown(request, HTTPStatus.CONFLICT, problem=str(error))
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
            return _shown(request, HTTPStatus.CONFLICT, problem=str(error))
    return then("/desk/editions#runs")


def composed(request: Request, name: str, period: Period) -> str:
    """Compose an edition as of now; its id. Raises EditionError, RenderError, UnjudgedError, ValueError."""
    must_be_judged(request)
    settings: Settings = request.app.state.settings
    now = datetime.now(UTC)
    made = publishing.compose(
        request.app.state.store, name, period, now, settings.rules, settings.targets, settings.choice
    )
    return made.edition_id


def _is_decided(request: Request, schedule: str, day: date, what: str) -> bool:
    """Whether that was decided already, so that a second click changes nothing."""
    store: Store = request.app.state.store
    with store.reading() as connection:
        run = runs.find(connection, schedule, day)
    return run is not None and run.state == {"go": "waiting", "skip": "skipped"}[what]


def _shown(request: Request, code: int = HTTPStatus.OK, **told: Any) -> Response:
    settings: Settings = request.app.state.settings
    store: Store = request.app.state.store
    now = datetime.now(UTC)
    with store.reading() as connection:
        waiting = archive.composed(connection)
        found = [each for each in runs.listed(connection) if each.schedule in settings.schedules]
        confirmed = {name: runs.confirmed(connection, name) for name in settings.schedules}
        sendings, paused = ledger.sendings(connection), ledger.paused(connection)
        month = month_of(request, connection, settings.rules)
    due = {name: next_due(each, now, settings.rules) for name, each in settings.schedules.items()}
    return page(
        request,
        "desk_editions",
        code=code,
        waiting=waiting,
        kinds=EDITIONS,
        month=month,
        due=due,
        confirmed=confirmed,
        runs=found[:-SHOWN:-1],
        sendings=[each for each in sendings if each.edition_id.startswith(tuple(EDITIONS))][:SHOWN],
        paused=paused,
        zone=settings.rules.zone,
        **{"problem": "", **told},
    )
