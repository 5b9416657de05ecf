"""The relay between a real database and a real broker: at least once, in order of each key, nothing lost."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from services.detector.app import TOPICS as READ
from services.relay.app import Relay
from shared.events import emitted
from shared.recording import record
from shared.rules import DEFAULTS
from shared.settings import Settings
from shared.store import outbox
from shared.store.engine import Store
from shared.store.outbox import Record
from tests import databases, folded, make
from tests.kafka.broker import IDEMPOTENCE, MOST_BYTES, free_port, running_broker, tansu
from tests.kafka.client import Sent, publish, received
from tests.kafka.forwarding import forwarding
from tests.kafka.process import DetectorProcess
from tests.test_announcing import saved_order

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from datetime import datetime

Json = dict[str, Any]
NOW = make.instant("03-16")
KEYS = (b"A", b"B", b"C")
END_THE_SESSION = (
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
)
MANY = [Record("wins", KEYS[number % 3], b"%d" % number) for number in range(120)]


@pytest.fixture
def broker() -> Iterator[str]:
    with running_broker() as url:
        yield url


@pytest.fixture
def path(empty: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(empty, tmp_path / "tandem.db"))


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{path}")
    yield opened
    opened.close()


def put(store: Store, records: list[Record]) -> None:
    with store.writing() as connection:
        outbox.put(connection, records, NOW)


def left(store: Store) -> bool:
    with store.reading() as connection:
        return outbox.waiting(connection).number == 0


def put_and_close(path: Path, records: list[Record]) -> None:
    store = Store.open(f"sqlite:///{path}")
    put(store, records)
    store.close()


@asynccontextmanager
async def relaying(store: Store, url: str, now: Callable[[], datetime] = lambda: NOW) -> AsyncIterator[Relay]:
    settings = Settings(kafka_url=url, kafka_idempotence=IDEMPOTENCE)
    relay = Relay(settings, store, pace=0.05, clock=now)
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        relay.stop()
        await asyncio.wait_for(task, 30)


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not happened():  # noqa: ASYNC110 - it happens in other processes
            await asyncio.sleep(0.05)


def by_key(records: list[Any]) -> dict[bytes, list[bytes]]:
    """The values of each key in the order of their partition, each the first time only."""
    found: dict[bytes, list[bytes]] = defaultdict(list)
    for one in records:
        if one.value not in found[one.key]:
            found[one.key].append(one.value)
    return dict(found)


EXPECTED = by_key(MANY)


def is_whole(records: list[Any]) -> bool:
    """Whether all arrived, those of a key in their order; what comes again comes with what followed it."""
    return by_key(records) == EXPECTED


async def test_what_is_announced_arrives_in_order_with_its_key(store: Store, broker: str) -> None:
    record(store, make.raw(saved_order()), as_of=NOW, rules=DEFAULTS)
    async with relaying(store, broker):
        [detected] = await asyncio.to_thread(received, broker, "wins")
        complaint = make.feedback("complaint", make.at("03-15"))
        await asyncio.to_thread(record, store, make.raw([complaint]), as_of=NOW, rules=DEFAULTS)
        both = await asyncio.to_thread(received, broker, "wins", 2)
    assert (detected.key, both[1].key) == (b"SO-1", b"SO-1")
    assert detected.headers == (("content-type", b"application/cloudevents+json"),)
    assert folded.kinds(both) == ["win.detected", "win.revoked"]
    assert left(store)


async def test_time_alone_confirms(store: Store, broker: str) -> None:
    times = [NOW]
    record(store, make.raw(saved_order()), as_of=NOW, rules=DEFAULTS)
    async with relaying(store, broker, lambda: times[-1]):
        await asyncio.to_thread(received, broker, "wins")
        times.append(make.instant("06-01"))
        found = await asyncio.to_thread(received, broker, "wins", 2)
    assert folded.kinds(found) == ["win.detected", "win.confirmed"]


async def test_killed_before_it_removes_what_was_sent_it_sends_the_same_again(
    store: Store, broker: str, path: Path
) -> None:
    put(store, MANY)
    store.close()
    arguments = (broker, f"sqlite:///{path}", "before_outbox_removal")
    command = [sys.executable, "-W", "error", "-m", "tests.kafka.relaying", *arguments]
    assert (await asyncio.to_thread(subprocess.run, command, check=False, timeout=60)).returncode == 137
    assert is_whole(await asyncio.to_thread(received, broker, "wins", len(MANY)))
    assert not left(store)
    async with relaying(store, broker):
        await until(lambda: left(store))
    sent = await asyncio.to_thread(received, broker, "wins", len(MANY) + 1)
    assert is_whole(sent)


def path_left(path: Path) -> bool:
    store = Store.open(f"sqlite:///{path}")
    try:
        return left(store)
    finally:
        store.close()


@pytest.mark.skipif(IDEMPOTENCE, reason="only Tansu is started with a network in front of it")
async def test_it_waits_for_a_broker_that_is_away_and_one_that_comes_back(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    near, far = (f"127.0.0.1:{free_port()}" for _ in range(2))
    put(store, MANY[:60])
    with tansu(far, advertised=near):
        async with relaying(store, near):
            await until(lambda: "nothing is lost" in caplog.text)
            with forwarding(near, far):
                await until(lambda: left(store))
            put(store, MANY[60:])
            before = len(caplog.records)
            await until(lambda: len(caplog.records) > before)
            assert not left(store)
            with forwarding(near, far):
                await until(lambda: left(store))
                assert is_whole(await asyncio.to_thread(received, near, "wins", len(MANY)))


async def test_it_ends_when_told_though_there_is_no_broker(store: Store) -> None:
    put(store, MANY)
    async with relaying(store, f"127.0.0.1:{free_port()}"):
        await asyncio.sleep(0.3)
    assert not left(store)


def test_dead_letters_go_back_as_they_came_with_the_reason(broker: str, path: Path) -> None:
    headers = (("ce_id", b"\xff"), ("null", None), ("reply_to", b"wins"))
    junk = [Sent("orders", b"\x00junk", headers, b"\xfe"), Sent("customers", None)]
    sent = publish(broker, junk)
    with DetectorProcess(broker, "relay", path, kafka_publish=True) as detector:
        [order] = received(broker, "orders.dead")
        [customer] = received(broker, "customers.dead")
        detector.wait_until_read(sent)
        detector.wait_for(lambda: path_left(path))
        assert detector.stop() == 0, detector.log
    assert (order.key, order.value, order.headers[:3]) == (b"\xfe", b"\x00junk", headers)
    said = dict(order.headers[3:])
    assert (said["tandem_origin"], said["tandem_field"]) == (sent[0].origin.encode(), b"specversion")
    assert said["tandem_reason"]
    assert (customer.key, customer.value) == (b"C-1", None)


def test_nothing_that_tandem_writes_is_read() -> None:
    assert not {topic for topic in READ if topic in emitted.TOPICS or topic.endswith(outbox.DEAD)}
    assert {topic + outbox.DEAD for topic in READ}.isdisjoint(READ)


@pytest.mark.kafka
@pytest.mark.skipif(not os.environ.get("TANDEM_TEST_KAFKA_URL"), reason="Tansu takes records of any size")
async def test_what_kafka_refuses_is_named_and_holds_up_its_key_alone(
    store: Store, broker: str, caplog: pytest.LogCaptureFixture
) -> None:
    large = b"x" * 1_100_000
    assert len(large) > MOST_BYTES
    put(store, [Record("wins", b"A", large), Record("wins", b"A", b"2"), Record("wins", b"B", b"3")])
    put(store, [Record("editions", b"A", b"4")])
    refused = "MessageSizeTooLargeError, 1100000 bytes"
    for time in (1, 2):  # each start tries it again
        async with relaying(store, broker):
            await until(lambda: caplog.text.count(refused) == time)  # noqa: B023 - called at once
            assert [one.value for one in await asyncio.to_thread(received, broker, "wins")] == [b"3"]
            await asyncio.to_thread(received, broker, "editions")
        with store.reading() as connection:
            assert outbox.waiting(connection) == (2, NOW, (("wins", refused),))


@pytest.mark.skipif(not databases.POSTGRES, reason="TANDEM_TEST_POSTGRES_URL names no PostgreSQL")
async def test_of_two_on_postgresql_one_relays_and_the_other_takes_over(broker: str) -> None:
    url = databases.new_schema()
    stores = [Store.open(url) for _ in range(2)]
    async with relaying(stores[0], broker), relaying(stores[1], broker):
        put(stores[0], MANY[:60])
        await until(lambda: left(stores[0]))
        assert len(await asyncio.to_thread(received, broker, "wins", 60)) == 60
        with stores[1].reading() as connection:
            assert True in connection.scalars(text(END_THE_SESSION)).all()
        put(stores[1], MANY[60:])
        await until(lambda: left(stores[0]))
    assert is_whole(await asyncio.to_thread(received, broker, "wins", len(MANY)))
    for store in stores:
        store.close()


def test_announced_values_are_structured_events(store: Store) -> None:
    record(store, make.raw(saved_order()), as_of=NOW, rules=DEFAULTS)
    [sent] = folded.announced(store, NOW, DEFAULTS)
    event = emitted.MODELS["tandem.win.detected.v1"].model_validate_json(sent.value or b"")
    assert (event.source, event.data.about) == (emitted.SOURCE, "order/SO-1")
