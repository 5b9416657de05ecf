"""`POST /v1/events`: CloudEvents, one or many, into the journal."""

from __future__ import annotations

from dataclasses import replace
from email.message import Message
from hashlib import blake2b
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

import orjson
from fastapi import APIRouter, Depends, Request, Response

from services.newsroom.access import forbidden, may
from services.newsroom.batches import BrokenBatch, split
from services.newsroom.bodies import read_body
from services.newsroom.cloudevents import attributes
from services.newsroom.contract import BATCH, BODY, EVENT, RESPONSES
from services.newsroom.problems import Problem
from services.newsroom.reports import answer, named
from shared.events.cloudevents import structured
from shared.intake import Origin
from shared.store.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.newsroom.recorder import Recorder
    from shared.intake import Headers

BINARY = "binary"
WRITE = "events:write"
_BOM = b"\xef\xbb\xbf"

router = APIRouter()


async def _body(request: Request) -> bytes:
    """The kind of body first: a wrong one is not read at all."""
    _mode(request)
    return await read_body(request, request.app.state.settings.http_most_bytes)


@router.post(
    "/v1/events",
    status_code=HTTPStatus.ACCEPTED,
    responses=RESPONSES,
    openapi_extra=BODY,
    operation_id="post_events",
    summary="Record events",
)
def post_events(
    request: Request, token: Annotated[Token, Depends(may(WRITE))], body: Annotated[bytes, Depends(_body)]
) -> Response:
    """Record one CloudEvent or a batch; `source` and `id` name an event, so sending it again is harmless."""
    recorder: Recorder = request.app.state.recorder
    headers = attributes(request.headers.raw)
    try:
        raws = _events(_mode(request), body.removeprefix(_BOM), headers)
    except BrokenBatch as broken:
        recorder.keep_unreadable(body, _origin(token, body), str(broken))
        raise Problem(HTTPStatus.BAD_REQUEST, f"{broken}. The body is kept as a dead letter.") from None
    _check_count(raws, request.app.state.settings.http_most_events)
    _check_sources(raws, token)
    origins = [_origin(token, raw) for raw in raws]
    if _mode(request) == BINARY:
        origins = [replace(origin, headers=headers, value=body) for origin in origins]
    return answer(raws, recorder.record(raws, origins))


def _origin(token: Token, raw: bytes) -> Origin:
    """Name what was sent by its content, so that sending it again leaves one dead letter."""
    return Origin(f"http/{token.name}/{blake2b(raw, digest_size=16).hexdigest()}")


def _mode(request: Request) -> str:
    """`EVENT`, `BATCH` or `BINARY`; raises Problem where it is none of them."""
    told = Message()
    told["content-type"] = request.headers.get("content-type", "")
    kind = told.get_content_type() if request.headers.get("content-type") else ""
    if kind.startswith("application/cloudevents"):
        charset = (told.get_content_charset() or "utf-8").replace("_", "-")
        if kind in {EVENT, BATCH} and charset in {"utf-8", "utf8", "us-ascii"}:
            return kind
    elif attributes(request.headers.raw):
        return BINARY
    raise Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        f"Send one event as {EVENT}, several as {BATCH}, in UTF-8, "
        "or one in binary mode: its attributes as ce-* headers, its data as application/json.",
        headers={"Accept": f"{EVENT}, {BATCH}"},
    )


def _events(mode: str, body: bytes, headers: Headers) -> list[bytes]:
    """Each event as the bytes that came; raises BrokenBatch."""
    if mode == BATCH:
        return split(body)
    if mode == BINARY:
        return [structured(body or None, headers)]
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BrokenBatch(f"Not JSON: {error}") from None
    return [body]


def _check_count(raws: Sequence[bytes], most: int) -> None:
    if len(raws) > most:
        detail = f"{len(raws)} events at once; send at most {most} (TANDEM_HTTP_MOST_EVENTS)."
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)


def _check_sources(raws: Sequence[bytes], token: Token) -> None:
    """Refuse the whole request where the token is not for a source in it."""
    if not token.sources:
        return
    for index, raw in enumerate(raws):
        source, _ = named(raw)
        if source is not None and not token.may_speak_as(source):
            raise forbidden(
                f"Event {index} has the source {source[:200]!r}; the token {token.name} is only for "
                f"{', '.join(token.sources)}. Nothing was recorded.",
                WRITE,
            )
