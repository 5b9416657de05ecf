"""The clock and the sender, again and again, until told to stop."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from services.publisher.asking import ask_on
from services.publisher.clock import tick
from services.publisher.opening import sender
from shared.mailing.post import MailError
from shared.store import ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from services.publisher.sender import Sender
    from shared.settings import Settings
    from shared.store.engine import Store

MINUTE = 60.0

log = logging.getLogger("tandem.publisher")


class Publisher:
    """Does what is due at once and every so many seconds."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        every: float = MINUTE,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings, self._store, self._every, self._clock = settings, store, every, clock
        self._ended = threading.Event()
        self._sender: Sender | None = None
        self._told = ""

    def run(self) -> None:
        """Go on until `stop`; what goes wrong is told once, and tried again the next time."""
        while not self._ended.is_set():
            try:
                self._once()
                self._told = ""
            except Exception as error:  # noqa: BLE001 - the next time comes
                self._tell(str(error) if isinstance(error, MailError) else f"{type(error).__name__}: {error}")
            self._ended.wait(self._every)

    def stop(self) -> None:
        """Finish the mails at hand and end."""
        self._ended.set()
        if self._sender is not None:
            self._sender.stop()

    def _once(self) -> None:
        now = self._clock()
        ask_on(self._store, self._settings, now)
        if self._settings.schedules:
            tick(self._store, self._settings, now)
        with self._store.reading() as connection:
            waiting = ledger.sendings(connection, "sending")
        if waiting and not self._ended.is_set():
            self._sender = sender(self._settings, self._store, self._clock)
            asyncio.run(self._sender.run())
            if self._sender.ended:
                self._tell(self._sender.ended)

    def _tell(self, trouble: str) -> None:
        if trouble != self._told:
            log.warning("Editions are not sent yet (%s); trying again", " ".join(trouble.split()))
            self._told = trouble


@contextmanager
def publishing(settings: Settings, store: Store) -> Iterator[None]:
    """Publish in a thread while the body runs."""
    publisher = Publisher(settings, store)
    thread = threading.Thread(target=publisher.run)
    thread.start()
    try:
        yield
    finally:
        publisher.stop()
        thread.join()
