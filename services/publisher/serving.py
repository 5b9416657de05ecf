"""The clock and the sender, again and again, until told to stop."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from services.publisher.asking import ask_on
from services.publisher.clock import tick
from services.publisher.mailbox import take_back
from services.publisher.opening import marks, sender
from services.publisher.single import hand_over
from shared.alerting import tell, watch
from shared.mailing.post import MailError
from shared.store import sendings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from services.publisher.sender import Sender
    from shared.settings import Settings
    from shared.store.engine import Store

MINUTE = 60.0
_PATIENCE = timedelta(minutes=15)
"""How long a relay that takes no alert is left alone."""

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
        self._alert_after = datetime.min.replace(tzinfo=UTC)

    def run(self) -> None:
        """Go on until `stop`; what goes wrong is told once, and tried again the next time."""
        while not self._ended.is_set():
            try:
                self._once(self._clock())
                self._told = ""
            except Exception as error:  # noqa: BLE001 - the next time comes
                self._tell(str(error) if isinstance(error, MailError) else f"{type(error).__name__}: {error}")
            self._look_after(self._clock())
            self._ended.wait(self._every)

    def stop(self) -> None:
        """Finish the mails at hand and end."""
        self._ended.set()
        if self._sender is not None:
            self._sender.stop()

    def _look_after(self, now: datetime) -> None:
        """Take in what came back, and tell whoever must know what went wrong; neither holds up the other."""
        for what, work in (
            ("what came back is not read", self._take_back),
            ("alerts are not told", self._alert),
        ):
            try:
                work(now)
            except Exception as error:  # noqa: BLE001 - the next time comes
                self._tell(f"{what}: {error}")

    def _take_back(self, now: datetime) -> None:
        take_back(self._store, self._settings, now)

    def _alert(self, now: datetime) -> None:
        watch(self._store, now, self._settings.bounce_storm)
        if now >= self._alert_after:
            whole = tell(self._store, self._settings, now, partial(hand_over, self._settings, self._store))
            self._alert_after = now if whole else now + _PATIENCE

    def _once(self, now: datetime) -> None:
        marks(self._settings, self._store, self._clock).check()
        ask_on(self._store, self._settings, now)
        tick(self._store, self._settings, now)
        with self._store.reading() as connection:
            waiting = sendings.listed(connection, "sending")
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
