"""What a test does to a broker: publish, and ask how far a group has read."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from tests.kafka.broker import PARTITIONS, TOPICS

if TYPE_CHECKING:
    from collections.abc import Iterable


NOW = time.time_ns() // 1_000_000
"""Milliseconds; an older time stamp would give the record to Kafka's retention."""


_LARGEST = 16_000_000
_PATIENCE = 60


@dataclass(frozen=True)
class Sent:
    """A record, and once it is published where it lies."""

    topic: str
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...] = ()
    key: bytes | None = b"C-1"
    partition: int = 0
    timestamp: int = NOW
    offset: int = -1

    @property
    def origin(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}@{self.timestamp}"


def publish(url: str, records: list[Sent]) -> list[Sent]:
    return asyncio.run(asyncio.wait_for(_publish(url, records), _PATIENCE))


async def _publish(url: str, records: list[Sent]) -> list[Sent]:
    async with AIOKafkaProducer(bootstrap_servers=url, acks="all", max_request_size=_LARGEST) as producer:
        return await _send(producer, records)


async def _send(producer: AIOKafkaProducer, records: list[Sent]) -> list[Sent]:
    futures = [
        await producer.send(
            one.topic,
            one.value,
            key=one.key,
            partition=one.partition,
            timestamp_ms=one.timestamp,
            headers=list(one.headers),
        )
        for one in records
    ]
    places = [await future for future in futures]
    return [replace(one, offset=place.offset) for one, place in zip(records, places, strict=True)]


def publish_in_transactions(url: str, aborted: list[Sent], committed: list[Sent]) -> list[Sent]:
    """Publish both, each in a transaction of its own, and return what was committed."""
    return asyncio.run(_publish_in_transactions(url, aborted, committed))


async def _publish_in_transactions(url: str, aborted: list[Sent], committed: list[Sent]) -> list[Sent]:
    async with AIOKafkaProducer(bootstrap_servers=url, transactional_id="tests") as producer:
        await producer.begin_transaction()
        await _send(producer, aborted)
        await producer.abort_transaction()
        async with producer.transaction():
            return await _send(producer, committed)


def unread(url: str, group: str, published: list[Sent]) -> int:
    """Count the records that the group has not committed."""
    read = committed(url, group)
    return sum(one.offset >= read[TopicPartition(one.topic, one.partition)] for one in published)


def committed(url: str, group: str) -> dict[TopicPartition, int]:
    """How far the group has read, as Kafka knows it; -1 where it knows nothing."""
    return asyncio.run(asyncio.wait_for(_committed(url, group), _PATIENCE))


async def _committed(url: str, group: str) -> dict[TopicPartition, int]:
    places = _places(TOPICS)
    admin = AIOKafkaAdminClient(bootstrap_servers=url)
    await admin.start()
    try:
        answer = await admin.list_consumer_group_offsets(group, partitions=places)
    except KafkaError:  # it makes its topic of offsets for the first group, and needs a moment
        answer = {}
    finally:
        await admin.close()
    return {place: answer[place].offset if place in answer else -1 for place in places}


def fetch(url: str, topic: str) -> list[bytes | None]:
    """Read what a topic holds now."""
    return [one.value for one in fetch_records(url, [topic])]


def fetch_records(url: str, topics: Iterable[str]) -> list[Sent]:
    """Read everything that these topics hold now."""
    return asyncio.run(_fetch(url, _places(topics)))


async def _fetch(url: str, places: list[TopicPartition]) -> list[Sent]:
    found: list[Sent] = []
    async with AIOKafkaConsumer(bootstrap_servers=url, auto_offset_reset="earliest") as consumer:
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        while any([await consumer.position(place) < ends[place] for place in places]):
            for batch in (await consumer.getmany(timeout_ms=1000)).values():
                found += map(_sent, batch)
    return found


def _sent(record: Any) -> Sent:
    return Sent(
        record.topic,
        record.value,
        tuple(record.headers),
        record.key,
        record.partition,
        record.timestamp,
        record.offset,
    )


def received(url: str, topic: str, least: int = 1) -> list[Any]:
    """The records of a topic in the order of each partition, once there are this many."""
    return asyncio.run(_received(url, topic, least))


async def _received(url: str, topic: str, least: int) -> list[Any]:
    found: list[Any] = []
    async with AIOKafkaConsumer(bootstrap_servers=url, auto_offset_reset="earliest") as consumer:
        consumer.assign(_places([topic]))
        async with asyncio.timeout(30):
            while len(found) < least:
                for batch in (await consumer.getmany(timeout_ms=200)).values():
                    found += batch
        for batch in (await consumer.getmany(timeout_ms=200)).values():
            found += batch
    return found


def _places(topics: Iterable[str]) -> list[TopicPartition]:
    return [TopicPartition(topic, number) for topic in topics for number in range(PARTITIONS)]
