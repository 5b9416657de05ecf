"""The body of a request, read up to a limit in size and time; gzip is undone as it arrives."""

from __future__ import annotations

import asyncio
import zlib
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect

from services.newsroom.problems import Problem

if TYPE_CHECKING:
    from fastapi import Request

_GZIP = zlib.MAX_WBITS | 16
_SECONDS = 60


async def read_body(request: Request, most: int) -> bytes:
    """Return the whole body, unpacked; raises Problem as soon as it is known to be too large or too slow."""
    unpack = _Plain() if (coding := _coding(request)) in {"", "identity"} else _Gzip(coding)
    if int(request.headers.get("content-length", "0")) > most:
        raise _too_large(most)
    body = bytearray()
    try:
        async with asyncio.timeout(_SECONDS):
            async for chunk in request.stream():
                body += unpack.take(chunk, most + 1 - len(body))
                if len(body) > most:
                    raise _too_large(most)
    except TimeoutError:
        detail = f"The body did not arrive within {_SECONDS} s; send smaller batches."
        raise Problem(HTTPStatus.REQUEST_TIMEOUT, detail, headers={"Connection": "close"}) from None
    except ClientDisconnect:
        raise Problem(HTTPStatus.BAD_REQUEST, "The body ended early; send it again.") from None
    unpack.end()
    return bytes(body)


def _coding(request: Request) -> str:
    return request.headers.get("content-encoding", "").strip().lower()


def _too_large(most: int) -> Problem:
    detail = f"The body has more than {most} bytes, unpacked; send smaller batches (TANDEM_HTTP_MOST_BYTES)."
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)


class _Plain:
    """A body as it is."""

    def take(self, chunk: bytes, most: int) -> bytes:
        """Return what is enough to see that it is too much."""
        return chunk[:most]

    def end(self) -> None:
        """Nothing is left over."""


class _Gzip:
    """A body in gzip; of a bomb no more is unpacked than the limit."""

    def __init__(self, coding: str) -> None:
        if coding not in {"gzip", "x-gzip"}:
            detail = f"Content-Encoding {coding[:50]!r} is not read here; send gzip, or the body as it is."
            raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, headers={"Accept-Encoding": "gzip"})
        self._stream = zlib.decompressobj(_GZIP)

    def take(self, chunk: bytes, most: int) -> bytes:
        """Unpack a part."""
        try:
            return self._stream.decompress(chunk, most)
        except zlib.error:
            raise _no_gzip() from None

    def end(self) -> None:
        """Make sure that all has come, and nothing else."""
        if not self._stream.eof or self._stream.unused_data:
            raise _no_gzip()


def _no_gzip() -> Problem:
    detail = "The body is not one complete gzip stream, as Content-Encoding says; pack it again."
    return Problem(HTTPStatus.BAD_REQUEST, detail)
