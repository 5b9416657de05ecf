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
from shared.people.model import QUESTIONS
from shared.periods import Period
from shared.publishing import EditionError
from shared.rendering.writing import RenderError
from shared.schedules import next_due
from shared.store import ledger, runs, sendings

if TYPE_CHECKING:
    from shared.settings import Settings
    from shared.store.engine import Store

router = APIRouter(include_in_schema=False)
SHOWN: Final = 24
"""Sendings and runs on one page."""


@router.get("/desk/editions")
def editions(request: Request, _visit: Annotated[Visit, Depends(may("see_composed"))]) -> Response:
    """What is composed, scheduled and on its way."""
    return shown(request)


@router.post("/desk/editions")
def compose(request: Request, sent: Annotated[Sent, Depends(sends("compose"))]) -> Response:
    """Compose an edition; composed again, it follows what was decided meanwhile."""
    name, text = sent.form.one("edition"), sent.form.one("period")
    if name not in EDITIONS:
        raise faults.wrong("edition", f"Write one of {', '.join(EDITIONS)}")
    try:
        edition_id = composed(request, name, Period.parse(text))
    except (EditionError, RenderError, ValueError) as error:
        return shown(request, HTTPStatus.UNPROCESSABLE_ENTITY, problem=str(error))
    return then(f"/desk/editions/{edition_id}")


def composed(request: Request, name: str, period: Period) -> str:
    """Compose an edition as of now; its id. Raises EditionError, RenderError, UnjudgedError, ValueError."""
    must_be_judged(request)
    settings: Settings = request.app.state.settings
    now = datetime.now(UTC)
    made = publishing.compose(
        request.app.state.store, name, period, now, settings.rules, settings.targets, settings.choice
    )
    return made.edition_id


def shown(request: Request, code: int = HTTPStatus.OK, **told: Any) -> Response:
    """The page of all editions and schedules, with what a request came to."""
    settings: Settings = request.app.state.settings
    store: Store = request.app.state.store
    now = datetime.now(UTC)
    with store.reading() as connection:
        waiting = archive.composed(connection)
        known = scheduling.schedules(connection, settings.schedules)
        found = [each for each in runs.listed(connection) if each.schedule in known]
        confirmed = {name: runs.confirmed(connection, name) for name in known}
        on_their_way, paused = sendings.listed(connection), ledger.paused(connection)
        in_doubt = bool(ledger.listed(connection, kind=QUESTIONS, state="doubtful", most=1))
        month = month_of(request, connection, settings.rules)
    due = {name: next_due(each, now, settings.rules) for name, each in known.items()}
    return page(
        request,
        "desk_editions",
        code=code,
        waiting=waiting,
        kinds=EDITIONS,
        month=month,
        schedules=known,
        fixed=settings.schedules,
        due=due,
        confirmed=confirmed,
        runs=found[:-SHOWN:-1],
        sendings=[each for each in on_their_way if each.edition_id.startswith(tuple(EDITIONS))][:SHOWN],
        paused=paused,
        doubtful_questions=in_doubt,
        zone=settings.rules.zone,
        **{"problem": "", "form": None, **told},
    )
