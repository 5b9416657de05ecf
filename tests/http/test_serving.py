"""`tandem serve` as a process: what was answered 202 is there, whatever ends it."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest

from services.commands.app import run
from shared.recording import record
from shared.replaying import replay, rules_changed
from shared.rules import DEFAULTS, Rules
from shared.store.engine import Store
from tests import make
from tests.http.newsroom import BATCH, PATIENCE
from tests.http.serving import ROOT, Served, post
from tests.kafka.broker import free_port, running_broker
from tests.kafka.client import Sent, publish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SENDERS = 8


@pytest.fixture
def folder(empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(empty, tmp_path / "tandem.db")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def token(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert folder
    return created("erp", capsys)


def created(name: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["token", "create", name]) == 0
    return capsys.readouterr().out.strip()


def ids(folder: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{folder}/tandem.db?mode=ro", uri=True)) as connection:
        return sorted(name for (name,) in connection.execute("SELECT id FROM journal"))


class Senders:
    """Several at once who post one event after the other until nobody answers."""

    def __init__(self, process: Served, token: str) -> None:
        self.offered: list[str] = []
        self.answered: list[str] = []
        self._clients = [process.client(token) for _ in range(SENDERS)]
        self._threads = [threading.Thread(target=self._send, args=(number,)) for number in range(SENDERS)]
        for thread in self._threads:
            thread.start()

    def _send(self, number: int) -> None:
        with self._clients[number] as client:
            for count in range(10_000):
                name = f"{number}-{count}"
                self.offered.append(name)
                try:
                    answer = post(client, make.registered(f"C-{name}") | {"id": name})
                except httpx.TransportError:
                    return
                assert answer.json()["accepted"] == 1
                self.answered.append(name)

    def wait_for(self, count: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while len(self.answered) < count:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def end(self) -> None:
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()


def test_killed_under_its_senders_it_has_lost_nothing(folder: Path, token: str) -> None:
    with Served(folder) as process:
        senders = Senders(process, token)
        senders.wait_for(60)
        process.kill()
        senders.end()
    kept = ids(folder)
    assert len(kept) == len(set(kept))
    assert set(senders.answered) <= set(kept) <= set(senders.offered)

    with Served(folder) as process, process.client(token) as client:
        report = post(
            client, *(make.registered(f"C-{name}") | {"id": name} for name in senders.offered)
        ).json()
        assert report["duplicates"] == len(kept)
        assert report["accepted"] == len(senders.offered) - len(kept)
    assert ids(folder) == sorted(senders.offered)


def test_told_to_end_it_answers_what_was_begun(folder: Path, token: str) -> None:
    begun, go_on = threading.Event(), threading.Event()
    answers: list[httpx.Response] = []

    def body() -> Iterator[bytes]:
        yield b"["
        begun.set()
        assert go_on.wait(PATIENCE)
        yield make.raw([make.placed(name="late")])[0] + b"]"

    def send(process: Served) -> None:
        with process.client(token) as client:
            answers.append(client.post("/v1/events", content=body()))

    with Served(folder) as process:
        thread = threading.Thread(target=send, args=(process,))
        thread.start()
        assert begun.wait(PATIENCE)
        with process.client(token) as client:
            post(client, make.placed(name="before"))  # by now the other request is known, too
        process.ask_to_stop()
        process.ask_to_stop()
        while listens(process.url):
            time.sleep(0.01)
        go_on.set()
        thread.join(PATIENCE)
        assert (process.wait(), [answer.status_code for answer in answers]) == (0, [202])
    assert ids(folder) == ["before", "late"]
    assert "Traceback" not in process.log


def test_it_listens_at_once_and_judges_by_changed_rules_beside(folder: Path, token: str) -> None:
    """Killed in the middle of it, the next start goes on; all ends as a replay would have it."""
    with closing(Store.open(f"sqlite:///{folder}/tandem.db")) as store:
        for number in range(4):
            events = make.raw(make.win(f"SO-{number}"))
            record(store, events, as_of=datetime.now(UTC), rules=DEFAULTS)
    begun = [sys.executable, "-c", BROKEN_OFF, f"sqlite:///{folder}/tandem.db"]
    assert subprocess.run(begun, cwd=ROOT, check=False).returncode == KILLED
    assert (folder / "tandem.db.anew").exists()
    with Served(folder, TANDEM_LATE_TOLERANCE_DAYS="2") as process:
        with process.client(token) as client:
            assert post(client, *make.win("SO-9")).status_code == 202
        wait_for(lambda: "orders are judged by the rules of now" in process.log, process)
        assert process.stop() == 0
    assert not (folder / "tandem.db.anew").exists()
    with closing(Store.open(f"sqlite:///{folder}/tandem.db")) as store:
        rules = Rules(late_tolerance_days=2)
        assert not rules_changed(store, rules)
        done = replay(store, as_of=datetime.now(UTC), rules=rules)
    assert (done.orders, done.removed, done.written) == (5, 0, 0)


BROKEN_OFF = """
import os, sys
from datetime import UTC, datetime
from shared.replaying import judge_anew
from shared.rules import Rules
from shared.store.engine import Store
done = 0
def advance(orders):
    global done
    done += orders
    if done == 2:
        os.kill(os.getpid(), 9)
