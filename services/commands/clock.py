"""What happens by the clock while a process serves: periods are judged, old dead letters are erased."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from services.commands.rebuilding import rebuild_beside
from shared.intake import Intake
from shared.mending import erase_old
from shared.rules import Rules
from shared.settling import settle
from shared.store.engine import Store

_TEN_MINUTES, _HOUR = 600.0, 3600.0

log = logging.getLogger("tandem.clock")


@contextmanager
def ticking(store: Store, rules: Rules, *, every: float = _TEN_MINUTES) -> Iterator[None]:
    """Judge what is due, all of it where the rules have changed, at once and every so many seconds."""

    def judge(_: datetime, ended: threading.Event) -> None:
        rebuild_beside(rules, store, ended)
        settle(store, as_of=datetime.now(UTC), rules=rules)

    with _again("Periods are not judged", judge, every):
        yield


@contextmanager
def erasing(store: Store, intake: Intake, *, every: float = _HOUR) -> Iterator[None]:
    """Erase the bytes of old dead letters at once and every so many seconds, while the body runs."""
    with _again("Old dead letters are not erased", lambda now, _: erase_old(store, now, intake), every):
        yield


@contextmanager
def _again(trouble: str, work: Callable[[datetime, threading.Event], object], every: float) -> Iterator[None]:
    """Do some work in a thread, again and again; what goes wrong is tried again the next time."""
    ended = threading.Event()

    def run() -> None:
        while True:
            try:
                work(datetime.now(UTC), ended)
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
