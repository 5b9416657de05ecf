"""What happens by the clock while a process serves: periods are judged, old dead letters are erased."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from shared.intake import Intake
from shared.mending import erase_old
from shared.rules import Rules
from shared.settling import settle
from shared.store.engine import Store

_TEN_MINUTES, _HOUR = 600.0, 3600.0

log = logging.getLogger("tandem.clock")


@contextmanager
def ticking(store: Store, rules: Rules, *, every: float = _TEN_MINUTES) -> Iterator[None]:
    """Judge what is due at once and every so many seconds, while the body runs."""
    with _again("Periods are not judged", lambda now: settle(store, as_of=now, rules=rules), every):
        yield


@contextmanager
def erasing(store: Store, intake: Intake, *, every: float = _HOUR) -> Iterator[None]:
    """Erase the bytes of old dead letters at once and every so many seconds, while the body runs."""
    with _again("Old dead letters are not erased", lambda now: erase_old(store, now, intake), every):
        yield


@contextmanager
def _again(trouble: str, work: Callable[[datetime], object], every: float) -> Iterator[None]:
    """Do some work in a thread, again and again; what goes wrong is tried again the next time."""
    ended = threading.Event()

    def run() -> None:
        while True:
            try:
                work(datetime.now(UTC))
            except Exception as error:  # noqa: BLE001 - the next time comes
                log.warning("%s yet (%s); trying again later", trouble, type(error).__name__)
            if ended.wait(every):
                return

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
