"""The detector: reads the topics of facts in batches, and each batch becomes one transaction."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aiokafka.errors import KafkaError  # type: ignore[import-untyped]
from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker

from services.detector.recorder import WAITS, Recorder
from services.detector.watchdog import StalledError, watch
from shared.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from faststream.kafka import KafkaMessage
    from faststream.kafka.subscriber.usecase import BatchSubscriber

    from shared.settings import Settings
    from shared.store.engine import Store

    Records = tuple[Any, ...]  # of aiokafka's ConsumerRecord, which has no types

TOPICS = ("orders", "deliveries", "customers", "forecasts")
_GRACEFUL_SECONDS = 60
_STALLED_SECONDS = 180
_RECONNECT_SECONDS = 2

log = logging.getLogger("tandem.detector")


def create_app(settings: Settings, store: Store) -> FastStream:
    """Wire Kafka to `record`: nothing is lost, and what comes twice counts once."""
    return _wire(settings, Recorder(store, settings.rules, WAITS, settings.intake))[0]


async def run(
    settings: Settings, store: Store, *, waits: Sequence[float] = WAITS, patience: float = _STALLED_SECONDS
) -> None:
    """Detect until told to stop; waits for a Kafka that is away, and leaves a connection that hangs."""
    recorder = Recorder(store, settings.rules, waits, settings.intake)
    app, subscriber = _wire(settings, recorder)
    while True:
        try:
            async with asyncio.TaskGroup() as group:
                watching = group.create_task(watch(subscriber, recorder, patience))
                await app.run(log_level=logging.DEBUG)
                watching.cancel()
        except* (KafkaError, StalledError) as errors:
            log.warning(
                "Kafka at %s does not serve (%s); check the broker and TANDEM_KAFKA_URL; next try in %d s",
                settings.kafka_url,
                errors.exceptions[0],
                _RECONNECT_SECONDS,
            )
        else:
            return
        if recorder.stopping:
            return
        await asyncio.wait_for(app.brokers[0].stop(), 2 * _GRACEFUL_SECONDS)
        await asyncio.sleep(_RECONNECT_SECONDS)


def _wire(settings: Settings, recorder: Recorder) -> tuple[FastStream, BatchSubscriber]:
    broker = KafkaBroker(
        _servers(settings),
        parser=_parse_bare,
        decoder=_raw_records,
        apply_types=False,
        consumer_only=True,
        graceful_timeout=_GRACEFUL_SECONDS,
        logger=log,
        log_level=logging.DEBUG,
    )
    subscriber = broker.subscriber(
        *TOPICS,
        group_id=settings.kafka_group,
        batch=True,
        max_records=500,
        ack_policy=AckPolicy.NACK_ON_ERROR,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        max_poll_interval_ms=900_000,
        no_reply=True,
    )
    subscriber(recorder.record_patiently)
    return FastStream(broker, logger=log, on_shutdown=[recorder.stop]), subscriber


def _servers(settings: Settings) -> list[str]:
    if not settings.kafka_url:
        raise SettingsError("TANDEM_KAFKA_URL is not set; write host:port of a Kafka broker")
    return [server.strip() for server in settings.kafka_url.split(",")]


async def _parse_bare(
    records: Records, original: Callable[[Records], Awaitable[KafkaMessage]]
) -> KafkaMessage:
    """Keep the headers from FastStream, which skips records whose headers are null or no UTF-8."""
    message = await original(tuple(replace(one, headers=()) for one in records))
    message.raw_message = records
    return message


async def _raw_records(message: KafkaMessage) -> Any:
    """Leave the reading to `record`: what FastStream cannot decode would block its partition."""
    return message.raw_message
