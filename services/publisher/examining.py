"""Whether mail can go out: settings, relay, names, and a mail to try it, each with what to do."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from services.publisher.names import AwayError, of_domain
from services.publisher.smtp import Relay
from services.publisher.transport import Lost, Refused, Reply, Unreachable
from shared.mailing.freezing import check_headers
from shared.mailing.post import MailError
from shared.mailing.returned import status_in, weigh
from shared.rendering.writing import Rendered
from shared.sending import address, eml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from services.publisher.names import Finding, LookUp
    from shared.settings import Settings

_LOGIN = (530, 534, 535, 538)
_TOO_LARGE = 552
_TAKEN = "the relay took it"
_LATER = "not now: a greylist, a limit or a full disk; Tandem tries again by itself"
_ASKS = "it asks for a log-in, or refuses this one: check TANDEM_SMTP_USERNAME and its password"
_LARGE = "the mail is larger than it takes, or the mailbox is full"
_FORBIDS = "its rules forbid it: may you send as TANDEM_SENDER, and do SPF, DKIM and DMARC hold?"
_FINAL = "it refuses for good; its own words say why, and its log says more"


def examine(
    settings: Settings, now: datetime, ask: LookUp, *, to: str | None = None, selector: str | None = None
) -> Iterator[Finding]:
    """Each check with what it found; a mail goes to `to` alone."""
    yield _python()
    yield from _settings(settings)
    if settings.smtp_host is None:
        says = f"none is set, mails become files in {settings.mail_folder}; TANDEM_SMTP_HOST names one"
        yield "Relay", to is None, says
        return
    reached = asyncio.run(_try(settings, now, to))
    yield from reached
    headers = settings.post.headers
    try:
        yield from of_domain(headers.domain, settings.bounce_address, selector, ask)
    except AwayError as away:
        yield "Names", True, f"not looked at: {away}"


def explain(reply: Reply) -> str:
    """What an answer of a relay means, and what to do."""
    if reply.yes or reply.later:
        return _TAKEN if reply.yes else _LATER
    if reply.code in (*_LOGIN, _TOO_LARGE):
        return _LARGE if reply.code == _TOO_LARGE else _ASKS
    status = status_in(reply.text)
    if status and weigh(status) == "hard":
        return "there is nobody of that address"
    return _FORBIDS if status.startswith("5.7") else _FINAL


def _python() -> Finding:
    try:
        check_headers()
    except MailError as error:
        return "Headers", False, str(error)
    return "Headers", True, "this Python writes them safely"


def _settings(settings: Settings) -> Iterator[Finding]:
    domain = settings.post.headers.domain
    own = "." in domain
    yield "Sender", own, settings.sender if own else f"{settings.sender}: name yours in TANDEM_SENDER"
    yield "Answers", bool(settings.reply_to), settings.reply_to or "name in TANDEM_REPLY_TO who reads them"
    url = settings.public_url
    links = bool(url and url.startswith("https://"))
    says = f"{url}" if links else "without TANDEM_PUBLIC_URL, by https, nobody can unsubscribe by one click"
    yield "Links", links, says
    read = settings.bounce_maildir or settings.bounce_imap_host
    by = f"read from {read}" if read else "only by POST /v1/bounces and tandem mail take-back"
    back = f"{settings.bounce_address}, {by}" if settings.bounce_address else ""
    yield "Returns", bool(back), back or "name in TANDEM_BOUNCE_ADDRESS where undeliverable mail goes"


async def _try(settings: Settings, now: datetime, to: str | None) -> list[Finding]:
    """Connect, log in and begin a mail; hand it over only where someone is to get it."""
    relay = Relay(settings)
    where = f"{settings.smtp_host}:{settings.smtp_port}, {settings.smtp_security}"
    sender = address(settings.sender).addr_spec
    try:
        reply = await relay.sender(sender)
        found: list[Finding] = [("Relay", True, where)]
        found.append(_told("Takes the sender", reply))
        if not reply.yes or to is None:
            return found
        if not settings.post.allows(to):
            return [*found, ("Test mail", False, f"TANDEM_MAIL_ALLOWED does not hold {to}")]
        reply = await relay.recipient(address(to).addr_spec, "test")
        if reply.yes:
            reply = await relay.hand_over(_mail(settings, now, to))
        return [*found, _told(f"Test mail to {to}", reply)]
    except Refused as refused:
        return [("Relay", False, str(refused))]
    except Unreachable as away:
        return [("Relay", False, f"{away}; check TANDEM_SMTP_HOST, TANDEM_SMTP_PORT and the network")]
    except Lost as lost:
        return [("Relay", False, f"{lost}: the mail is doubtful, as any would be; look into its log")]
    finally:
        await relay.close()


def _told(what: str, reply: Reply) -> Finding:
    return what, reply.yes, f"{explain(reply)} ({reply})"


def _mail(settings: Settings, now: datetime, to: str) -> bytes:
    text = f"This is a test of {settings.brand.name}. If you can read it, mail goes out.\n"
    message_id = f"<test.{now:%Y%m%dT%H%M%S%f}@{settings.post.headers.domain}>"
    mail = Rendered(f"{settings.brand.name}: a test", text, f"<p>{text.strip()}</p>")
    return eml(mail, settings.sender, to, message_id, now)
