"""The command as a process of its own: killed, interrupted, and read by someone who leaves."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from services.commands.app import run
from services.commands.context import UsageError, writing
from shared import tables
from tests import make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.commands.conftest import Tandem

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from services.cli import main; main()"]
LATER = ("--as-of", "2026-12-31T00:00:00Z")
ORDERS = 1200
"""Five events each: three batches."""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    running: list[subprocess.Popen[str]] = []

    def call(*arguments: str | Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield call
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("many") / "many.jsonl"
    told = [event for n in range(ORDERS) for event in make.win(f"SO-{n}", f"C-{n % 100}")]
    path.write_bytes(b"\n".join(make.raw(told)) + b"\n")
    return path


@pytest.fixture(scope="module")
def undisturbed(empty: Path, many: Path) -> Path:
    """A database into which they were imported, to be copied."""
    database = Path(shutil.copy(empty, many.with_name("undisturbed.db")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANDEM_DATABASE_URL", f"sqlite:///{database}")
        assert run(["import", str(many), *LATER]) == 0
    return database


def wait_for_a_batch(database: Path, process: subprocess.Popen[str]) -> None:
    """Until the first batch is in, which is some batches before the last."""
    while process.poll() is None:
        try:
            with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
                if connection.execute("SELECT 1 FROM journal LIMIT 1").fetchone():
                    return
        except sqlite3.OperationalError:
            pass  # not made yet
        time.sleep(0.01)


def dump(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All that the events decide."""
    names = [table.name for table in tables.PROJECTIONS]
    with closing(sqlite3.connect(database)) as connection:
        found = {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}
        found["journal"] = sorted(connection.execute("SELECT source, id, body FROM journal"))
    return found


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_an_import_that_was_ended_goes_on_as_if_nothing_had_happened(
    tandem: Tandem,
    start: Callable[..., Any],
    many: Path,
    undisturbed: Path,
    tmp_path: Path,
    how: signal.Signals,
) -> None:
    database = tmp_path / "tandem.db"
    process = start("import", many, *LATER)
    wait_for_a_batch(database, process)
    process.send_signal(how)
    out, err = process.communicate()
    if how == signal.SIGINT:
        told = "Stopped. What was committed stays; run the same command again to go on.\n"
        assert (process.returncode, out, err) == (130, "", told)
    else:
        assert (process.returncode, out, err) == (-signal.SIGKILL, "", "")

    report = tandem("import", many, *LATER, "--json").json
    assert report["duplicates"] > 0
    assert report["accepted"] + report["duplicates"] == report["read"] == 5 * ORDERS
    assert dump(database) == dump(undisturbed)


def test_interrupted_while_loading(start: Callable[..., Any]) -> None:
    process = start("wins")
    maps = Path(f"/proc/{process.pid}/maps")
    while process.poll() is None and "pydantic_core" not in maps.read_text():
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert "Traceback" not in err


def test_a_reader_who_leaves(start: Callable[..., Any], undisturbed: Path, tmp_path: Path) -> None:
    shutil.copy(undisturbed, tmp_path / "tandem.db")
    process = start("wins", *LATER)
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait() in {0, 1}


def test_the_detector_waits_for_kafka_and_ends_when_told(
    start: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as nobody:  # bound and not listening: the port refuses
        nobody.bind(("127.0.0.1", 0))
        monkeypatch.setenv("TANDEM_KAFKA_URL", f"127.0.0.1:{nobody.getsockname()[1]}")
        process = start("detect")
        told = next(line for line in process.stderr if "does not serve" in line)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate()
    assert "check the broker and TANDEM_KAFKA_URL" in told
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in err


def test_answers_go_to_stdout_and_everything_else_to_stderr(
    start: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "bad.jsonl").write_text("{}\n")
    out, err = start("import", "bad.jsonl").communicate()
    assert out == "1 read: 0 accepted, 0 duplicates, 0 conflicts, 1 rejected.\n"
    assert err.startswith("bad.jsonl:1: ")


def test_a_reader_who_leaves_is_no_fault_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(BrokenPipeError), writing(tmp_path / "out"):
        raise BrokenPipeError
    with pytest.raises(UsageError, match="name a folder"), writing(tmp_path / "out"):
        raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_replay_that_was_ended_changed_nothing(
    tandem: Tandem, start: Callable[..., Any], undisturbed: Path, tmp_path: Path, how: signal.Signals
) -> None:
    database, lock = tmp_path / "tandem.db", tmp_path / "tandem.db.lock"
    shutil.copy(undisturbed, database)
    stood = dump(database)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM wins")
        connection.execute("UPDATE order_lines SET in_full = NOT in_full")
    damaged = dump(database)
    process = start("replay", *LATER)
    while process.poll() is None and not (lock.exists() and "replay" in lock.read_text()):
        time.sleep(0.01)
    assert dump(database) == damaged, "readers see what stood"
    process.send_signal(how)
    process.communicate()
    assert process.returncode == (130 if how == signal.SIGINT else -signal.SIGKILL)
    assert dump(database) == damaged
    assert tandem("replay", *LATER, "--json").json["orders"] == ORDERS
    assert dump(database) == stood
