"""Signing in with the company account, and connecting one to a person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.newsroom.web import faults
from services.newsroom.web.forms import asked
from services.newsroom.web.guard import Sent, Visit, may, sends
from services.newsroom.web.pages import page, remember, then
from services.newsroom.web.provider import BACK, Provider
from services.newsroom.web.signing_in import visitor, welcome
from shared.store import sign_ins

if TYPE_CHECKING:
    from services.newsroom.web.tries import Tries
    from shared.store.engine import Store

router = APIRouter(include_in_schema=False)


@router.get("/sign-in/openid")
def go(request: Request, visit: Annotated[Visit, Depends(may("enter"))]) -> Response:
    """Send the browser to the provider."""
    tries: Tries = request.app.state.tries
    tries.of_visitor(visitor(request))
    response = then(_provider(request).address(request.app.state.store, visit.secret))
    if visit.is_new:
        remember(request, response, visit.secret)
    return response


@router.get(BACK)
def come_back(request: Request, visit: Annotated[Visit, Depends(may("enter"))]) -> Response:
    """Sign in whom the provider vouches for, or connect them."""
    store: Store = request.app.state.store
    provider, now = _provider(request), datetime.now(UTC)
    was = sign_ins.answered(store, visit.secret, asked(request, "state"), now)
    if was is None:
        raise faults.openid_stale()
    if error := asked(request, "error"):
        raise faults.openid_failed(error)
    code = request.query_params.get("code", "")
    subject = provider.subject(code, was)
    if was.person_id is not None:
        return _connected(request, visit, was.person_id, subject)
    with store.reading() as connection:
        person_id = sign_ins.identify(connection, provider.issuer, subject)
    if person_id is None:
        raise faults.openid_unknown()
    return welcome(request, visit, person_id)


@router.post("/me/openid")
def connect(request: Request, sent: Annotated[Sent, Depends(sends("prefer"))]) -> Response:
    """Show the way to the provider, to be known by its account from then on."""
    visit = sent.visit
    way = _provider(request).address(request.app.state.store, visit.secret, visit.me.person_id)
    return page(request, "connect", way=way)


def _connected(request: Request, visit: Visit, person_id: str, subject: str) -> Response:
    """Only for whoever is still signed in as the one who asked for it."""
    if visit.person is None or visit.person.person_id != person_id:
        raise faults.openid_stale()
    issuer = _provider(request).issuer
    sign_ins.connect(request.app.state.store, issuer, subject, person_id, datetime.now(UTC))
    return then("/me")


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise faults.not_here()
    return provider
