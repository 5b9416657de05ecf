"""Notices a consumer that hangs: aiokafka may, in a commit or after a rebalance, without any error."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiokafka.errors import IllegalStateError, KafkaError
from anyio import to_thread

from services.detector.probe import Probe
from services.kafka import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiokafka import AIOKafkaConsumer, TopicPartition
    from faststream.kafka.subscriber.usecase import BatchSubscriber

    from services.detector.metrics import Metrics
    from services.detector.recorder import Recorder
    from shared.settings import Settings

_LOOKS = 6
"""How often it looks within its patience."""
_SLOW_BATCH = 5
"""How many times its patience one attempt at a batch may take."""
_ANSWER_SECONDS = 10
_POSITION_SECONDS = 1

log = logging.getLogger("tandem.detector")


class StalledError(Exception):
    """Kafka answers and has records, and none of them moves."""


@dataclass(frozen=True)
class _View:
    """What stands where; of equal views the second shows that nothing moved."""

    positions: tuple[tuple[TopicPartition, int], ...]
    batches: int
    idle: bool


class Watchdog:
    """Looks from outside, by a connection of its own, so that a consumer that hangs cannot hide it."""

    def __init__(
        self, settings: Settings, subscriber: BatchSubscriber, recorder: Recorder, metrics: Metrics
    ) -> None:
        self._patience = settings.kafka_patience_seconds
        self._subscriber = subscriber
        self._recorder = recorder
        self._metrics = metrics
        self._probe = Probe(settings)
        self.joined = False
        """Whether the group has given the detector its partitions, be it none."""
        self.absence: str | None = "not reached yet"
        """Why Kafka does not serve, or None."""

    async def watch(self) -> None:
        """Look again and again; raises StalledError once nothing has moved for the patience of the settings.

        Kafka was reached before. One that does not answer and a database that refuses are no stall: both
        are waited for.
        """
        self.absence = None
        last, since = None, time.monotonic()
        while True:
            await asyncio.sleep(self._patience / _LOOKS)
            view = await self._look()
            if view is None or view.idle or view != last or self._at_work():
                last, since = view, time.monotonic()
            elif time.monotonic() - since >= self._patience:
                raise StalledError(f"Kafka answers, and nothing has moved for {self._patience} s")

    def _at_work(self) -> bool:
        """Whether it records, if not for ever, or waits for a database that refused."""
        seconds = self._recorder.recording_for()
        return seconds < _SLOW_BATCH * self._patience if seconds else self._recorder.refusal is not None

    async def close(self) -> None:
        """Give back the connection."""
        await self._probe.close()

    async def _look(self) -> _View | None:
        """Return what stands where, or None while Kafka is away."""
        consumer = self._subscriber.consumer
        places = consumer.assignment() if self.joined and consumer else frozenset()
        in_hand = not getattr(self._subscriber.lock, "empty", True)
        if not in_hand:
            await self._check_database()
        try:
            ends = await self._probe.ends(places)
        except (KafkaError, OSError, RefusedError) as error:
            self._tell(str(error) or type(error).__name__)
            return None
        self._tell(None)
        positions = await _positions(consumer, places)
        unread = {place: max(end - positions.get(place, 0), 0) for place, end in ends.items()}
        self._show_lag(unread, in_hand=in_hand)
        idle = self.joined and not in_hand and not any(unread.values())
        return _View(tuple(sorted(positions.items())), self._recorder.batches, idle)

    def _tell(self, absence: str | None) -> None:
        """Remember whether Kafka serves, and say so where that changed."""
        if absence and self.absence is None:
            log.warning("Kafka does not serve (%s); nothing is lost, waiting for it", absence)
        elif self.absence and absence is None:
            log.info("Kafka serves")
        self.absence = absence
        self._metrics.connected.set(absence is None)

    def _show_lag(self, unread: dict[TopicPartition, int], *, in_hand: bool) -> None:
        hand = self._recorder.hand if in_hand else {}
        self._metrics.show_lag({place: count + hand.get(place, 0) for place, count in unread.items()})

    async def _check_database(self) -> None:
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                await to_thread.run_sync(self._recorder.check, abandon_on_cancel=True)
        except TimeoutError:
            self._recorder.refusal = f"no answer within {_ANSWER_SECONDS} s"


async def _positions(
    consumer: AIOKafkaConsumer, places: Iterable[TopicPartition]
) -> dict[TopicPartition, int]:
    """What is read next in each partition; without those of which that is not known yet."""
    found = {}
    for place in places:
        try:
            async with asyncio.timeout(_POSITION_SECONDS):
                found[place] = await consumer.position(place)
        except (TimeoutError, IllegalStateError, KafkaError):
            continue
    return found
