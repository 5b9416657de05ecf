"""faust-streaming: an agent for each topic, a table in memory of events by customer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import faust

TOPICS = ("orders", "deliveries", "customers", "forecasts")
PROGRESS = Path(os.environ["PROGRESS"])
app = faust.App(
    "bench",
    broker=f"kafka://{os.environ['KAFKA_URL']}",
    store="memory://",
    topic_partitions=int(os.environ["PARTITIONS"]),
    consumer_auto_offset_reset="earliest",
    broker_session_timeout=10,
    broker_heartbeat_interval=2,
    datadir=os.environ["SCRATCH"],
)
seen: set[tuple[str, str]] = set()
counts: dict[str, int] = {}
orders: dict[str, str] = {}
handled = 0


def note(count: int) -> None:
    """Tell how far it is."""
    PROGRESS.write_text(str(count))


async def apply(stream: Any) -> None:
    """Count each event that was not seen yet."""
    global handled  # noqa: PLW0603 - the whole program is this
    async for event in stream:
        key = (event["source"], event["id"])
        if key not in seen:
            seen.add(key)
            customer = event["data"].get("customer_id", "")
            counts[customer] = counts.get(customer, 0) + 1
            orders[event["data"].get("order_id", "")] = event["type"]
        handled += 1
        if handled % 500 == 0:
            note(handled)


for name in TOPICS:
    app.agent(app.topic(name, value_type=None, value_serializer="json"), name=f"apply-{name}")(apply)

if __name__ == "__main__":
    app.main()
