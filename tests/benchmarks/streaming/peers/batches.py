"""FastStream as its documentation shows batches: a list of models, one transaction and one commit a batch."""

from __future__ import annotations

import asyncio
import os

from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker

from tests.benchmarks.streaming.load import TOPICS
from tests.benchmarks.streaming.peers.state import Event, State

broker = KafkaBroker(os.environ["KAFKA_URL"])
state = State()


@broker.subscriber(
    *TOPICS,
    group_id="batches",
    batch=True,
    max_records=500,
    auto_offset_reset="earliest",
    ack_policy=AckPolicy.NACK_ON_ERROR,
)
def handle(events: list[Event]) -> None:
    """Apply a batch."""
    state.apply(events)


if __name__ == "__main__":
    asyncio.run(FastStream(broker).run())
