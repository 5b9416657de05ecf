"""Who may do what: a token in the header Authorization, looked up for each request: revoked is revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import Request, Security
from fastapi.security import HTTPBearer

from services.newsroom.problems import Problem
from services.newsroom.web.guard import declare
from shared.store import tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.store.engine import Store
    from shared.store.tokens import Token

_NOTE_EVERY = timedelta(minutes=1)
_bearer = HTTPBearer(
    auto_error=False, scheme_name="token", description="A token made by `tandem token create NAME`."
)


def may(scope: str) -> Callable[..., Token]:
    """A dependency that yields the token of the request; raises Problem where it is not good for this."""

    def caller(request: Request, _documented: object = Security(_bearer)) -> Token:
        store: Store = request.app.state.store
        now = datetime.now(UTC)
        token = tokens.find(store, _secret(request), now)
        if token is None:
            raise _unauthorized(
                "The token is unknown, expired or revoked; tandem token list shows which are valid."
            )
        if scope not in token.scopes:
            raise forbidden(
                f"The token {token.name} is not for {scope}; make one with --scope {scope}.", scope
            )
        if token.last_used_at is None or now - token.last_used_at >= _NOTE_EVERY:
            tokens.use(store, token.name, now)
        return token

    return declare(caller, scope)


def forbidden(detail: str, scope: str) -> Problem:
    """A token that is valid, and not for this."""
    told = {"WWW-Authenticate": f'Bearer realm="tandem", error="insufficient_scope", scope="{scope}"'}
    return Problem(HTTPStatus.FORBIDDEN, detail, headers=told)


def _secret(request: Request) -> str:
    given = request.headers.getlist("authorization")
    kind, _, secret = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if kind.lower() != "bearer" or not secret.strip():
        raise _unauthorized("Send one header Authorization: Bearer TOKEN; tandem token create makes a token.")
    return secret.strip()


def _unauthorized(detail: str) -> Problem:
    told = {"WWW-Authenticate": 'Bearer realm="tandem"'}
    return Problem(HTTPStatus.UNAUTHORIZED, detail, headers=told)
