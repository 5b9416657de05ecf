"""`make bench-kafka`: from topics full of events to effects that are committed.

    python -m tests.benchmarks.streaming [--events 30000] [--partitions 1 6] [--only NAME ...]

Needs uv for the peers that are no dependency of Tandem. PostgreSQL is measured where
TANDEM_TEST_POSTGRES_URL names a database, Apache Kafka where TANDEM_TEST_KAFKA_URL does; Tansu otherwise.
Rates count from the first tenth on, so that starting and joining a group is not in them. Compare the
ratios of one run, not the rates between machines.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from aiokafka import AIOKafkaConsumer
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from shared import tables
from shared.store import journal
from shared.store.bulk import insert_stored
from shared.store.engine import Store
from tests.benchmarks.streaming.load import TOPICS, events, fill
from tests.kafka.broker import free_port, tansu

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PEERS = "tests.benchmarks.streaming.peers"
PATIENCE = 300
FLOOR_BATCH = 2000
ONE_BY_ONE_EVENTS = 3000


def main() -> None:
    """Measure and print one table for each number of partitions."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.streaming")
    parser.add_argument("--events", type=int, default=30_000, help="how many events to read")
    parser.add_argument("--partitions", type=int, nargs="+", default=[1, 6], help="of each topic")
    parser.add_argument("--only", nargs="+", help="parts of the names of what to measure")
    asked = parser.parse_args()
    records = events(asked.events)
    databases = ["SQLite", *(["PostgreSQL"] if os.environ.get("TANDEM_TEST_POSTGRES_URL") else [])]
    for partitions in asked.partitions:
        print(f"\n{asked.events:,} events, {partitions} partition(s) a topic\n")
        print("| | events/s | of the fair baseline |\n|---|---|---|", flush=True)
        baseline: dict[str, float] = {}
        for name, database, measure in variants(databases):
            if asked.only and not any(part in f"{name} {database}" for part in asked.only):
                continue
            few = ONE_BY_ONE_EVENTS if "one by one" in name else None
            rate = measure(records[:few], partitions, database)
            if name.startswith("Fair"):
                baseline[database] = rate
            fair = baseline.get(database or "SQLite")
            ratio = f"{rate / fair:.2f}" if fair else ""
            print(f"| {name}{f', {database}' if database else ''} | {rate:,.0f} | {ratio} |", flush=True)


def variants(databases: list[str]) -> Iterator[tuple[str, str, Any]]:
    """What is measured, in this order: name, database and how."""
    for database in databases:
        yield "Fair baseline: FastStream, batches of models, trivial state", database, peer("batches")
    yield "Floor: aiokafka getmany and a JSON decode", "", reading
    for database in databases:
        yield "Floor: the journal's rows alone", database, inserting
    for database in databases:
        yield "FastStream one by one, a commit each", database, peer("one_by_one")
    yield "quixstreams with its state", "", peer("quix", "quixstreams>=3.28")
    yield "faust-streaming, state in memory", "", peer("faust_agents", "faust-streaming>=0.15")
    for database in databases:
        yield "Tandem, one process", database, tandem(1)
    if "PostgreSQL" in databases:
        yield "Tandem, two processes", "PostgreSQL", tandem(2)


@contextmanager
def loaded(records: list[tuple[str, bytes, bytes]], partitions: int) -> Iterator[str]:
    """Yield the address of a broker whose topics hold the records."""
    with tansu(f"127.0.0.1:{free_port()}") as url:
        fill(url, records, partitions)
        yield url


