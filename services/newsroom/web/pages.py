"""A page as a browser gets it: its words in the reader's language, its headers, its look."""

from __future__ import annotations

from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.newsroom.problems import Problem
from services.newsroom.web.faults import Fault, SignInNeededError, not_here, unjudged
from services.newsroom.web.guard import SAFE, Visit, cookie_name, is_https
from shared.editions.brand import Brand
from shared.languages import ENGLISH, languages
from shared.rendering.environment import template
from shared.sayings import said

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
"""No code at all, and nothing from elsewhere."""
CODE_POLICY: Final = f"{POLICY}; script-src 'self'; connect-src 'self'"
"""The same where a page works more easily with our own code, and without it, too."""
DOCUMENT_POLICY: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; form-action 'none'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
"""A mail or edition as it went out carries its look in itself; it may do nothing, and is of no origin."""
FRAMING_POLICY: Final = f"{POLICY}; frame-src 'self'"
"""Of a page that shows a mail inside."""
_NO_FRAME, _OWN_FRAME = "frame-ancestors 'none'", "frame-ancestors 'self'"
_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", POLICY.encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_WEEK: Final = 7 * 24 * 3600
_AGAIN_SECONDS: Final = 3
_JUDGED_SECONDS: Final = 10


class Look:
    """The style sheet in the house's colours, under a name that changes with it."""

    def __init__(self, brand: Brand) -> None:
        self.brand = brand
        self.css = template("web/newsroom.css.j2").render(brand=brand)
        self.path = _named(self.css, "css")
        self.code = template("web/newsroom/telling.js.j2").render()
        self.code_path = _named(self.code, "js")


def _named(text: str, kind: str) -> str:
    return f"/static/{sha256(text.encode()).hexdigest()[:16]}.{kind}"


class Guarded:
    """Every answer says what a browser may do with it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers that the answer does not have of itself."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(message)
            await send(message)

        await self._app(scope, receive, guarded)


def page(
    request: Request, name: str, *, code: int = HTTPStatus.OK, speaks: str | None = None, **shown: Any
) -> Response:
    """A page from `templates/web/newsroom`, in the visitor's language unless it `speaks` another."""
    visit: Visit | None = getattr(request.state, "visit", None)
    look: Look = request.app.state.look
    html = template(f"web/newsroom/{name}.html.j2", speaks or language(request)).render(
        visit=visit,
        brand=look.brand,
        look=look.path,
        here=request.url.path,
        openid=request.app.state.settings.openid_issuer is not None,
        **shown,
    )
    response = HTMLResponse(html, code, {"Cache-Control": "no-store"})
    if visit is not None and visit.is_new:
        remember(request, response, visit.secret)
    return response


def page_with_code(request: Request, name: str, *, code: int = HTTPStatus.OK, **shown: Any) -> Response:
    """The same with our code beside it."""
    look: Look = request.app.state.look
    response = page(request, name, code=code, script=look.code_path, **shown)
    response.headers["Content-Security-Policy"] = CODE_POLICY
    return response


def document(html: str, *, framed: bool = False) -> Response:
    """A mail or edition as it went out, which may do nothing here; `framed`, inside a page of ours."""
    policy = DOCUMENT_POLICY.replace(_NO_FRAME, _OWN_FRAME) if framed else DOCUMENT_POLICY
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})


def then(path: str) -> Response:
    """Go on to a page of ours, by GET."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


def remember(request: Request, response: Response, secret: str) -> None:
    """Have the browser bring its secret along."""
    response.set_cookie(
        cookie_name(request),
        secret,
        max_age=_WEEK,
        path="/",
        secure=is_https(request),
        httponly=True,
        samesite="lax",
    )


def language(request: Request) -> str:
    """That of the person, else the first that the browser asks for and there is."""
    if (known := getattr(request.state, "language", None)) in languages():
        return str(known)
    visit: Visit | None = getattr(request.state, "visit", None)
    if visit is not None and visit.person is not None and visit.person.language in languages():
        return visit.person.language
    wanted = (part.partition(";")[0] for part in request.headers.get("accept-language", "")[:200].split(","))
    codes = (code.strip().lower().partition("-")[0] for code in wanted)
    return next((code for code in codes if code in languages()), ENGLISH)


def problem_page(request: Request, problem: Problem) -> Response:
    """What happened and what to do next, for people; it asks nothing of the database."""
    if problem.status == HTTPStatus.NOT_FOUND:
        problem = not_here()
    if isinstance(problem, Fault):
        values = {name: said(value, language(request)) for name, value in problem.values.items()}
        told = (problem.what, problem.then, values)
    else:
        told = ("%(detail)s", "", {"detail": str(problem)})
    response = page(request, "problem", code=problem.status, problem=problem, told=told)
    response.headers.update(problem.headers or {})
    return response


async def come_back(request: Request, _error: Exception) -> Response:
    """Say that it is being counted; the browser asks again by itself."""
    again = f"{request.url.path}?{request.url.query}"
    response = page(request, "pending", code=HTTPStatus.ACCEPTED, again=again)
    response.headers["Refresh"] = f"{_AGAIN_SECONDS}"
    return response


async def come_back_judged(request: Request, _error: Exception) -> Response:
    """Say that all is judged anew, and how far; the browser asks again by itself, but sends no form again."""
    if request.method not in SAFE:
        return problem_page(request, unjudged())
    again = f"{request.url.path}?{request.url.query}"
    response = page(request, "unjudged", code=HTTPStatus.SERVICE_UNAVAILABLE, again=again)
    response.headers["Refresh"] = response.headers["Retry-After"] = f"{_JUDGED_SECONDS}"
    return response


async def to_sign_in(request: Request, _error: Exception) -> Response:
    """Ask who it is, then go on to where they wanted to go."""
    if request.method != "GET":
        return problem_page(request, _signed_out()) if _is_browser(request) else _signed_out().response()
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return then(f"/sign-in?next={quote(path, safe='')}")


def _signed_out() -> Fault:
    return Fault(
        HTTPStatus.UNAUTHORIZED,
        "You are not signed in, or not any more.",
        "Sign in in another window, then send the form again: what you wrote is still on its page.",
    )


def _is_browser(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _add_headers(message: MutableMapping[str, Any]) -> None:
    said = {name.lower() for name, _ in message["headers"]}
    message["headers"] = [*message["headers"], *((n, v) for n, v in _HEADERS if n not in said)]


__all__ = [
    "Guarded",
    "Look",
    "SignInNeededError",
    "come_back",
    "come_back_judged",
    "document",
    "page",
    "page_with_code",
    "problem_page",
    "then",
    "to_sign_in",
]
