"""Run one detector: the arguments name its Kafka, group and database."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal

from aiokafka import AIOKafkaConsumer

from services.detector.app import run
from services.detector.recorder import WAITS
from shared.settings import Settings
from shared.store.engine import Store


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    options = _options()
    if options.die_before_commit:  # that is after the database has committed
        AIOKafkaConsumer.commit = lambda _: os.kill(os.getpid(), signal.SIGKILL)
    settings = Settings(kafka_url=options.url, kafka_group=options.group, database_url=options.database)
    store = Store.open(options.database)
    try:
        asyncio.run(run(settings, store, waits=options.waits or WAITS, patience=options.patience))
    finally:
        store.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("url", "group", "database"):
        parser.add_argument(name)
    parser.add_argument("--die-before-commit", action="store_true")
    parser.add_argument("--waits", type=float, nargs="*")
    parser.add_argument("--patience", type=float, default=60)
    return parser.parse_args()


main()
