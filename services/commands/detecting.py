"""`tandem detect`: events from Kafka, until told to stop."""

from __future__ import annotations

import asyncio
import logging
import re
import sys

from services.commands.context import UsageError, opened

_SERVERS = re.compile(r"\s*(\[[0-9a-fA-F:]+\]|[^\s:,]+):\d{1,5}\s*(,(?=.)|$)")


def detect() -> None:
    """Record events from Kafka (TANDEM_KAFKA_URL) until stopped; SIGTERM finishes the batch in hand."""
    with opened() as (settings, store):
        _check(settings.kafka_url)
        from services.detector.app import run  # noqa: PLC0415 - only this command needs a Kafka client

        logging.basicConfig(
            stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
        )
        logging.getLogger("tandem").setLevel(logging.INFO)
        asyncio.run(run(settings, store))


def _check(url: str | None) -> None:
    if not url:
        raise UsageError("TANDEM_KAFKA_URL is not set; write host:port of a Kafka broker")
    if _SERVERS.sub("", url):
        raise UsageError(f"TANDEM_KAFKA_URL={url}: write host:port, several with a comma between them")
