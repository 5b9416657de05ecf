"""Notices a consumer that hangs: aiokafka may, in a commit or after a rebalance, without any error."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    """When a batch in hand last moved, or the partition that has waited longest was last asked."""
    consumer = subscriber.consumer
    places = consumer.assignment() if consumer is not None else ()
    if not subscriber.lock.empty:  # type: ignore[attr-defined] # a MultiLock once started
        return recorder.touched
    if consumer is None or not places:
        return time.monotonic()
    since = time.monotonic() - time.time()
    polled = [(consumer.last_poll_timestamp(place) or 0) / 1000 + since for place in places]
    return max(min(polled), recorder.touched)
