"""What a browser sends of a story: taken as it is, and kept even where nobody is signed in any more."""

from __future__ import annotations

import hmac
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from fastapi import Depends, Request
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from services.newsroom.bodies import read_body
from services.newsroom.web import faults
from services.newsroom.web.faults import SignInNeededError
from services.newsroom.web.guard import Visit, declare, may
from services.newsroom.web.pages import then
from services.newsroom.web.tries import WRITTEN, Tries
from shared.photos import MOST_BYTES as MOST_OF_A_PHOTO
from shared.store import manuscripts
from shared.stories.manuscript import ASKED, Attached, Words

if TYPE_CHECKING:
    from shared.store.engine import Store

MOST_BYTES: Final = 300_000
"""Of the words of a form: what a story may hold, as browsers write it, several times."""
_MOST_FIELDS: Final = 200
_URLENCODED: Final = "application/x-www-form-urlencoded"
_MULTIPART: Final = "multipart/form-data"
_UPLOADS: Final = BoundedSemaphore(4)
"""Photos that may arrive at the same time, each of which takes memory."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a form, and the photo in it."""

    told: dict[str, list[str]]
    photo: bytes = field(default=b"", repr=False)

    def one(self, name: str) -> str:
        """The text of a field, its lines ended as ours are."""
        text = self.told.get(name, [""])[0]
        return text.replace("\r\n", "\n").replace("\r", "\n")

    @property
    def is_whole(self) -> bool:
        """Whether it is a form of ours: an answer that was emptied is still there."""
        return f"answer-{ASKED - 1}" in self.told

    def words(self) -> Words:
        """All that was written and chosen."""
        return Words(
            title=self.one("title"),
            answers=tuple(self.one(f"answer-{number}") for number in range(ASKED)),
            order_id=self.one("order").strip(),
            witness=self.one("witness").strip(),
            thanks=tuple(dict.fromkeys(each for each in self.told.get("thanks", []) if each.strip())),
            naming=self.one("naming"),
            photos=tuple(
                Attached(each, self.one(f"alt-{each}"))
                for each in dict.fromkeys(self.told.get("photo-id", []))
            ),
        )


@dataclass(frozen=True, slots=True)
class Written:
    """A form of a story; `away` is the answer where its words were only put aside."""

    visit: Visit
    fields: Fields
    away: Response | None = None


async def read_fields(request: Request) -> Fields:
    """Read the form, with a photo or without; raises Problem."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == _URLENCODED:
        return _plain(await read_body(request, MOST_BYTES))
    if kind != _MULTIPART:
        raise faults.no_form()
    if not _UPLOADS.acquire(blocking=False):
        raise faults.too_much()
    try:
        return await _with_photo(request, await read_body(request, MOST_OF_A_PHOTO + MOST_BYTES))
    finally:
        _UPLOADS.release()


def written(request: Request, fields: Fields = Depends(read_fields)) -> Written:  # noqa: B008 - how FastAPI is told
    """A dependency: the form of someone who may write; of who may not any more the words are kept.

    Whoever signs in again finds them: only a page of ours can have sent them, by an address that cannot be
    guessed.
    """
    try:
        visit = may("submit")(request)
    except SignInNeededError:
        if not _put_aside(request, fields):
            raise
        return Written(request.state.visit, fields, _to_sign_in(request))
    if not fields.is_whole:
        raise faults.no_form()
    if hmac.compare_digest(fields.one("csrf").encode(), visit.csrf.encode()):
        return Written(visit, fields)
    if not _put_aside(request, fields):
        raise faults.forged()
    return Written(visit, fields, then(f"/tell/{_id(request)}?back=1"))


declare(written, "submit")


def wants_data(request: Request) -> bool:
    """Whether our code asks, and not the browser itself."""
    return "application/json" in request.headers.get("accept", "")


def _put_aside(request: Request, fields: Fields) -> bool:
    if not fields.is_whole:
        return False
    tries: Tries = request.app.state.tries
    tries.of_writer(WRITTEN, request.client.host if request.client else "")
    store: Store = request.app.state.store
    with store.noting() as connection:
        return manuscripts.put_aside(connection, _id(request), fields.words(), datetime.now(UTC))


def _to_sign_in(request: Request) -> Response:
    path = f"/sign-in?next=/tell/{_id(request)}"
    if wants_data(request):
        return JSONResponse({"sign_in": path}, HTTPStatus.UNAUTHORIZED)
    return then(path)


def _id(request: Request) -> str:
    return str(request.path_params["manuscript_id"])


def _plain(body: bytes) -> Fields:
    try:
        told = parse_qs(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise faults.no_form() from None
    return Fields(told)


async def _with_photo(request: Request, body: bytes) -> Fields:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    parser = MultiPartParser(
        request.headers, stream(), max_files=1, max_fields=_MOST_FIELDS, max_part_size=MOST_BYTES
    )
    try:
        form = await parser.parse()
    except (MultiPartException, ValueError, KeyError):
        raise faults.no_form() from None
    told: dict[str, list[str]] = {}
    photo = b""
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            photo = await value.read()
        else:
            told.setdefault(name, []).append(_whole(value))
    await form.close()
    return Fields(told, photo)


def _whole(text: Any) -> str:
    """Text without halves of characters, which a part may hold and nothing can keep."""
    return str(text).encode("utf-8", "replace").decode()
