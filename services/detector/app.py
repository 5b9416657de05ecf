"""The detector: reads the topics of facts in batches, and each batch becomes one transaction."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker

from services.detector.metrics import Metrics
from services.detector.offsets import Offsets
from services.detector.recorder import WAITS, Recorder
from services.detector.serving import serving
from services.detector.watchdog import StalledError, Watchdog
from services.kafka import greet, security, servers, token_provider

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from faststream.kafka import KafkaMessage
    from faststream.kafka.subscriber.usecase import BatchSubscriber

    from shared.settings import Settings
    from shared.store.engine import Store

    Records = tuple[Any, ...]  # of aiokafka's ConsumerRecord, which has no types

TOPICS = ("orders", "deliveries", "customers", "forecasts", "drafts")
STALLED = 1
"""The exit code of a process that left because nothing moved."""
_GRACEFUL_SECONDS = 60
_RECONNECT_SECONDS = 2
_METADATA_SECONDS = 15
"""How long a topic that was made anew may go unnoticed."""
_USUAL_FETCH_BYTES = 1 << 20
_EVENT_BYTES = 1 << 10

log = logging.getLogger("tandem.detector")


async def run(
    settings: Settings,
    store: Store,
    *,
    waits: Sequence[float] = WAITS,
    watched: Callable[[Callable[[], list[str]]], None] = lambda _: None,
) -> None:
    """Detect until told to stop; waits for a Kafka that is away, and ends the process if it stalls.

    `watched` is given a function that says what keeps it from recording just now.
    Raises SettingsError where Kafka refuses the settings, and LockedError where another process writes.
    """
    told = _told_to_stop()
    store.claim()
    metrics = Metrics()
    recorder = Recorder(store, settings.rules, waits, metrics, settings.intake)
    broker, subscriber = _wire(settings, recorder)
    watchdog = Watchdog(settings, subscriber, recorder, metrics)
    missing = partial(_missing, watchdog, recorder)
    watched(missing)
    with serving(settings.metrics_port, metrics.registry, missing):
        work = asyncio.create_task(_detect(settings, broker, watchdog))
        await asyncio.wait({work, told}, return_when=asyncio.FIRST_COMPLETED)
        recorder.stop()
        if work.done() and isinstance(work.exception(), StalledError):
            log.error("%s; ending, so that whoever supervises the detector starts it anew", work.exception())
            _end(STALLED)
        work.cancel()
        await asyncio.wait({work})
        await _stop(broker, subscriber, watchdog)
        if not work.cancelled():
            work.result()


async def _detect(settings: Settings, broker: KafkaBroker, watchdog: Watchdog) -> None:
    """Join the group as soon as Kafka serves, and look after it from then on."""
    await _patiently(greet, settings)
    await asyncio.gather(_join(settings, broker, watchdog), watchdog.watch())


async def _join(settings: Settings, broker: KafkaBroker, watchdog: Watchdog) -> None:
    async def start(_: Settings) -> None:
        try:
            await broker.start()
        except Exception:
            await broker.stop()
            raise

    await _patiently(start, settings)
    watchdog.joined = True


async def _patiently(reach: Callable[[Settings], Awaitable[None]], settings: Settings) -> None:
    """Try until Kafka serves."""
    while True:
        try:
            return await reach(settings)
        except (KafkaError, OSError) as error:
            log.warning(
                "Kafka at %s does not serve (%s); check the broker and TANDEM_KAFKA_URL, and whether it "
                "expects another TANDEM_KAFKA_SECURITY_PROTOCOL or a certificate; next try in %d s",
                settings.kafka_url,
                str(error) or type(error).__name__,
                _RECONNECT_SECONDS,
            )
        await asyncio.sleep(_RECONNECT_SECONDS)


async def _stop(broker: KafkaBroker, subscriber: BatchSubscriber, watchdog: Watchdog) -> None:
    """Finish the batch in hand; one that does not end in time is left, and read again by whoever comes."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_GRACEFUL_SECONDS + 5):
            await broker.stop()
            await watchdog.close()
    if not getattr(subscriber.lock, "empty", True):
        log.warning("The batch in hand did not end within %d s; it will be read again", _GRACEFUL_SECONDS)
        _end(0)


def _end(code: int) -> None:
    """Leave without waiting for what hangs: what is committed stays, all else is read again."""
    logging.shutdown()
    os._exit(code)


def _told_to_stop() -> asyncio.Task[Any]:
    """Return what is done once a signal asks to stop; any further signal changes nothing."""
    loop = asyncio.get_running_loop()
    told = asyncio.Event()

    def tell(*_: object) -> None:
        with suppress(RuntimeError):  # the loop has ended: nothing is left to stop
            loop.call_soon_threadsafe(told.set)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, tell)
    return asyncio.create_task(told.wait())


def _missing(watchdog: Watchdog, recorder: Recorder) -> list[str]:
    """What keeps the detector from recording just now."""
    waiting = None if watchdog.joined else "its group has not given out the partitions yet"
    reasons = {"Kafka": watchdog.absence or waiting, "The database": recorder.refusal}
    return [f"{name}: {reason}" for name, reason in reasons.items() if reason is not None]


def _wire(settings: Settings, recorder: Recorder) -> tuple[KafkaBroker, BatchSubscriber]:
    async def parse(records: Records, original: Callable[[Records], Awaitable[KafkaMessage]]) -> KafkaMessage:
        """Show FastStream the records it names a batch by, without headers: some are null or no UTF-8."""
        message = await original(tuple(replace(one, headers=()) for one in (records[0], records[-1])))
        message.raw_message = records
        message.consumer = Offsets(message.consumer, recorder)
        return message

    broker = KafkaBroker(
        servers(settings),
        security=security(settings),
        sasl_oauth_token_provider=token_provider(settings),
        parser=parse,
        decoder=_raw_records,
        apply_types=False,
        consumer_only=True,
        metadata_max_age_ms=_METADATA_SECONDS * 1000,
        graceful_timeout=_GRACEFUL_SECONDS,
        logger=log,
        log_level=logging.DEBUG,
    )
    subscriber = broker.subscriber(
        *TOPICS,
        group_id=settings.kafka_group,
        batch=True,
        max_records=settings.kafka_max_records,
        max_partition_fetch_bytes=max(_USUAL_FETCH_BYTES, settings.kafka_max_records * _EVENT_BYTES),
        ack_policy=AckPolicy.NACK_ON_ERROR,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        max_poll_interval_ms=900_000,
        no_reply=True,
    )
    subscriber(recorder.record_patiently)
    return broker, subscriber


async def _raw_records(message: KafkaMessage) -> Any:
    """Leave the reading to `record`: what FastStream cannot decode would block its partition."""
    return message.raw_message
