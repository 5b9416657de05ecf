"""Publishers in processes of their own, under a clock driven from outside, and killed at any moment."""

from __future__ import annotations

import logging
import multiprocessing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from services.publisher.serving import Publisher
from shared.settings import Settings
from shared.store.engine import Store

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__, "shared.mailing.releasing"])
_EVERY = 0.05


class Publishers:
    """So many of them, each begun anew when it was killed."""

    def __init__(self, url: str, settings: dict[str, Any], now: datetime, count: int) -> None:
        self._url, self._settings = url, settings
        self._clock = _FORKS.Value("d", now.timestamp(), lock=False)  # a lock could die with its holder
        self._count = count
        self._running: list[BaseProcess] = []

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.value, UTC)

    @now.setter
    def now(self, moment: datetime) -> None:
        self._clock.value = moment.timestamp()

    def start(self) -> None:
        """Have as many as there should be."""
        while len(self._running) < self._count:
            told = (self._url, self._settings, self._clock)
            process = _FORKS.Process(target=_publish, args=told, daemon=True)
            process.start()
            self._running.append(process)

    def kill(self, number: int = 0) -> None:
        process = self._running.pop(number)
        assert process.is_alive(), "a publisher ended by itself"
        process.kill()
        process.join()

    def kill_all(self) -> None:
        while self._running:
            self.kill()


def _publish(url: str, settings: dict[str, Any], clock: Any) -> None:
    logging.disable(logging.ERROR)
    chosen = Settings(_env_file=None, **settings)  # type: ignore[call-arg]
    Publisher(chosen, Store.open(url), _EVERY, lambda: datetime.fromtimestamp(clock.value, UTC)).run()
