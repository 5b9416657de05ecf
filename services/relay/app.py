"""The relay: says what came to be true, and opens a lane for each topic that something waits for."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from services.relay.lane import Lane, rest
from shared.announcing import Announcer
from shared.events.emitted import TOPICS
from shared.store import outbox
from shared.store.seat import RELAYING, Seat

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.settings import Settings
    from shared.store.engine import Store

_PACE_SECONDS = 1.0
_SHARE = 20
"""Looking for news takes at most one part in this many of the time."""
_GRACEFUL_SECONDS = 5

log = logging.getLogger("tandem.relay")


def _now() -> datetime:
    return datetime.now(UTC)


class Relay:
    """One of all processes at a time announces and sends; the others wait for its place."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        *,
        pace: float = _PACE_SECONDS,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._settings = settings
        self._store = store
        self._pace = pace
        self._clock = clock
        self._announcer = Announcer(store, settings.rules)
        self._seat = Seat(store, RELAYING)
        self._seated = False
        self._stopping = asyncio.Event()
        self._lanes: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Relay until told to stop; whatever goes wrong, nothing is lost and it is tried again."""
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001 - the database: what is not said now is said later
                log.warning("News wait (%s: %s); trying again", type(error).__name__, error)
            await rest(self._stopping, max(self._pace, _SHARE * (time.monotonic() - began)))
        if self._lanes:
            await asyncio.wait(self._lanes.values(), timeout=_GRACEFUL_SECONDS)
        await self._close()

    def stop(self) -> None:
        """Have it finish what is under way and end."""
        self._stopping.set()

    async def _look(self) -> None:
        had = self._seated
        self._seated = await asyncio.to_thread(self._seat.taken)
        if not self._seated:
            await self._close()
            return
        if not had:
            await asyncio.to_thread(self._begin)
        for topic in await asyncio.to_thread(self._announce) - self._lanes.keys():
            lane = Lane(self._settings, self._store, topic, self._stopping, self._pace)
            self._lanes[topic] = asyncio.create_task(lane.run())

    def _begin(self) -> None:
        """Try again what Kafka refused before: its limits may have been raised."""
        with self._store.noting() as connection:
            outbox.retry(connection)

    def _announce(self) -> set[str]:
        """Say what is new once all that was said has left; return the topics that something waits for."""
        with self._store.reading() as connection:
            left = outbox.idle(connection, TOPICS)
        if left:
            self._announcer.announce(self._clock())
        with self._store.reading() as connection:
            return outbox.topics(connection)

    async def _close(self) -> None:
        """Cut off the lanes; what was under way is sent again by whoever has the place."""
        lanes, self._lanes = list(self._lanes.values()), {}
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)
        await asyncio.to_thread(self._seat.leave)
