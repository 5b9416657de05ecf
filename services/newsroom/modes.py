"""The three ways to send events: one, a batch, or one in binary mode."""

from __future__ import annotations

from email.message import Message
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING

from services.newsroom.batches import split
from services.newsroom.cloudevents import attributes
from services.newsroom.problems import Problem
from shared.events.cloudevents import structured
from shared.intake import Origin

if TYPE_CHECKING:
    from fastapi import Request

EVENT = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
_UTF8 = {"utf-8", "utf8", "us-ascii"}
_BOM = b"\xef\xbb\xbf"


class Mode(Enum):
    """How events stand in a request."""

    ONE = EVENT
    BATCH = BATCH
    BINARY = "ce-* headers"


def mode_of(request: Request) -> Mode:
    """Tell the modes apart; raises Problem where it is none of them."""
    told = Message()
    told["content-type"] = request.headers.get("content-type", "text/plain")
    kind = told.get_content_type()
    charset = (told.get_content_charset() or "utf-8").replace("_", "-")
    if kind in {EVENT, BATCH} and charset in _UTF8:
        return Mode(kind)
    if attributes(request.headers.raw) and not kind.startswith("application/cloudevents"):
        return Mode.BINARY
    raise Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        f"Send one event as {EVENT}, several as {BATCH}, in UTF-8, "
        "or one in binary mode: its attributes as ce-* headers, its data as application/json.",
        headers={"Accept": f"{EVENT}, {BATCH}"},
    )


def events(request: Request, body: bytes) -> list[bytes]:
    """Each event as the bytes that came; raises BrokenBatch."""
    match mode_of(request):
        case Mode.BATCH:
            return split(body.removeprefix(_BOM))
        case Mode.BINARY:
            return [structured(body or None, attributes(request.headers.raw))]
        case Mode.ONE:
            return [body.removeprefix(_BOM)]


def origin(request: Request, body: bytes, name: str) -> Origin:
    """Where an event came from; in binary mode with what it was put together from."""
    if mode_of(request) is Mode.BINARY:
        return Origin(name, headers=attributes(request.headers.raw), value=body or None)
    return Origin(name)
