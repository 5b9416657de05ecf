"""Topics full of events, before anybody reads them."""

from __future__ import annotations

import asyncio
from itertools import islice
from typing import TYPE_CHECKING

import orjson
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from services.simulator.trading import trading
from shared.events.catalogue import PAYLOADS

if TYPE_CHECKING:
    from collections.abc import Iterator

TOPICS = ("orders", "deliveries", "customers", "forecasts")
KEEP = {"retention.ms": "604800000"}  # quixstreams asks for it, and Tansu only knows what it was told


def events(count: int) -> list[tuple[str, bytes, bytes]]:
    """Topic, key and value of simulated trading: thousands of orders open at once."""
    return list(_records(count))


def _records(count: int) -> Iterator[tuple[str, bytes, bytes]]:
    for event in islice(trading(1, max(2000, count // 6)), count):
        payload, data = PAYLOADS[event["type"]], event["data"]
        key = data.get("customer_id") or data.get("product_id") or event["id"]
        yield payload.TOPIC or "orders", key.encode(), orjson.dumps(event)


def fill(url: str, records: list[tuple[str, bytes, bytes]], partitions: int) -> None:
    """Make the topics and write the records to them."""
    asyncio.run(_fill(url, records, partitions))


async def _fill(url: str, records: list[tuple[str, bytes, bytes]], partitions: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=url)
    await admin.start()
    await admin.create_topics([NewTopic(name, partitions, 1, topic_configs=KEEP) for name in TOPICS])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=url, acks="all", linger_ms=5) as producer:
        sent = [await producer.send(topic, value, key) for topic, key, value in records]
        await asyncio.gather(*sent)
