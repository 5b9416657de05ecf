"""`POST /v1/events`: CloudEvents, one or many, into the journal."""

from __future__ import annotations

import logging
from collections import Counter
from hashlib import blake2b
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.newsroom.access import forbidden, may
from services.newsroom.batches import BrokenBatch
from services.newsroom.bodies import read_body
from services.newsroom.contract import BATCHES, EVENTS, RESPONSES
from services.newsroom.modes import Mode, events, mode_of, origin
from services.newsroom.problems import Problem
from services.newsroom.reports import Sent, answer
from shared.store.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.newsroom.recorder import Recorder

WRITE = "events:write"

log = logging.getLogger("tandem.newsroom")
router = APIRouter()


async def _body(request: Request) -> bytes:
    """The kind of body first: a wrong one is not read at all."""
    mode_of(request)
    return await read_body(request, request.app.state.settings.http_most_bytes)


Caller = Annotated[Token, Depends(may(WRITE))]
Body = Annotated[bytes, Depends(_body)]


@router.post(
    "/v1/events",
    status_code=HTTPStatus.ACCEPTED,
    responses=RESPONSES,
    openapi_extra=EVENTS,
    operation_id="post_events",
    summary="Record events",
)
def post_events(request: Request, token: Caller, body: Body) -> Response:
    """Record one CloudEvent or a batch; `source` and `id` name an event, so sending it again is harmless."""
    return _record(request, token, body)


@router.post(
    "/v1/events/batch",
    status_code=HTTPStatus.ACCEPTED,
    responses=RESPONSES,
    openapi_extra=BATCHES,
    operation_id="post_batch",
    summary="Record a batch of events",
)
def post_batch(request: Request, token: Caller, body: Body) -> Response:
    """The same, for generated clients: their generators know one kind of body for a path."""
    return _record(request, token, body)


def _record(request: Request, token: Token, body: bytes) -> Response:
    recorder: Recorder = request.app.state.recorder
    try:
        raws = events(request, body)
    except BrokenBatch as broken:
        recorder.keep_unreadable(body, origin(request, body, _name(token, body)), str(broken))
        raise Problem(HTTPStatus.BAD_REQUEST, f"{broken}. The body is kept as a dead letter.") from None
    _check_count(raws, request.app.state.settings.http_most_events)
    sent = [Sent.read(raw) for raw in raws]
    _check_sources(sent, token)
    fates = recorder.record(raws, [origin(request, body, _name(token, raw)) for raw in raws])
    counts = Counter(fate.outcome for fate in fates)
    log.info("%s sent %d events: %s", token.name, len(fates), dict(counts))
    return answer(sent, fates, whole=mode_of(request) is Mode.ONE)


def _name(token: Token, raw: bytes) -> str:
    """Name what was sent by its content, so that sending it again leaves one dead letter."""
    return f"http/{token.name}/{blake2b(raw, digest_size=16).hexdigest()}"


def _check_count(raws: Sequence[bytes], most: int) -> None:
    if len(raws) > most:
        detail = f"{len(raws)} events at once; send at most {most} (TANDEM_HTTP_MOST_EVENTS)."
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)


def _check_sources(sent: Sequence[Sent], token: Token) -> None:
    """Refuse the whole request where the token is not for a source in it."""
    for index, one in enumerate(sent):
        if one.source is not None and not token.may_speak_as(one.source):
            raise forbidden(
                f"Event {index} has the source {one.source[:200]!r}; the token {token.name} is only for "
                f"{', '.join(token.sources)}. Nothing was recorded.",
                WRITE,
            )
