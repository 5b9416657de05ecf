"""Who visits, and what they may do: every route of the application names its action here."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.routing import APIRoute, iter_route_contexts

from services.newsroom.web import faults
from services.newsroom.web.forms import Form, read_form
from services.newsroom.web.judged import judging
from shared import roles
from shared.people.reading import those
from shared.roles import Action, Role, Standing
from shared.store import sign_ins

if TYPE_CHECKING:
    from fastapi import FastAPI

    from shared.people.model import Person
    from shared.store.engine import Store
    from shared.store.progress import Progress

F = TypeVar("F", bound=Callable[..., object])
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST_SECRET: Final = 64
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a browser: its secret, and who is signed in with it."""

    secret: str
    csrf: str
    is_new: bool
    person: Person | None
    roles: frozenset[Role]
    deputy: bool = False
    """Whether this person stands in for the editors where a story waits too long."""
    judging: Progress | None = None
    """How far all is judged anew, where the rules have changed."""

    def may(self, action: Action) -> bool:
        """Whether this visitor may do it."""
        standings: frozenset[Standing] = frozenset({"anyone", *(("deputy",) if self.deputy else ())})
        return roles.may(action, self.roles, standings)

    @property
    def me(self) -> Person:
        """Who is signed in, where the action lets nobody else in."""
        if self.person is None:
            raise faults.SignInNeededError
        return self.person


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that came from a page of ours, and who sent it."""

    visit: Visit
    form: Form


def may(action: Action) -> Callable[[Request], Visit]:
    """A dependency: the visitor, who may do this; raises Fault or SignInNeededError."""

    def visitor(request: Request) -> Visit:
        visit = _visit(request)
        request.state.visit = visit
        if request.method not in SAFE and not _from_here(request):
            raise faults.forged()
        if visit.may(action):
            return visit
        if visit.person is None:
            raise faults.SignInNeededError
        raise faults.not_yours(roles.who_may(action))

    return declare(visitor, action)


def sends(action: Action) -> Callable[..., Sent]:
    """A dependency: a form of a visitor who may do this, with the token of their own page."""

    def sender(
        visit: Visit = Depends(may(action)),  # noqa: B008 - how FastAPI is told
        form: Form = Depends(read_form),  # noqa: B008 - the same
    ) -> Sent:
        if not hmac.compare_digest(form.one("csrf").encode(), visit.csrf.encode()):
            raise faults.forged()
        return Sent(visit, form)

    return declare(sender, action)


def declare(dependency: F, action: str) -> F:
    """Name the action that a dependency guards."""
    dependency.action = action  # type: ignore[attr-defined] # read by `actions`
    return dependency


def anyone() -> None:
    """A dependency of what machines ask without a token."""


declare(anyone, "enter")


def actions(app: FastAPI) -> dict[tuple[str, str], str]:
    """The action of every route by method and path; raises RuntimeError for a route without one."""
    found: dict[tuple[str, str], str] = {}
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if not isinstance(route, APIRoute):
            if getattr(route, "path", "") == app.openapi_url:
                continue
            raise RuntimeError(f"{route} is no route that can name its action; serve it from a router")
        named = [getattr(each.call, "action", None) for each in route.dependant.dependencies]
        action = next((name for name in named if name), None)
        if action is None:
            raise RuntimeError(f"{route.path} names no action; let it depend on may(…) or sends(…)")
        found |= {(method, route.path): action for method in route.methods or ()}
    return found


def cookie_name(request: Request) -> str:
    """With https the name that browsers give to nobody but the very host."""
    return "__Host-tandem" if is_https(request) else "tandem"


def is_https(request: Request) -> bool:
    """Whether the newsroom is visited by https, whatever a proxy makes of it."""
    url: str = request.app.state.settings.newsroom_url
    return url.startswith("https://")


def csrf_of(key: bytes, secret: str) -> str:
    """What the forms of one browser carry: nobody else can work it out."""
    return hmac.digest(key, f"form|{secret}".encode(), sha256).hex()


def _visit(request: Request) -> Visit:
    store: Store = request.app.state.store
    given = request.cookies.get(cookie_name(request), "")
    is_new = not (given.isascii() and sign_ins.LEAST_SECRET <= len(given) <= _LONGEST_SECRET)
    secret = sign_ins.new_secret() if is_new else given
    person = None if is_new else _person(store, secret)
    held = roles.roles_of(person.roles) if person else frozenset[Role]()
    deputy = person is not None and person.person_id in request.app.state.settings.deputies
    known = judging(request) if person else None
    return Visit(secret, csrf_of(store.secret, secret), is_new, person, held, deputy, known)


def _person(store: Store, secret: str) -> Person | None:
    now = datetime.now(UTC)
    with store.reading() as connection:
        found = sign_ins.found(connection, secret, now)
        if found is None:
            return None
        person = those(connection, [found[0]]).get(found[0])
    if person is None or person.erased_at is not None:
        return None
    sign_ins.see(store, secret, found[1], now)
    return person


def _from_here(request: Request) -> bool:
    """Whether a browser says that one of our own pages sends this; what says nothing is refused."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "")
    if origin == _origin(request.app.state.settings.newsroom_url):
        return True
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    return origin == own and urlsplit(origin).hostname in _LOOPBACK


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
