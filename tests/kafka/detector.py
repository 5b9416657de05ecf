"""Run one detector: KAFKA_URL GROUP DATABASE_URL [--impatient] [--die-before-commit]."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys

from aiokafka import AIOKafkaConsumer

from services.detector.app import WAITS, run
from shared.settings import Settings
from shared.store.engine import Store


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    url, group, database, *options = sys.argv[1:]
    if "--die-before-commit" in options:  # that is after the database has committed
        AIOKafkaConsumer.commit = lambda _: os.kill(os.getpid(), signal.SIGKILL)
    settings = Settings(kafka_url=url, kafka_group=group, database_url=database)
    store = Store.open(database)
    try:
        asyncio.run(run(settings, store, waits=(0.05, 0.05) if "--impatient" in options else WAITS))
    finally:
        store.close()


main()
