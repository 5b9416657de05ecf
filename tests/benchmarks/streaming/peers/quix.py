"""quixstreams with its own state (RocksDB): events counted by customer, each id once."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from quixstreams import Application, State

TOPICS = ("orders", "deliveries", "customers", "forecasts")
PROGRESS = Path(os.environ["PROGRESS"])
handled = 0


def apply(event: dict[str, Any], state: State) -> dict[str, Any]:
    """Count an event that was not seen yet."""
    global handled  # noqa: PLW0603 - the whole program is this
    name = f"{event['source']}/{event['id']}"
    if not state.exists(name):
        state.set(name, value=True)
        state.set("events", state.get("events", 0) + 1)
        if "order_id" in event["data"]:
            state.set(event["data"]["order_id"], event["type"])
    handled += 1
    if handled % 500 == 0:
        PROGRESS.write_text(str(handled))
    return event


def main() -> None:
    """Run until stopped."""
    app = Application(
        broker_address=os.environ["KAFKA_URL"],
        consumer_group="quix",
        auto_offset_reset="earliest",
        state_dir=tempfile.mkdtemp(),
        use_changelog_topics=False,
        loglevel="WARNING",
    )
    for name in TOPICS:
        app.dataframe(app.topic(name, value_deserializer="json")).update(apply, stateful=True)
    app.run()


if __name__ == "__main__":
    sys.exit(main())
