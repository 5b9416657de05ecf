"""A mail that was claimed, with all that it is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.mailing.freezing import Mail
from shared.mailing.post import Headers
from shared.sending import address
from shared.store.ledger import Held

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Row


@dataclass(frozen=True, slots=True)
class Due:
    """A claimed mail with what it is made from."""

    mail: Mail
    headers: Headers
    good_until: datetime
    held: Held
    """Which attempt this is."""
    email: str
    """The address alone."""


def dues(sending: Row[Any], rows: list[Row[Any]]) -> Iterator[Due]:
    """The mails of a sending that were claimed."""
    headers = Headers.from_json(sending.post)
    for row in rows:
        mail = Mail(
            row.mail_id,
            row.edition_id,
            row.person_id,
            row.recipient,
            bytes(row.content),
            row.attempt,
            sending.released_at,
            None if row.digest is None else bytes(row.digest),
        )
        email = address(row.recipient).addr_spec
        yield Due(mail, headers, sending.good_until, Held(mail.mail_id, mail.attempt), email)
