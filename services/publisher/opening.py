"""Where mail goes, as the settings say, and whether it may."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from services.publisher.folder import Folder
from services.publisher.marks import Marks
from services.publisher.sender import Sender
from services.publisher.smtp import Relay
from shared.events.envelope import SIMULATED
from shared.mailing.freezing import check_headers
from shared.mailing.post import MailError
from shared.store.engine import fact

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from services.publisher.transport import Transport
    from shared.settings import Settings
    from shared.store.engine import Store


def sender(settings: Settings, store: Store, clock: Callable[[], datetime]) -> Sender:
    """A run of sending; raises MailError where nothing may leave this installation."""
    check(settings, store)
    mark = marks(settings, store, clock)
    mark.check()
    return Sender(
        store,
        settings.post,
        lambda: transport(settings),
        clock,
        connections=settings.smtp_connections,
        per_minute=settings.mail_per_minute,
        mark=mark.step,
    )


def marks(settings: Settings, store: Store, clock: Callable[[], datetime]) -> Marks:
    """The mark beside the database file, or where the settings say."""
    if settings.mail_mark is None:
        return Marks(store, store.beside(".sent"), clock)
    return Marks(store, Path(settings.mail_mark), clock, must_exist=store.dialect == "sqlite")


def transport(settings: Settings) -> Transport:
    """A relay, or where none is set a folder."""
    return Relay(settings) if settings.smtp_host else Folder(Path(settings.mail_folder))


def check(settings: Settings, store: Store) -> None:
    """Raise MailError where mail would go out wrongly, or to people who must not get it."""
    check_headers()
    if settings.smtp_host is None:
        return
    with store.reading() as connection:
        simulated = fact(connection, SIMULATED)
    if simulated:
        raise MailError(
            "This database holds a simulation, which no real mail may tell; unset TANDEM_SMTP_HOST to write "
            "its mails to a folder, or use another database"
        )
    if settings.reply_to is None:
        raise MailError("Name in TANDEM_REPLY_TO the address of a person who reads the answers")
