"""Tokens: who may send events by HTTP, for what, as which source and until when."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from shared.tables import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from shared.store.engine import Store

SCOPES = ("events:write", "drafts", "bounces:write")
USUAL = ("events:write",)
"""What a token may do where nothing is asked for."""
_MARK = "tandem_"
_SECRET_BYTES = 32
_LENGTH = len(_MARK) + len(secrets.token_urlsafe(_SECRET_BYTES))


class TokenError(Exception):
    """A token cannot be made or revoked; the message says what to do."""


class WrongTokenError(TokenError):
    """What was asked for is no token; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; its secret is not."""

    name: str
    scopes: tuple[str, ...]
    sources: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def state(self, now: datetime) -> str:
        """`valid`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "valid"

    def may_speak_as(self, source: str) -> bool:
        """Whether the source is one of its own, or goes on after one of them with `/` or `:`."""
        return not self.sources or any(_within(source, own) for own in self.sources)


def create(
    store: Store,
    name: str,
    *,
    scopes: Sequence[str],
    sources: Sequence[str],
    now: datetime,
    expires_at: datetime | None = None,
) -> str:
    """Make a token and return its secret, which is kept nowhere; raises TokenError."""
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise WrongTokenError(f"{unknown[0]!r} is no scope; write one of {', '.join(SCOPES)}")
    if expires_at is not None and expires_at <= now:
        raise WrongTokenError("The token would have expired already; write a later day")
    secret = _MARK + secrets.token_urlsafe(_SECRET_BYTES)
    row = {
        "name": name,
        "digest": _digest(secret),
        "scopes": orjson.dumps(list(scopes)).decode(),
        "sources": orjson.dumps(list(sources)).decode(),
        "created_at": now,
        "expires_at": expires_at,
    }
    try:
        with store.noting() as connection:
            connection.execute(insert(tokens).values(row))
    except IntegrityError:
        raise TokenError(f"There is a token called {name}; choose another name") from None
    return secret


def find(store: Store, secret: str, now: datetime) -> Token | None:
    """The valid token with this secret."""
    if len(secret) != _LENGTH or not secret.startswith(_MARK) or not secret.isascii():
        return None
    digest = _digest(secret)
    with store.reading() as connection:
        row = connection.execute(select(tokens).where(tokens.c.digest == digest)).first()
    if row is None or not hmac.compare_digest(row.digest, digest):
        return None
    found = _token(row)
    return found if found.state(now) == "valid" else None


def listed(store: Store) -> list[Token]:
    """Every token by name, revoked and expired ones too."""
    with store.reading() as connection:
        return [_token(row) for row in connection.execute(select(tokens).order_by(tokens.c.name))]


def revoke(store: Store, name: str, now: datetime) -> None:
    """End a token at once and for ever; revoking it again changes nothing. Raises TokenError."""
    own = tokens.c.name == name
    with store.noting() as connection:
        if connection.scalar(select(tokens.c.name).where(own)) is None:
            raise TokenError(f"There is no token called {name}; tandem token list shows all")
        connection.execute(update(tokens).where(own, tokens.c.revoked_at.is_(None)).values(revoked_at=now))


def use(store: Store, name: str, now: datetime) -> None:
    """Note that a token was used."""
    with store.noting() as connection:
        connection.execute(update(tokens).where(tokens.c.name == name).values(last_used_at=now))


def _digest(secret: str) -> bytes:
    """No salt and no slow hash: 256 random bits cannot be guessed."""
    return sha256(secret.encode()).digest()


def _within(source: str, own: str) -> bool:
    return source == own or source.startswith(own if own[-1] in "/:" else (f"{own}/", f"{own}:"))


def _token(row: Row[Any]) -> Token:
    return Token(
        row.name,
        tuple(orjson.loads(row.scopes)),
        tuple(orjson.loads(row.sources)),
        row.created_at,
        row.expires_at,
        row.revoked_at,
        row.last_used_at,
    )
