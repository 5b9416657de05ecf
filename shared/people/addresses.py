"""Mail addresses of people: one spelling for each, and a hash that outlives the person."""

from __future__ import annotations

import hmac
from hashlib import sha256

from shared.sending import address

_MOST_USER, _MOST = 64, 254


def plain(text: str) -> str:
    """`user@example.com` with its domain in ASCII; ValueError says what to write."""
    found = address(text.strip())
    if found.display_name or "<" in text:
        raise ValueError(f"{text!r} has a name in it; write the address alone, such as name@example.com")
    if len(found.username) > _MOST_USER or len(found.addr_spec) > _MOST:
        raise ValueError(f"{text!r} is longer than a mail address may be; write at most {_MOST} characters")
    return f"{found.username}@{found.domain.lower()}"


def key(email: str) -> str:
    """What two spellings of one address have in common."""
    return plain(email).lower()


def hashed(secret: bytes, email: str) -> bytes:
    """An address that is never written to again, without the address."""
    return hmac.digest(secret, f"address|{key(email)}".encode(), sha256)
