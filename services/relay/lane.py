"""One topic on its way to Kafka: in order for each key, and removed once Kafka has it."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import defaultdict
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaProducer
from aiokafka.errors import InvalidTimestampError, MessageSizeTooLargeError, RecordListTooLargeError

from services.kafka import connection
from shared import failpoints
from shared.store import outbox

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shared.settings import Settings
    from shared.store.engine import Store
    from shared.store.outbox import Record

WAITS = tuple(min(0.1 * 2**attempt, 30.0) for attempt in range(10))
"""Most seconds between two attempts; the last holds on."""
_AT_A_TIME = 500
_ANSWER_MS = 15_000
_MOST_BYTES = 1 << 30  # the broker decides what is too large, not its client
_REFUSED = (
    *(MessageSizeTooLargeError, RecordListTooLargeError, InvalidTimestampError),
    *(AssertionError, TypeError, ValueError),
)
"""What Kafka, and its client, say of a record that they will never take as it is."""

log = logging.getLogger("tandem.relay")


class Lane:
    """Sends the records of one topic; those of one key one after the other, keys side by side."""

    def __init__(
        self, settings: Settings, store: Store, topic: str, stopping: asyncio.Event, pace: float
    ) -> None:
        self._settings = settings
        self._store = store
        self._topic = topic
        self._stopping = stopping
        self._pace = pace
        self._failures = 0

    async def run(self) -> None:
        """Send what waits until told to stop; whatever goes wrong, try again after a pause."""
        while not self._stopping.is_set():
            try:
                await self._relay()
            except Exception as error:  # noqa: BLE001 - broker or database: the fault is not in the records
                await self._pause(error)

    async def _relay(self) -> None:
        """Send with one producer, for as long as nothing goes wrong."""
        producer = AIOKafkaProducer(
            **connection(self._settings),
            acks="all",
            enable_idempotence=self._settings.kafka_idempotence,
            max_request_size=_MOST_BYTES,
            request_timeout_ms=_ANSWER_MS,
        )
        try:
            await producer.start()
            while not self._stopping.is_set():
                if not await self._send_some(producer):
                    await rest(self._stopping, self._pace)
                self._failures = 0
        finally:
            await producer.stop()

    async def _send_some(self, producer: AIOKafkaProducer) -> bool:
        """Send some of what waits, and remove what was acknowledged; False where nothing waits."""
        records = await asyncio.to_thread(self._next)
        acknowledged: list[int] = []
        ways = (self._send(producer, way, acknowledged) for way in _ways(records))
        results = await asyncio.gather(*ways, return_exceptions=True)
        await asyncio.to_thread(self._remove, acknowledged)
        if errors := [result for result in results if result is not None]:
            raise errors[0]
        return bool(records)

    async def _send(self, producer: AIOKafkaProducer, way: Sequence[Record], acknowledged: list[int]) -> None:
        """Send the records of one key, each after the one before has arrived."""
        for record in way:
            try:
                await producer.send_and_wait(
                    record.topic, record.value, key=record.key, headers=list(record.headers)
                )
            except _REFUSED as error:
                await asyncio.to_thread(self._refuse, record, error)
                return
            acknowledged.append(record.number)

    def _next(self) -> list[Record]:
        with self._store.reading() as connection:
            return outbox.first(connection, self._topic, _AT_A_TIME)

    def _remove(self, numbers: Sequence[int]) -> None:
        if not numbers:
            return
        failpoints.reach("before_outbox_removal")
        with self._store.noting() as connection:
            outbox.remove(connection, numbers)

    def _refuse(self, record: Record, error: Exception) -> None:
        reason = f"{type(error).__name__}, {len(record.value or b'')} bytes"
        with self._store.noting() as connection:
            outbox.refuse(connection, record.number, reason)
        log.error(
            "Kafka refuses number %d of the outbox for topic %s (%s); it is set aside, and what has its key "
            "waits behind it; let the topic take it (max.message.bytes), then start Tandem again",
            record.number,
            record.topic,
            reason,
        )

    async def _pause(self, error: Exception) -> None:
        wait = WAITS[min(self._failures, len(WAITS) - 1)] * random.uniform(0.5, 1)  # noqa: S311 - spreads the load
        self._failures += 1
        log.warning(
            "What waits for topic %s has not left yet (%s); nothing is lost, trying again in %.1f s",
            self._topic,
            f"{type(error).__name__}: {error}".partition("\n")[0],
            wait,
        )
        await rest(self._stopping, wait)


def _ways(records: Iterable[Record]) -> list[list[Record]]:
    """The records of each key in their order; without a key there is no order to keep."""
    ways: dict[object, list[Record]] = defaultdict(list)
    for record in records:
        ways[record.number if record.key is None else record.key].append(record)
    return list(ways.values())


async def rest(stopping: asyncio.Event, seconds: float) -> None:
    """Wait, but not when told to stop."""
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        return
