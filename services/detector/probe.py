"""A look at Kafka from outside the consumer group."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from services.kafka import connection, greet

if TYPE_CHECKING:
    from collections.abc import Collection

    from aiokafka import TopicPartition

    from shared.settings import Settings

_ANSWER_SECONDS = 10


class Probe:
    """A connection that is kept while it serves, and made anew when it does not."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: AIOKafkaConsumer | None = None

    async def ends(self, places: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Return where these partitions end; of those that Kafka does not know, nothing.

        Raises RefusedError, KafkaError or OSError while Kafka is away.
        """
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                client = await self._open()
                if not places:
                    await client.topics()
                    return {}
                found: dict[TopicPartition, int] = await client.end_offsets(places)
                return found
        except (KafkaError, TimeoutError):
            await self.close()
            await greet(self._settings)
            return {}

    async def _open(self) -> AIOKafkaConsumer:
        if self._client is None:
            client = AIOKafkaConsumer(**connection(self._settings), isolation_level="read_committed")
            try:
                await client.start()
            except BaseException:
                await client.stop()
                raise
            self._client = client
        return self._client

    async def close(self) -> None:
        """Give the connection back."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(KafkaError, TimeoutError):
                async with asyncio.timeout(_ANSWER_SECONDS):
                    await client.stop()
