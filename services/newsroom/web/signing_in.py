"""Signing in by a mail link, and out."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.background import BackgroundTask

from services.newsroom.web import faults
from services.newsroom.web.forms import asked
from services.newsroom.web.guard import Sent, Visit, may, sends
from services.newsroom.web.pages import page, remember, then
from shared.people.addresses import key
from shared.signing_in import link_by_mail
from shared.store import sign_ins

if TYPE_CHECKING:
    from services.newsroom.web.tries import Tries
    from shared.store.engine import Store

router = APIRouter(include_in_schema=False)
_OURS: Final = re.compile(r"/(?![/\\])[!-\[\]-~]{0,500}")
"""A path of our own: nothing that a browser takes for another host."""


@router.get("/sign-in")
def ask_who(request: Request, _visit: Annotated[Visit, Depends(may("enter"))]) -> Response:
    """Ask for a mail address."""
    return page(request, "sign_in", next=_ours(asked(request, "next")))


@router.post("/sign-in")
def send_link(request: Request, sent: Annotated[Sent, Depends(sends("enter"))]) -> Response:
    """Say the same to everybody; only then look whether the address is someone's."""
    email = sent.form.one("email")
    _count(request, email)
    app = request.app.state
    response = page(request, "link_sent", email=email, code=HTTPStatus.ACCEPTED)
    goal = _ours(sent.form.one("next"))
    now = datetime.now(UTC)
    told = (app.store, app.settings, email, goal, now, app.deliver)
    response.background = BackgroundTask(link_by_mail, *told)
    return response


@router.get("/sign-in/link")
def ask_to_go_on(request: Request, _visit: Annotated[Visit, Depends(may("enter"))]) -> Response:
    """Show a button: programs that look at mails follow links, and must not use them up."""
    return page(request, "link", secret=asked(request, "secret"), next=_ours(asked(request, "next")))


@router.post("/sign-in/link")
def use_link(request: Request, sent: Annotated[Sent, Depends(sends("enter"))]) -> Response:
    """Sign in whom the link is for."""
    tries: Tries = request.app.state.tries
    tries.of_visitor(visitor(request))
    person_id = sign_ins.redeem(request.app.state.store, sent.form.one("secret"), datetime.now(UTC))
    if person_id is None:
        raise faults.link_used()
    return welcome(request, sent.visit, person_id, _ours(sent.form.one("next")))


@router.post("/sign-out")
def sign_out(request: Request, sent: Annotated[Sent, Depends(sends("browse"))]) -> Response:
    """Sign out here, or everywhere."""
    store: Store = request.app.state.store
    sign_ins.end(store, sent.visit.secret)
    if sent.form.one("where") == "everywhere":
        with store.noting() as connection:
            sign_ins.end_all(connection, sent.visit.me.person_id)
    response = then("/sign-in")
    remember(request, response, sign_ins.new_secret())
    return response


def welcome(request: Request, visit: Visit, person_id: str, goal: str = "/") -> Response:
    """Sign a person in under a new secret: one that somebody planted is worth nothing."""
    store: Store = request.app.state.store
    sign_ins.end(store, visit.secret)
    response = then(goal)
    remember(request, response, sign_ins.begin(store, person_id, datetime.now(UTC)))
    return response


def visitor(request: Request) -> str:
    """The address of the network that a request comes from."""
    return request.client.host if request.client else ""


def _count(request: Request, email: str) -> None:
    tries: Tries = request.app.state.tries
    tries.of_visitor(visitor(request))
    try:
        account = key(email)
    except ValueError:
        raise faults.wrong("email", "Write a mail address such as name@example.com") from None
    tries.of_account(account)


def _ours(path: str) -> str:
    return path if _OURS.fullmatch(path) else "/"
