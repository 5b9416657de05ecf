"""`tandem detect`: events from Kafka, until told to stop."""

from __future__ import annotations

import asyncio
import logging
import sys

from services.commands.context import UsageError, opened


def detect() -> None:
    """Record events from Kafka (TANDEM_KAFKA_URL) until stopped; SIGTERM finishes the batch in hand."""
    with opened() as (settings, store):
        if not settings.kafka_url:
            raise UsageError("TANDEM_KAFKA_URL is not set; write host:port of a Kafka broker")
        from services.detector.app import run  # noqa: PLC0415 - only this command needs a Kafka client

        logging.basicConfig(
            stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
        )
        asyncio.run(run(settings, store))
