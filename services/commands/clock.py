"""What happens by the clock while a process serves: periods end, and what was touched is judged."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from shared.rules import Rules
from shared.settling import settle
from shared.store.engine import Store

_TEN_MINUTES = 600.0

log = logging.getLogger("tandem.clock")


@contextmanager
def ticking(store: Store, rules: Rules, *, every: float = _TEN_MINUTES) -> Iterator[None]:
    """Judge what is due at once and every so many seconds, while the body runs."""
    ended = threading.Event()

    def run() -> None:
        while True:
            _settle(store, rules)
            if ended.wait(every):
                return

    thread = threading.Thread(target=run, name="clock", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _settle(store: Store, rules: Rules) -> None:
    try:
        settle(store, as_of=datetime.now(UTC), rules=rules)
    except Exception as error:  # noqa: BLE001 - the next tick comes
        log.warning("Periods are not judged yet (%s); trying again later", type(error).__name__)
