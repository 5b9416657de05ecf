"""Notices a consumer that hangs: aiokafka may, in a commit or after a rebalance, without any error."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiokafka import AIOKafkaConsumer  # type: ignore[import-untyped]
    from faststream.kafka.subscriber.usecase import BatchSubscriber

    from services.detector.recorder import Recorder


class StalledError(Exception):
    """Nothing has moved for too long."""


async def watch(subscriber: BatchSubscriber, recorder: Recorder, patience: float) -> None:
    """Raise StalledError once nothing has moved for `patience` seconds."""
    while True:
        await asyncio.sleep(patience / 10)
        if time.monotonic() - _last_sign(subscriber, recorder) > patience:
            raise StalledError(f"nothing has moved for {patience:.0f} s")


def _last_sign(subscriber: BatchSubscriber, recorder: Recorder) -> float:
    """When the batch in hand last moved; without one, when the partition waiting longest was last asked."""
    if not getattr(subscriber.lock, "empty", True):
        return recorder.touched
    return max(time.monotonic() - _silence(subscriber.consumer), recorder.touched)


def _silence(consumer: AIOKafkaConsumer | None) -> float:
    """Seconds without an answer from Kafka about some partition; 0 while there is none to ask about."""
    if consumer is None:
        return 0
    answers = [consumer.last_poll_timestamp(place) for place in consumer.assignment()]
    return time.time() - min((at / 1000 for at in answers if at is not None), default=time.time())
