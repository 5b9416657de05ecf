"""What went wrong with a request, as problem details (RFC 9457): always JSON, always what to do next."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from fastapi import Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from services.newsroom.recorder import AWAY

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

MEDIA_TYPE = "application/problem+json"
_RETRY_SECONDS = 5
_TITLES = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Content Too Large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Unprocessable Content",
}
"""The names of RFC 9110, which Python has from 3.13 on."""
_HINTS = {
    HTTPStatus.NOT_FOUND: "Nothing is here; GET /openapi.json lists the paths.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This path has other methods; the header Allow names them.",
}

log = logging.getLogger("tandem.newsroom")


class ProblemDetails(BaseModel):
    """Why a request was not done, and what to do about it."""

    type: str = Field(default="about:blank")
    title: str = Field(description="The meaning of the status.", examples=["Unauthorized"])
    status: int = Field(description="The status of the answer.", examples=[401])
    detail: str = Field(description="What happened, and what to do next.")


class Problem(Exception):  # noqa: N818 - the name that RFC 9457 gives it
    """An answer other than success; `more` are further members of the body."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        headers: dict[str, str] | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = headers
        self.more = more or {}

    def response(self) -> Response:
        """The answer."""
        told = {
            "type": "about:blank",
            "title": _TITLES.get(self.status, self.status.phrase),
            "status": self.status,
            "detail": str(self),
        }
        return Response(orjson.dumps(told | self.more), self.status, self.headers, MEDIA_TYPE)


Page = Callable[["Request", Problem], Response]
"""How a problem is shown to a person with a browser."""


def handle_problems(app: FastAPI, page: Page) -> None:
    """Answer whatever goes wrong with problem details, or a browser with a page; 503 while no database is."""
    app.state.problem_page = page
    app.exception_handler(Problem)(_problem)
    app.exception_handler(HTTPException)(_http)
    for error in AWAY:
        app.exception_handler(error)(_unavailable)
    app.exception_handler(Exception)(_fault)


async def _problem(request: Request, error: Problem) -> Response:
    log.info("%s %s: %d %s", request.method, request.url.path, error.status, error)
    return _told(request, error)


def _told(request: Request, problem: Problem) -> Response:
    """As a page where the reader is a browser, which is never sent to `/v1`."""
    accepts = request.headers.get("accept", "")
    if "text/html" in accepts and not request.url.path.startswith("/v1/"):
        page: Page = request.app.state.problem_page
        return page(request, problem)
    return problem.response()


async def _http(request: Request, error: HTTPException) -> Response:
    status = HTTPStatus(error.status_code)
    headers = dict(error.headers) if error.headers else None
    return _told(request, Problem(status, _HINTS.get(status, error.detail), headers=headers))


async def _unavailable(request: Request, error: Exception) -> Response:
    why = error.orig if isinstance(error, DBAPIError) else error
    log.warning("%s %s: the database does not take it now (%s)", request.method, request.url.path, why)
    problem = Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        f"The database does not take this now ({why}). Nothing of the request was recorded; send it again.",
        headers={"Retry-After": str(_RETRY_SECONDS)},
    )
    return _told(request, problem)


async def _fault(request: Request, _error: Exception) -> Response:
    problem = Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Tandem failed, and its log says where. Sending the same again is safe: nothing counts twice.",
    )
    return _told(request, problem)
