"""The win explorer: every win with its gates, its picture over time and its events; near misses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.newsroom.web import faults
from services.newsroom.web.board import last_month
from services.newsroom.web.forms import asked, line, number
from services.newsroom.web.guard import Visit, may
from services.newsroom.web.judged import must_be_judged
from services.newsroom.web.pages import language, page
from services.newsroom.web.timeline import HEIGHT, LANES, WIDTH, picture
from services.newsroom.web.values import described
from shared import exploring
from shared.explaining import timeline
from shared.exploring import STATUSES, Wanted
from shared.history.timeline import tell
from shared.instants import microseconds, moment
from shared.patterns.conditions import condition
from shared.patterns.registry import names as all_patterns
from shared.periods import Period
from shared.projecting.naming import names_of
from shared.projecting.nearly import Place, Stretch, stretch
from shared.projecting.reading import Reading
from shared.store.journal import newest
from shared.stories.facts import about, facts_of
from shared.stories.headlines import headline

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from services.newsroom.web.kept import Kept
    from shared.settings import Settings
    from shared.store.engine import Store

router = APIRouter(include_in_schema=False)
MOST: Final = 25
ORDERS: Final = 200
"""Orders that one page looks through for near misses."""
_SHOWN: Final = 200
"""Events on one page; more nobody reads."""
_DIGITS: Final = 16
"""Of an instant in microseconds."""
Explores = Annotated[Visit, Depends(may("see_evidence"))]


@router.get("/wins")
def listed(request: Request, _visit: Explores) -> Response:
    """List wins, the newest first."""
    wanted, at = _wanted(request), number(request, "page")
    settings, store, now = _all(request)
    zone = settings.rules.zone
    with store.reading() as connection:
        found, total = exploring.page_of(connection, wanted, zone, now, (at - 1) * MOST, MOST)
        called = names_of(Reading(connection, now, settings.rules), found)
    said = language(request)
    rows = [(win, headline(facts_of(win, called), 0, said), win.status(now)) for win in found]
    told = {"month": wanted.month and wanted.month.name, "pattern": wanted.pattern, "status": wanted.status}
    question = urlencode({name: value for name, value in told.items() if value})
    return page(
        request,
        "wins",
        rows=rows,
        total=total,
        at=at,
        pages=max(1, -(-total // MOST)),
        wanted=wanted,
        question=f"{question}&" if question else "",
        patterns=all_patterns(),
        statuses=STATUSES,
        zone=zone,
    )


@router.get("/wins/nearly")
def nearly(request: Request, _visit: Explores) -> Response:
    """Orders that almost were a win, by the week in which they closed, and the one gate that stopped each."""
    must_be_judged(request)
    settings, store, now = _all(request)
    after = _place(request)
    with store.reading() as connection:
        week, version = _week(request, connection, settings), newest(connection)
    found = _stretch(request, week, after, version)
    with store.reading() as connection:
        called = names_of(Reading(connection, now, settings.rules), found.misses)
    said = language(request)
    rows = [
        (
            miss,
            about(miss, called),
            condition(miss.pattern, miss.stopped.name),
            described(miss.stopped.values, settings.rules.zone, said),
        )
        for miss in found.misses
    ]
    return page(
        request, "nearly", rows=rows, seen=found.orders, begins=after is None, week=week,
        before=week.previous, next=found.last and _going_on(week, found.last),
    )  # fmt: skip


def _stretch(request: Request, week: Period, after: Place | None, version: int) -> Stretch:
    """What was found since the journal last grew; else what is found now."""
    settings, store, now = _all(request)
    kept: Kept[Stretch] = request.app.state.nearly

    def work_out() -> Stretch:
        with store.reading() as connection:
            return stretch(Reading(connection, now, settings.rules), week, after, ORDERS)

    return kept.get((week, after), work_out, version)


@router.get("/wins/{win_id:path}")
def one(request: Request, _visit: Explores, win_id: str) -> Response:
    """Why one win is true."""
    settings, store, now = _all(request)
    zone = settings.rules.zone
    with store.reading() as connection:
        win = exploring.one(connection, line("win", win_id))
        if win is None:
            raise faults.not_here()
        reading = Reading(connection, now, settings.rules)
        called = names_of(reading, [win])
        events = timeline(reading, win)
    said = language(request)
    return page(
        request,
        "win",
        win=win,
        told=headline(facts_of(win, called), 0, said),
        subject=about(win, called),
        status=win.status(now),
        gates=[
            (gate, condition(win.pattern, gate.name), described(gate.values, zone, said))
            for gate in win.gates
        ],
        picture=picture(win, zone),
        lanes=LANES,
        width=WIDTH,
        height=HEIGHT,
        events=[(event.time.astimezone(zone), tell(event), event) for event in events[:_SHOWN]],
        more=max(0, len(events) - _SHOWN),
        zone=zone,
    )


def _wanted(request: Request) -> Wanted:
    status: Any = asked(request, "status") or None
    pattern = asked(request, "pattern") or None
    if status not in {None, *STATUSES}:
        raise faults.wrong("status", f"Write one of {', '.join(STATUSES)}")
    if pattern not in {None, *all_patterns()}:
        raise faults.wrong("pattern", "Choose one of the list")
    month = asked(request, "month")
    return Wanted(_period("month", month, "month") if month else None, pattern, status)


def _week(request: Request, connection: Connection, settings: Settings) -> Period:
    """The week that is asked for, else the last of the month that the board begins with."""
    if text := asked(request, "week"):
        return _period("week", text, "week")
    return Period.of(last_month(connection, settings.rules).end, "week").previous


def _going_on(week: Period, last: Place) -> str:
    return urlencode({"week": week.name, "after": f"{microseconds(last.closed_at)}~{last.order_id}"})


def _place(request: Request) -> Place | None:
    """Behind which order to go on; None from the first on."""
    if not (text := asked(request, "after")):
        return None
    at, _, order_id = text.partition("~")
    if not (at.isascii() and at.isdigit() and len(at) <= _DIGITS and order_id):
        raise faults.wrong("after", "Follow the link of the page before")
    return Place(moment(int(at)), order_id)


def _period(field: str, text: str, unit: str) -> Period:
    try:
        found = Period.parse(text)
    except ValueError as error:
        raise faults.wrong(field, str(error)) from None
    if found.unit != unit:
        raise faults.wrong(field, f"Write a {unit} such as {'2026-10' if unit == 'month' else '2026-W43'}")
    return found


def _all(request: Request) -> tuple[Settings, Store, datetime]:
    return request.app.state.settings, request.app.state.store, datetime.now(UTC)
