"""The page behind a mail that asks one thing: whoever has the link answers, without signing in.

A GET only shows it, since scanners follow links; a POST from the page itself answers.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from services.newsroom.web.forms import asked
from services.newsroom.web.guard import Sent, Visit, may, sends
from services.newsroom.web.pages import page, then
from shared.asking.answering import AnsweringError, Opened, Reply, answer, opened
from shared.asking.asking import Asker
from shared.events.catalogue import Rejected
from shared.events.scalars import HINTS, Line

if TYPE_CHECKING:
    from services.newsroom.web.forms import Form
    from shared.settings import Settings

router = APIRouter(include_in_schema=False)
_FIELDS: Final = ("answer", "line", "deed", "day")
_LINE: Final = TypeAdapter[str](Line)


@router.get("/asked/{token}")
def show(request: Request, _visit: Annotated[Visit, Depends(may("enter"))], token: str) -> Response:
    """Show what is asked; change nothing."""
    found = opened(_asker(request), token, datetime.now(UTC))
    return _shown(request, found, done=asked(request, "done") == "1")


@router.post("/asked/{token}")
def reply(request: Request, sent: Annotated[Sent, Depends(sends("enter"))], token: str) -> Response:
    """Take the answer; what cannot be taken is shown again with all that was written."""
    asker, now = _asker(request), datetime.now(UTC)
    found = opened(asker, token, now)
    if found is None:
        return _shown(request, None)
    written = {name: sent.form.fields.get(name, [""])[0] for name in _FIELDS}
    try:
        answer(asker, found, _reply(sent.form), now)
    except Rejected as error:
        code = HTTPStatus.UNPROCESSABLE_ENTITY
        return _shown(request, found, code=code, written=written, wrong=(error.field, error.reason))
    except AnsweringError:
        return _shown(request, found, code=HTTPStatus.GONE)
    return then(f"/asked/{token}?done=1")


def _reply(form: Form) -> Reply:
    """What the form says; raises Rejected."""
    try:
        line = _LINE.validate_python(form.fields.get("line", [""])[0].strip())
    except ValidationError as error:
        first = error.errors()[0]
        raise Rejected("line", HINTS.get(first.get("ctx", {}).get("pattern", ""), first["msg"])) from None
    day = form.one("day")
    try:
        on = date.fromisoformat(day) if day else None
    except ValueError:
        raise Rejected("day", "Write a day such as 2026-10-01") from None
    return Reply(form.one("answer"), line, form.one("deed"), on)


def _shown(
    request: Request,
    found: Opened | None,
    *,
    code: HTTPStatus = HTTPStatus.OK,
    done: bool = False,
    written: dict[str, str] | None = None,
    wrong: tuple[str, str] | None = None,
) -> Response:
    if found is None:
        return page(request, "asked", code=HTTPStatus.NOT_FOUND, found=None)
    return page(
        request,
        "asked",
        code=code,
        speaks=found.person.language,
        found=found,
        done=done,
        written=dict.fromkeys(_FIELDS, "") | (written or {}),
        wrong=wrong,
    )


def _asker(request: Request) -> Asker:
    app = request.app.state
    told: Settings = app.settings
    return Asker(app.store, told.rules, told.post, told.brand, told.asking, told.choice)
