"""What mails are called in the log of the relay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.mailing.freezing import message_id
from shared.mailing.post import Headers
from shared.store import sendings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row


def message_ids(connection: Connection, mails: Sequence[Row[Any]]) -> list[str]:
    """The Message-ID of each, by the sender that was frozen with its sending, whatever is set today."""
    domains = {
        each.edition_id: Headers.from_json(each.post).domain
        for each in sendings.those(connection, {mail.edition_id for mail in mails})
    }
    return [message_id(mail.mail_id, mail.edition_id, domains[mail.edition_id]) for mail in mails]
