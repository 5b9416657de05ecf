"""`tandem detect`: events from Kafka, until told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sys
from copy import copy
from typing import TYPE_CHECKING

from services.commands.clock import erasing, ticking
from services.commands.context import UsageError, opened
from shared import failpoints

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.settings import Settings
    from shared.store.engine import Store

    Watched = Callable[[Callable[[], list[str]]], None]

_SERVERS = re.compile(r"\s*(\[[0-9a-fA-F:]+\]|[^\s:,]+):\d{1,5}\s*(,(?=.)|$)")
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}


def detect() -> None:
    """Record events from Kafka (TANDEM_KAFKA_URL) until stopped; SIGTERM finishes the batch in hand."""
    with opened() as (settings, store):
        check_url(settings.kafka_url)
        if point := os.environ.get("TANDEM_FAIL_AT"):
            failpoints.arm(point)
        log_to_stderr()
        store.claim()
        with erasing(store, settings.intake), ticking(store, settings.rules):
            asyncio.run(detect_and_relay(settings, store))


async def detect_and_relay(settings: Settings, store: Store, watched: Watched = lambda _: None) -> None:
    """Read from Kafka and write to it until told to stop: where one process writes, it does both.

    `watched` is given a function that says what keeps the detector from recording.
    """
    from services.detector.app import run  # noqa: PLC0415 - only with Kafka is its client needed
    from services.relay.app import Relay  # noqa: PLC0415 - the same

    if not settings.kafka_publish:
        return await run(settings, store, watched=watched)
    relay = Relay(settings, store)
    relaying = asyncio.create_task(relay.run())
    try:
        await run(settings, store, watched=watched)
    finally:
        relay.stop()
        await relaying
    return None


def log_to_stderr() -> None:
    """Tell what happens, each event in one line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("tandem").setLevel(logging.INFO)


class OneLine(logging.Formatter):
    """Shows no control characters, which could feign lines, and of an exception only what it says."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        if os.environ.get("TANDEM_DEBUG"):
            return super().format(record)
        error = record.exc_info[1] if record.exc_info else None
        bare = copy(record)
        bare.exc_info = bare.exc_text = bare.stack_info = None
        text = super().format(bare)
        return (f"{text} ({type(error).__name__}: {error})" if error else text).translate(_CONTROLS)


def check_url(url: str | None) -> None:
    """Refuse what names no broker; raises UsageError."""
    if not url:
        raise UsageError("TANDEM_KAFKA_URL is not set; write host:port of a Kafka broker")
    if _SERVERS.sub("", url):
        raise UsageError(f"TANDEM_KAFKA_URL={url}: write host:port, several with a comma between them")
