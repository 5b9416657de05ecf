"""Run a relay alone, which dies at a point: the arguments are its Kafka, its database and the point."""

from __future__ import annotations

import asyncio
import sys

from services.relay.app import Relay
from shared import failpoints
from shared.settings import Settings
from shared.store.engine import Store
from tests.kafka.broker import IDEMPOTENCE


async def main(url: str, database: str, point: str) -> None:
    failpoints.arm(point)
    settings = Settings(kafka_url=url, kafka_idempotence=IDEMPOTENCE)
    await Relay(settings, Store.open(database), pace=0.05).run()


asyncio.run(main(*sys.argv[1:]))
