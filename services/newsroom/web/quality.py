"""The quality of the data: who tells what, what could not be read or contradicts itself; how to mend it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.newsroom.web import faults
from services.newsroom.web.guard import Sent, Visit, may, sends
from services.newsroom.web.pages import page, then
from shared.completeness import sources
from shared.mending import LetterError, Mending, is_recorded
from shared.store import conflicts, letters
from shared.store.aside import lying_ahead, put_aside

if TYPE_CHECKING:
    from shared.settings import Settings
    from shared.store.engine import Store
    from shared.store.letters import Contents

router = APIRouter(include_in_schema=False)
SHOWN: Final = 50
_SHOWN_BYTES: Final = 4_000
_MOST_NUMBER: Final = 2**31 - 1
Looks = Annotated[Visit, Depends(may("see_quality"))]
Mends = Annotated[Sent, Depends(sends("mend"))]


@router.get("/quality")
def quality(request: Request, _visit: Looks) -> Response:
    """All of it, of each kind the latest fifty."""
    settings, store, now = _all(request)
    with store.reading() as connection:
        told = sources(connection, now)
        unread = letters.how_many_wait(connection)
        waiting = letters.latest(connection, SHOWN)
        contradicted, open_conflicts = conflicts.latest(connection, SHOWN), conflicts.open_count(connection)
        aside, ahead = put_aside(connection, SHOWN), lying_ahead(connection, now, SHOWN)
    patience = timedelta(hours=settings.source_silence_hours)
    return page(
        request,
        "quality",
        sources=[(each, each.silent_since(now, patience)) for each in told],
        unread=unread,
        letters=waiting,
        conflicts=contradicted,
        open_conflicts=open_conflicts,
        aside=aside,
        ahead=ahead,
        most=SHOWN,
        zone=settings.rules.zone,
        done=request.query_params.get("done") == "1",
    )


@router.get("/quality/letters/{number}")
def letter(request: Request, _visit: Looks, number: str) -> Response:
    """One event that could not be read, with its bytes."""
    settings, store, _ = _all(request)
    wanted = _number(number)
    with store.reading() as connection:
        found = letters.listed(connection, [wanted])
        kept = letters.contents(connection, [wanted]).get(wanted)
        recorded = None if kept is None else is_recorded(connection, kept.event)
    if not found:
        raise faults.not_here()
    raw = _shown(kept)
    return page(request, "letter", letter=found[0], raw=raw, recorded=recorded, zone=settings.rules.zone)


@router.post("/quality/letters/replay")
def replay_all(request: Request, _sent: Mends) -> Response:
    """Record all that wait again, as they came; what still cannot be read goes on waiting."""
    _mending(request).replay()
    return then("/quality?done=1#letters")


@router.post("/quality/letters/{number}/replay")
def replay(request: Request, _sent: Mends, number: str) -> Response:
    """Record one again, as it came."""
    return _mended(number, lambda wanted: _mending(request).replay([wanted]))


@router.post("/quality/letters/{number}/discard")
def discard(request: Request, sent: Mends, number: str) -> Response:
    """Give one up, for a reason."""
    reason = sent.form.one("reason")
    if not reason:
        raise faults.wrong("reason", "Say why nobody will miss it; it is kept")
    return _mended(number, lambda wanted: _mending(request).discard([wanted], reason))


def _mended(number: str, work: Any) -> Response:
    wanted = _number(number)
    try:
        work(wanted)
    except LetterError as error:
        raise faults.refused(str(error)) from None
    return then(f"/quality/letters/{wanted}")


def _mending(request: Request) -> Mending:
    settings, store, now = _all(request)
    return Mending(store, now=now, rules=settings.rules, intake=settings.intake)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_MOST_NUMBER))):
        raise faults.not_here()
    if not 1 <= int(text) <= _MOST_NUMBER:
        raise faults.not_here()
    return int(text)


def _shown(kept: Contents | None) -> str | None:
    """The beginning of its bytes, as far as they can be seen."""
    if kept is None:
        return None
    text = (kept.value or b"")[:_SHOWN_BYTES].decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


def _all(request: Request) -> tuple[Settings, Store, datetime]:
    return request.app.state.settings, request.app.state.store, datetime.now(UTC)
