"""Links and addresses that only this database can have made: signed, opaque, without an end."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from hashlib import sha256
from typing import Final

import orjson

_SIGNATURE: Final = 16
_MOST: Final = 2000


def sign(secret: bytes, purpose: str, *parts: str) -> str:
    """A token that names these parts, for one purpose."""
    named = orjson.dumps(parts)
    return urlsafe_b64encode(_signature(secret, purpose, named) + named).decode().rstrip("=")


def read(secret: bytes, purpose: str, token: str) -> tuple[str, ...] | None:
    """The parts that a token names; None where we did not sign it for this purpose."""
    if len(token) > _MOST or not token.isascii():
        return None
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (Error, ValueError):
        return None
    signature, named = raw[:_SIGNATURE], raw[_SIGNATURE:]
    if not hmac.compare_digest(signature, _signature(secret, purpose, named)):
        return None
    return tuple(orjson.loads(named))


def mail_id(secret: bytes, edition_id: str, person_id: str) -> str:
    """The name of one mail: the same each time, and nobody's to guess."""
    named = orjson.dumps([edition_id, person_id])
    return hmac.digest(secret, b"mail|" + named, sha256).hex()[:20]


def bounce_token(secret: bytes, mail: str) -> str:
    """What marks the return path of a mail; a bounce without it is nobody's."""
    return f"{mail}-{hmac.digest(secret, f'bounce|{mail}'.encode(), sha256).hex()[:12]}"


def bounced_mail(secret: bytes, token: str) -> str | None:
    """The mail whose return path this marks; None where it is none of ours."""
    mail = token.partition("-")[0]
    return mail if hmac.compare_digest(token.encode(), bounce_token(secret, mail).encode()) else None


def _signature(secret: bytes, purpose: str, named: bytes) -> bytes:
    return hmac.digest(secret, f"link|{purpose}|".encode() + named, sha256)[:_SIGNATURE]
