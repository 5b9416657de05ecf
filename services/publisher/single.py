"""One mail of its own, such as a link to sign in: handed over at once, belonging to no edition."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from services.publisher.opening import check, transport
from services.publisher.transport import Lost, Refused, Unreachable
from shared.mailing.post import MailError
from shared.sending import address

if TYPE_CHECKING:
    from services.publisher.transport import Transport
    from shared.settings import Settings
    from shared.store.engine import Store

log = logging.getLogger("tandem.publisher")


def hand_over(settings: Settings, store: Store, recipient: str, name: str, message: bytes) -> bool:
    """Hand a mail to the relay or the folder; whether it went. What goes wrong is logged."""
    try:
        _check(settings, store, recipient)
        asyncio.run(
            _hand_over(transport(settings), address(settings.sender).addr_spec, recipient, name, message)
        )
    except (MailError, Unreachable, Refused, Lost) as error:
        log.warning("%s was not sent: %s", name, error)
        return False
    return True


def _check(settings: Settings, store: Store, recipient: str) -> None:
    check(settings, store)
    if not settings.post.allows(recipient):
        raise MailError("TANDEM_MAIL_ALLOWED does not hold its recipient")


async def _hand_over(way: Transport, sender: str, recipient: str, name: str, message: bytes) -> None:
    try:
        for reply in (await way.sender(sender), await way.recipient(recipient, name)):
            if not reply.yes:
                raise Unreachable(str(reply))
        reply = await way.hand_over(message)
        if not reply.yes:
            raise Unreachable(str(reply))
    finally:
        await way.close()