@contextmanager
def empty(database: str) -> Iterator[str]:
    """Yield the URL of a database without tables."""
    if database != "PostgreSQL":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/bench.db"
        return
    server = make_url(os.environ["TANDEM_TEST_POSTGRES_URL"])
    name = f"bench_{os.getpid()}_{time.monotonic_ns()}"
    engine = create_engine(server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def peer(script: str, *requirements: str) -> Any:
    """Measure a peer by what it has committed, or by the progress it notes where it keeps its own state."""

    def measure(records: list[tuple[str, bytes, bytes]], partitions: int, database: str) -> float:
        with (
            loaded(records, partitions) as kafka,
            empty(database) as url,
            tempfile.TemporaryDirectory() as scratch,
        ):
            progress = Path(scratch) / "progress"
            work = {
                "KAFKA_URL": kafka,
                "DATABASE": url,
                "PROGRESS": str(progress),
                "SCRATCH": scratch,
                "PARTITIONS": str(partitions),
            }
            command = [sys.executable, "-m", f"{PEERS}.{script}"]
            done = counted(url, "seen")
            if requirements:
                uv = shutil.which("uv") or ".uv/bin/uv"
                extra = [f"--with={name}" for name in requirements]
                file = Path(__file__).parent / "peers" / f"{script}.py"
                command = [uv, "run", "--no-project", "--quiet", *extra, "python", str(file)]
                command += ["worker", "-l", "warn"] if script.startswith("faust") else []
                done = lambda: int(progress.read_text() or 0) if progress.exists() else 0  # noqa: E731
            return observed([command], work, done, len(records))

    return measure


def tandem(processes: int) -> Any:
    """Measure `tandem detect`, as it is run."""

    def measure(records: list[tuple[str, bytes, bytes]], partitions: int, database: str) -> float:
        with loaded(records, partitions) as kafka, empty(database) as url:
            Store.open(url).close()
            work = {"TANDEM_KAFKA_URL": kafka, "TANDEM_DATABASE_URL": url, "TANDEM_KAFKA_PUBLISH": "false"}
            command = [str(Path(sys.executable).parent / "tandem"), "detect"]
            return observed([command] * processes, work, counted(url, "journal"), len(records))

    return measure


def counted(url: str, table: str) -> Callable[[], int]:
    """How many rows a table has; 0 before it exists."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg") if url.startswith("p") else url)

    def count() -> int:
        try:
            with engine.connect() as connection:
                return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)
        except DBAPIError:
            return 0

    return count


def observed(commands: list[list[str]], work: dict[str, str], done: Callable[[], int], count: int) -> float:
    """Events per second from the first tenth to the last event, seen from outside."""
    with tempfile.TemporaryFile() as log:
        running = [
            subprocess.Popen(
                command, env={**os.environ, **work}, stdout=log, stderr=log, start_new_session=True
            )
            for command in commands
        ]
        try:
            return _rate(done, count, running)
        except TimeoutError:
            log.seek(0)
            sys.stderr.write(log.read().decode(errors="replace")[-2000:])
            return float("nan")
        finally:
            for process in running:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _rate(done: Callable[[], int], count: int, running: list[subprocess.Popen[bytes]]) -> float:
    began, first = None, 0
    last = count - count % 500  # some note their progress every 500 events only
    deadline = time.monotonic() + PATIENCE
    while (seen := done()) < last:
        if began is None and seen >= count // 10:
            began, first = time.perf_counter(), seen
        if time.monotonic() > deadline or any(process.poll() is not None for process in running):
            raise TimeoutError
        time.sleep(0.02)
    return (seen - first) / (time.perf_counter() - began) if began else float("nan")


def reading(records: list[tuple[str, bytes, bytes]], partitions: int, _database: str) -> float:
    """The first floor: every record fetched and decoded, nothing kept."""

    async def read(url: str) -> float:
        consumer = AIOKafkaConsumer(*TOPICS, bootstrap_servers=url, auto_offset_reset="earliest")
        await consumer.start()
        count, began = 0, 0.0
        while count < len(records):
            batches = await consumer.getmany(timeout_ms=1000, max_records=500)
            began = began or time.perf_counter()
            for batch in batches.values():
                for record in batch:
                    orjson.loads(record.value)
                    count += 1
        await consumer.stop()
        return count / (time.perf_counter() - began)

    with loaded(records, partitions) as url:
        return asyncio.run(read(url))


def inserting(records: list[tuple[str, bytes, bytes]], _partitions: int, database: str) -> float:
    """The second floor: the rows of the journal into its table, a transaction for each 2,000."""
    rows = [journal.row(journal.read(value, bytes(32), backfill=False)) for _, _, value in records]
    with empty(database) as url:
        store = Store.open(url)
        began = time.perf_counter()
        for at in range(0, len(rows), FLOOR_BATCH):
            with store.writing() as connection:
                insert_stored(connection, tables.journal, rows[at : at + FLOOR_BATCH])
        taken = time.perf_counter() - began
        store.close()
    return len(rows) / taken


if __name__ == "__main__":
    main()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\nPeak memory of a process: {peak:.0f} MB")
