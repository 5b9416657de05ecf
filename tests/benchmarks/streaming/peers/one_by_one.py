"""FastStream, one message at a time: a model, a transaction and a commit of the offset each."""

from __future__ import annotations

import os
import sys

from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker

from tests.benchmarks.streaming.load import TOPICS
from tests.benchmarks.streaming.peers.state import Event, State

broker = KafkaBroker(os.environ["KAFKA_URL"])
state = State()


@broker.subscriber(*TOPICS, group_id="one", auto_offset_reset="earliest", ack_policy=AckPolicy.NACK_ON_ERROR)
def handle(event: Event) -> None:
    """Apply one event."""
    state.apply([event])


if __name__ == "__main__":
    import asyncio

    sys.exit(asyncio.run(FastStream(broker).run()))
