"""The mailbox that undeliverable mails come back to: a Maildir, or one on a server by IMAP."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shared.mailing.bouncing import take_in, take_refused
from shared.mailing.post import MailError
from shared.mailing.returned import MOST_BYTES, read_report

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator
    from datetime import datetime

    from shared.settings import Settings
    from shared.store.engine import Store

Take = Callable[[bytes], None]
_SECONDS: Final = 30
_AT_ONCE: Final = 500
_SEEN: Final = ":2,S"


def take_back(store: Store, settings: Settings, now: datetime) -> Counter[str]:
    """Take in whatever came back: what the relay refused, and what lies in the mailboxes; raises MailError.

    Each message is marked as seen after it is taken in, so that nothing is lost and again is harmless.
    """
    found = take_refused(store, now, settings.bounces)

    def take(raw: bytes) -> None:
        found[take_in(store, read_report(raw), now, settings.bounces).outcome] += 1

    if settings.bounce_maildir is not None:
        _from_maildir(Path(settings.bounce_maildir), take)
    if settings.bounce_imap_host is not None:
        _from_imap(settings, take)
    return found


def _from_maildir(folder: Path, take: Take) -> None:
    try:
        for file in sorted((folder / "new").iterdir()):
            take(beginning(file))
            file.rename(folder / "cur" / f"{file.name}{_SEEN}")
    except OSError as error:
        raise MailError(
            f"TANDEM_BOUNCE_MAILDIR={folder} cannot be read: {error.strerror}; "
            "it needs the folders new and cur"
        ) from None


def beginning(file: Path) -> bytes:
    """As much of a file as can matter."""
    with file.open("rb") as bytes_:
        return bytes_.read(MOST_BYTES + 1)


def _from_imap(settings: Settings, take: Take) -> None:
    try:
        with _mailbox(settings) as box:
            _, [listed] = box.uid("SEARCH", "UNSEEN")
            for uid in (listed or b"").split()[:_AT_ONCE]:
                name = uid.decode("ascii")
                _, told = box.uid("FETCH", name, f"(BODY.PEEK[]<0.{MOST_BYTES + 1}>)")
                for part in told:
                    if isinstance(part, tuple):
                        take(part[1])
                box.uid("STORE", name, "+FLAGS", r"(\Seen)")
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        where = f"{settings.bounce_imap_host}:{settings.bounce_imap_port}"
        untrusted = isinstance(error, ssl.SSLCertVerificationError)
        do = "name its authority in TANDEM_SMTP_CA_FILE" if untrusted else "check TANDEM_BOUNCE_IMAP_…"
        raise MailError(f"The mailbox of bounces at {where} cannot be read ({error}); {do}") from None


@contextmanager
def _mailbox(settings: Settings) -> Iterator[imaplib.IMAP4]:
    """The chosen folder of the server, encrypted unless told otherwise."""
    host, port = str(settings.bounce_imap_host), settings.bounce_imap_port
    context = ssl.create_default_context(cafile=settings.smtp_ca_file)
    box: imaplib.IMAP4
    if settings.bounce_imap_security == "tls":
        box = imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=_SECONDS)
    else:
        box = imaplib.IMAP4(host, port, timeout=_SECONDS)
    try:
        if settings.bounce_imap_security == "starttls":
            box.starttls(context)
        password = settings.bounce_imap_password
        box.login(settings.bounce_imap_username or "", password.get_secret_value() if password else "")
        kind, told = box.select(f'"{settings.bounce_imap_folder}"')
        if kind != "OK":
            raise ValueError(f"no folder {settings.bounce_imap_folder}: {told!r}"[:200])
        yield box
    finally:
        with suppress(OSError):  # a handshake that failed has closed it, and says more
            box.shutdown()