rules = Rules(late_tolerance_days=2)
judge_anew(Store.open(sys.argv[1]), clock=lambda: datetime.now(UTC), rules=rules, advance=advance, step=1)
"""
KILLED = -9


def listens(url: str) -> bool:
    host, _, port = url.removeprefix("http://").partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def test_beside_other_processes(folder: Path, token: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Tokens come and go while it serves; whoever else would record is told who does."""
    with Served(folder) as process, process.client(token) as client:
        assert post(client, make.placed(name="a")).status_code == 202
        other = created("other", capsys)
        assert run(["token", "revoke", "erp"]) == 0
        assert post(client, make.placed(name="b")).status_code == 401
        with process.client(other) as another:
            assert post(another, make.placed(name="c")).status_code == 202
        (folder / "more.jsonl").write_bytes(make.raw([make.confirmed()])[0])
        capsys.readouterr()
        for command in (["import", "more.jsonl"], ["serve", "--port", "0"]):
            assert run(command) == 1
            assert "The database is being written by process" in capsys.readouterr().err
        assert run(["orders", "show", "SO-1"]) == 0
        client.post("/v1/events", content=b"[", headers=BATCH)
        assert process.stop() == 0
    assert ids(folder) == ["a", "c"]
    assert token not in process.log
    assert other not in process.log


def test_kafka_and_http_into_one_database(folder: Path, token: str) -> None:
    with running_broker() as url, Served(folder, TANDEM_KAFKA_URL=url, TANDEM_KAFKA_PUBLISH="0") as process:
        told = [make.registered(f"C-{number}") | {"id": f"k{number}"} for number in range(20)]
        publish(url, [Sent("customers", raw) for raw in make.raw(told)])
        with process.client(token) as client:
            names = [f"h{number}" for number in range(20)]
            for name in names:
                assert post(client, make.registered(name) | {"id": name}).status_code == 202
            wait_for(lambda: client.get("/ready").json()["kafka"] == "ok", process)
            wait_for(lambda: len(ids(folder)) == 40, process)
            assert client.get("/ready").json() == {"status": "ok", "database": "ok", "kafka": "ok"}
        assert process.stop() == 0
        assert "Traceback" not in process.log


def test_without_its_kafka_it_goes_on(folder: Path, token: str) -> None:
    with (
        Served(folder, TANDEM_KAFKA_URL=f"127.0.0.1:{free_port()}") as process,
        process.client(token) as client,
    ):
        wait_for(lambda: "does not serve" in process.log, process)
        answer = client.get("/ready")
        assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
        assert answer.json()["kafka"].startswith("Kafka: ")
        assert post(client, make.placed(name="a")).status_code == 202
        assert process.stop() == 0
    assert ids(folder) == ["a"]


def wait_for(happened: Callable[[], bool], process: Served) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, process.log
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--host", "192.0.2.1"], "Cannot assign requested address"), (["--host", "::zz"], "not known")],
)
def test_where_it_cannot_listen(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert folder
    assert run(["serve", *arguments]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.endswith("; choose another address or port\n")


def test_a_port_that_is_taken(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert run(["serve", "--port", port]) == 2
    told = capsys.readouterr().err
    assert told == f"--host 127.0.0.1 --port {port}: Address already in use; choose another address or port\n"
