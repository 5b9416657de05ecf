"""`make up-local` as its user meets it: events into Kafka, wins out of the command line, and all gone."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from services.simulator.trading import trading
from shared.events.catalogue import PAYLOADS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [
    pytest.mark.local,
    pytest.mark.skipif("TANDEM_TEST_UP_LOCAL" not in os.environ, reason="TANDEM_TEST_UP_LOCAL is not set"),
]

ROOT = Path(__file__).parents[2]
TANDEM = Path(sys.executable).with_name("tandem")
LATER = ("--as-of", "2035-01-01T00:00:00Z")
PATIENCE = 900
"""Seconds: the first start may have to fetch servers."""


class Up:
    """`make up-local`, in the folder and on the ports of a test."""

    def __init__(self, folder: Path) -> None:
        ports = {f"LOCAL_{name}_PORT": "0" for name in ("POSTGRES", "KAFKA", "HTTP", "SMTP", "MAIL")}
        known = {name: value for name, value in os.environ.items() if not name.startswith("TANDEM_")}
        self.environment = {**known, **ports, "LOCAL_FOLDER": str(folder)}
        self.process = subprocess.Popen(
            [sys.executable, ".ci/up_local.py"],
            cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.said = ""

    def wait_until_said(self, text: str) -> str:
        for line in self.process.stdout or ():
            self.said += line
            if text in line:
                return self.said
        raise AssertionError(f"it ended without saying {text!r}:\n{self.said}")

    @property
    def settings(self) -> dict[str, str]:
        """As it says to export them."""
        return dict(re.findall(r"export (\S+)=(\S+)", self.said))

    def tandem(self, *arguments: str) -> Any:
        done = subprocess.run(
            [TANDEM, *arguments, "--json"],
            env={**self.environment, **self.settings}, check=False, capture_output=True,
        )  # fmt: skip
        assert done.returncode in {0, 1}, done.stderr
        return orjson.loads(done.stdout)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=PATIENCE)
        self.said += rest
        return self.process.returncode


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own, which only its user may enter: as root, PostgreSQL runs as somebody else."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o711)
        yield Path(made)


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Up]]:
    started: list[Up] = []

    def call() -> Up:
        started.append(Up(folder / "local"))
        return started[-1]

    yield call
    for up in started:
        if up.process.poll() is None:
            up.stop()


def publish(url: str, events: list[dict[str, Any]]) -> None:
    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=url, acks="all") as producer:
            for event in events:
                topic, data = PAYLOADS[event["type"]].TOPIC or "orders", event["data"]
                key = data.get("customer_id") or data.get("product_id") or ""
                await producer.send(topic, orjson.dumps(event), key=key.encode())

    asyncio.run(send())


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not what():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(1)


def test_events_into_kafka_wins_out_of_the_command_line(start: Callable[..., Up], folder: Path) -> None:
    events = list(trading(1, 300))
    up = start()
    up.wait_until_said("Ctrl-C stops all of it")
    publish(up.settings["TANDEM_KAFKA_URL"], events)
    wait_for(lambda: sum(source["events"] for source in up.tandem("sources", *LATER)) == len(events))
    wins = up.tandem("wins", *LATER)
    assert {win["kind"] for win in wins} >= {"joint"}
    assert up.tandem("topics")[0]["partitions"] == 6
    assert up.tandem("replay", *LATER)["events"] == len(events)
    assert up.tandem("wins", *LATER) == wins
    (http,) = re.findall(r"HTTP +(http://[0-9.:]+)", up.said)
    with urlopen(f"{http}/ready") as answer:
        assert orjson.loads(answer.read())["database"] == "ok"

    again = start()
    again.wait_until_said("make up-local runs already")
    again.process.communicate(timeout=PATIENCE)
    assert again.process.returncode == 1
    assert up.stop() == 0
    assert "Stopped." in up.said
    assert not [line for line in running() if str(folder) in line], "nothing stays behind"

    up = start()
    up.wait_until_said("Ctrl-C stops all of it")
    assert up.tandem("wins", *LATER) == wins, "the data stayed"
    assert up.stop() == 0


def running() -> list[str]:
    return subprocess.run(
        ["ps", "-eo", "args"], check=True, capture_output=True, text=True
    ).stdout.splitlines()
