"""Who is signed in: secrets of browsers and links, of which only digests are kept."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import delete, insert, select, update

from shared.tables import identities, openid_requests, sign_in_links, sign_ins

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.store.engine import Store

IDLE: Final = timedelta(hours=8)
LONGEST: Final = timedelta(days=7)
LINK: Final = timedelta(minutes=15)
_SEEN_EVERY: Final = timedelta(minutes=1)
_BYTES: Final = 32
LEAST_SECRET: Final = 43
"""Characters of 32 bytes in base64."""
_S, _L, _O, _I = sign_ins.c, sign_in_links.c, openid_requests.c, identities.c


class OpenidRequest(NamedTuple):
    """What a browser that comes back from the provider was sent with."""

    verifier: str
    nonce: str
    person_id: str | None


def new_secret() -> str:
    """256 random bits, fit for a cookie or a link."""
    return secrets.token_urlsafe(_BYTES)


def digest(secret: str) -> bytes:
    """No salt and no slow hash: 256 random bits cannot be guessed."""
    return sha256(secret.encode()).digest()


def link(store: Store, person_id: str, now: datetime) -> str:
    """Make what signs this person in once, for a quarter of an hour."""
    secret = new_secret()
    row = {"digest": digest(secret), "person_id": person_id, "expires_at": now + LINK}
    with store.noting() as connection:
        connection.execute(delete(sign_in_links).where(_L.expires_at <= now))
        connection.execute(insert(sign_in_links).values(row))
    return secret


def redeem(store: Store, secret: str, now: datetime) -> str | None:
    """Whom this link signs in; it never does again."""
    taken = delete(sign_in_links).where(_L.digest == digest(secret)).returning(_L.person_id, _L.expires_at)
    with store.noting() as connection:
        row = connection.execute(taken).first()  # at once, or two at the same time would both have it
    return None if row is None or row.expires_at <= now else row.person_id


def begin(store: Store, person_id: str, now: datetime) -> str:
    """Sign a person in; the secret is for their browser alone."""
    secret = new_secret()
    row = {"digest": digest(secret), "person_id": person_id, "began_at": now, "seen_at": now}
    with store.noting() as connection:
        connection.execute(
            delete(sign_ins).where((_S.began_at <= now - LONGEST) | (_S.seen_at <= now - IDLE))
        )
        connection.execute(insert(sign_ins).values(row))
    return secret


def found(connection: Connection, secret: str, now: datetime) -> tuple[str, datetime] | None:
    """Who is signed in with this secret, and when the browser was last seen."""
    row = connection.execute(select(sign_ins).where(_S.digest == digest(secret))).first()
    if row is None or row.began_at <= now - LONGEST or row.seen_at <= now - IDLE:
        return None
    return row.person_id, row.seen_at


def see(store: Store, secret: str, last: datetime, now: datetime) -> None:
    """Note that the browser was seen, once a minute."""
    if now - last >= _SEEN_EVERY:
        with store.noting() as connection:
            connection.execute(update(sign_ins).where(_S.digest == digest(secret)).values(seen_at=now))


def end(store: Store, secret: str) -> None:
    """Sign one browser out."""
    with store.noting() as connection:
        connection.execute(delete(sign_ins).where(_S.digest == digest(secret)))


def end_all(connection: Connection, person_id: str) -> None:
    """Sign a person out everywhere, unused links included."""
    connection.execute(delete(sign_ins).where(_S.person_id == person_id))
    connection.execute(delete(sign_in_links).where(_L.person_id == person_id))


def forget(connection: Connection, person_id: str) -> None:
    """The same for ever: no provider vouches for this person any more."""
    end_all(connection, person_id)
    connection.execute(delete(identities).where(_I.person_id == person_id))
    connection.execute(delete(openid_requests).where(_O.person_id == person_id))


def ask(store: Store, browser: str, asked: OpenidRequest, now: datetime) -> str:
    """Remember a browser that goes to the provider; return the state that it must bring back."""
    state = new_secret()
    row = {
        "digest": digest(state),
        "browser": digest(browser),
        "expires_at": now + LINK,
        **asked._asdict(),
    }
    with store.noting() as connection:
        connection.execute(delete(openid_requests).where(_O.expires_at <= now))
        connection.execute(insert(openid_requests).values(row))
    return state


def answered(store: Store, browser: str, state: str, now: datetime) -> OpenidRequest | None:
    """What this browser, and no other, was sent with; the state is good once."""
    own = (_O.digest == digest(state), _O.browser == digest(browser))
    taken = delete(openid_requests).where(*own).returning(_O.verifier, _O.nonce, _O.person_id, _O.expires_at)
    with store.noting() as connection:
        row = connection.execute(taken).first()
    if row is None or row.expires_at <= now:
        return None
    return OpenidRequest(row.verifier, row.nonce, row.person_id)


def identify(connection: Connection, issuer: str, subject: str) -> str | None:
    """Who this is to the provider."""
    own = (_I.issuer == issuer, _I.subject == subject)
    return connection.scalar(select(_I.person_id).where(*own))


def connect(store: Store, issuer: str, subject: str, person_id: str, now: datetime) -> None:
    """Have the provider vouch for a person from now on; whoever was that identity before is it no more."""
    own = (_I.issuer == issuer, _I.subject == subject)
    row = {"issuer": issuer, "subject": subject, "person_id": person_id, "since": now}
    with store.noting() as connection:
        connection.execute(delete(identities).where(*own))
        connection.execute(insert(identities).values(row))
