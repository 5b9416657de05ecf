"""The topics of Tandem: which there are, and making those that are missing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from services.kafka import connection, greet
from shared.events import catalogue, emitted

if TYPE_CHECKING:
    from shared.settings import Settings

_RETRY_SECONDS = 1


class Topic(NamedTuple):
    """A topic; without partitions it does not exist."""

    name: str
    holds: str
    partitions: int


class TopicError(Exception):
    """Kafka does not make a topic, or cannot be reached; the message says what to do."""


def expected() -> dict[str, str]:
    """Every topic with what it holds: facts in, news out, and what could not be read."""
    return {
        **dict.fromkeys(catalogue.TOPICS, "facts"),
        **dict.fromkeys(emitted.TOPICS, "news"),
        **{f"{name}.dead": "dead letters" for name in catalogue.TOPICS},
    }


async def topics(
    settings: Settings, *, create: tuple[int, int] | None = None, patience: float = 0
) -> list[Topic]:
    """Look at the topics, and make the missing with so many (partitions, replicas); raises TopicError.

    Waits up to `patience` seconds for a Kafka that is away.
    """
    try:
        async with asyncio.timeout(max(patience, 30)):
            await _reach(settings, patience)
            return await _topics(settings, create)
    except (KafkaError, OSError, TimeoutError) as error:
        raise TopicError(
            f"Kafka at {settings.kafka_url} does not serve ({error or 'no answer'}); check the broker and "
            "TANDEM_KAFKA_URL"
        ) from None


async def _reach(settings: Settings, patience: float) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + patience
    while True:
        try:
            return await greet(settings)
        except (KafkaError, OSError):
            if loop.time() >= until:
                raise
        await asyncio.sleep(_RETRY_SECONDS)


async def _topics(settings: Settings, create: tuple[int, int] | None) -> list[Topic]:
    admin = AIOKafkaAdminClient(**connection(settings))
    await admin.start()
    try:
        found = await _partitions(admin)
        if create and (missing := [name for name in expected() if not found[name]]):
            await _create(admin, missing, *create)
            found = await _partitions(admin)
    finally:
        await admin.close()
    return [Topic(name, holds, found[name]) for name, holds in expected().items()]


async def _create(admin: AIOKafkaAdminClient, names: list[str], partitions: int, replicas: int) -> None:
    answer = await admin.create_topics([NewTopic(name, partitions, replicas) for name in names])
    for name, code, *told in answer.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:
            raise TopicError(
                f"Kafka does not make the topic {name}: {next(iter(told), None) or error.__name__}"
            )


async def _partitions(admin: AIOKafkaAdminClient) -> dict[str, int]:
    """How many each topic has; asking for one that is missing might make it, so only others are asked."""
    there = [name for name in await admin.list_topics() if name in expected()]
    described = await admin.describe_topics(there) if there else []
    return dict.fromkeys(expected(), 0) | {one["topic"]: len(one["partitions"]) for one in described}
