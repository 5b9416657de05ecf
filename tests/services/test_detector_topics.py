"""Topics that vanish, shrink or are made anew under a detector, and records larger than a fetch."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete

from tests.kafka.broker import PARTITIONS, running_broker
from tests.kafka.client import Sent, publish, unread
from tests.kafka.process import DetectorProcess
from tests.services.test_detector import event, in_structured_mode, missing, names

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path


pytestmark = [
    pytest.mark.kafka,
    pytest.mark.skipif(not os.environ.get("TANDEM_TEST_KAFKA_URL"), reason="Tansu forgets otherwise"),
]


@pytest.fixture
def broker() -> Iterator[str]:
    with running_broker() as url:
        yield url


@pytest.fixture
def group() -> str:
    return f"tests-{uuid4()}"


def customers(*numbers: int) -> list[Sent]:
    return [in_structured_mode("customers", customer(number)) for number in numbers]


def customer(number: int) -> dict[str, Any]:
    data = {"customer_id": f"C-{number}", "name": "Alba"}
    return event(number, "customer.registered", "2026-01-05", data)


def administer(url: str, what: Callable[[AIOKafkaAdminClient], Awaitable[object]]) -> None:
    async def run() -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=url)
        await admin.start()
        try:
            await what(admin)
        finally:
            await admin.close()

    asyncio.run(run())


async def make_anew(admin: AIOKafkaAdminClient) -> None:
    await admin.delete_topics(["customers"])
    async with asyncio.timeout(30):
        while True:
            answer = await admin.create_topics([NewTopic("customers", PARTITIONS, 1)])
            if not answer.topic_errors[0][1]:
                return
            if "customers" in await admin.list_topics():
                return


def supervised(url: str, group: str, database: Path, published: list[Sent]) -> list[int]:
    """Run detectors, one after the other, until all is read; return how those before the last one ended."""
    ends: list[int] = []
    while True:
        with DetectorProcess(url, group, database, kafka_patience_seconds=5) as detector:
            detector.wait_for(lambda: not detector.running or "assigned to" in detector.log)
            detector.wait_for(lambda: not detector.running or unread(url, group, published) == 0)
            if detector.running:
                assert detector.stop() == 0
                return ends
            ends.append(detector.wait_for_end())
            assert "Traceback" not in detector.log


def test_what_stands_in_a_topic_made_anew_is_read_from_its_start(
    broker: str, group: str, tmp_path: Path
) -> None:
    database = tmp_path / "tandem.db"
    with DetectorProcess(broker, group, database, kafka_patience_seconds=5) as detector:
        detector.wait_until_read(publish(broker, customers(*range(8))))
        administer(broker, make_anew)
        again = publish(broker, customers(0, 8, 9))
        detector.wait_for(lambda: not detector.running or len(names(database)) == 10)
    supervised(broker, group, database, again)
    assert len(names(database)) == 10


def test_a_topic_deleted_under_a_batch_that_waits_costs_nothing(
    broker: str, group: str, tmp_path: Path
) -> None:
    """Kafka takes no commit for it any more; the batch is recorded, and so is what the new topic holds."""
    database = tmp_path / "tandem.db"
    with DetectorProcess(broker, group, database, kafka_patience_seconds=5) as detector:
        detector.wait_until_read(publish(broker, customers(0)))
        with missing(database):
            publish(broker, customers(1, 2))
            detector.wait_for(lambda: "trying again" in detector.log)
            administer(broker, make_anew)
        detector.wait_for(lambda: not detector.running or len(names(database)) == 3)
        again = publish(broker, customers(2, 3))
        detector.wait_for(lambda: not detector.running or len(names(database)) == 4)
    supervised(broker, group, database, again)
    assert names(database) == ["e-0", "e-1", "e-2", "e-3"]


def test_records_that_kafka_no_longer_has_do_not_stop_the_others(
    broker: str, group: str, tmp_path: Path
) -> None:
    """The offset of the group is out of range: it goes on with the oldest record, not with the next one."""
    database = tmp_path / "tandem.db"
    with DetectorProcess(broker, group, database) as detector:
        detector.wait_until_read(publish(broker, customers(0)))
        assert detector.stop() == 0
    published = publish(broker, customers(1, 2, 3))
    oldest = {TopicPartition("customers", 0): RecordsToDelete(before_offset=2)}
    administer(broker, lambda admin: admin.delete_records(oldest))
    supervised(broker, group, database, published)
    assert names(database) == ["e-0", "e-2", "e-3"]


def test_a_group_that_kafka_has_forgotten_starts_over_and_doubles_nothing(
    broker: str, group: str, tmp_path: Path
) -> None:
    database = tmp_path / "tandem.db"
    published = publish(broker, customers(0, 1, 2))
    for each in (group, f"{group}-anew"):
        supervised(broker, each, database, published)
    assert names(database) == ["e-0", "e-1", "e-2"]


def test_a_record_larger_than_a_fetch_is_read_and_put_aside(broker: str, group: str, tmp_path: Path) -> None:
    database = tmp_path / "tandem.db"
    published = publish(broker, [Sent("customers", b"x" * 10_000_000), *customers(0)])
    supervised(broker, group, database, published)
    assert names(database) == ["e-0"]
