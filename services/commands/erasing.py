"""Old dead letters lose their bytes in time, also while nothing comes in."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from shared.intake import Intake
from shared.mending import erase_old
from shared.store.engine import Store

_HOUR = 3600.0

log = logging.getLogger("tandem.letters")


@contextmanager
def erasing(store: Store, intake: Intake, *, every: float = _HOUR) -> Iterator[None]:
    """Erase the bytes of old dead letters at once and every so many seconds, while the body runs."""
    ended = threading.Event()

    def run() -> None:
        while True:
            _erase(store, intake)
            if ended.wait(every):
                return

    thread = threading.Thread(target=run, name="erasing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _erase(store: Store, intake: Intake) -> None:
    try:
        erase_old(store, datetime.now(UTC), intake)
    except Exception as error:  # noqa: BLE001 - the next hour comes
        log.warning("Old dead letters are not erased yet (%s); trying again later", type(error).__name__)
