"""`make bench`: recording against its floors, and a newsletter of twelve stories.

    python -m tests.benchmarks [--events 20000]

Each figure is the median of three runs; compare the ratios, not the rates, between machines.
"""

from __future__ import annotations

import argparse
import gc
import resource
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import orjson

from services.simulator.trading import trading
from shared import tables
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store import journal
from shared.store.engine import Store
from tests.benchmarks.newsletter import newsletter_ms
from tests.benchmarks.patterns import month_end, one_more_event, share_of_patterns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

AS_OF = datetime(2035, 1, 1, tzinfo=UTC)
BATCHES = (1, 100, 1000, 5000)
RUNS = 3
SECRET = bytes(32)


def main() -> None:
    """Measure and print two tables."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks")
    parser.add_argument("--events", type=int, default=20_000, help="how many events to record")
    parser.add_argument("--batches", type=int, nargs="+", default=BATCHES, help="sizes of a batch")
    parser.add_argument("--orders", type=int, default=5_000, help="orders of the one large customer")
    parser.add_argument("--lines", type=int, default=100_000, help="order lines at the month's end")
    asked = parser.parse_args()
    gc.set_threshold(500_000, 20, 50)  # as the command line sets it
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.jsonl"
        write_events(file, asked.events)
        recording(file, asked.batches)
        costs(file, Path(folder), asked.orders, asked.lines)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nPeak memory of this process: {peak:.0f} MB")
    warm, first = newsletter_ms()
    print(f"A newsletter of 12 stories, composed and rendered: first {first:.0f} ms, then {warm:.1f} ms")


def write_events(file: Path, count: int) -> None:
    """Write simulated trading: thousands of orders open at once, about eight events each."""
    with file.open("wb") as lines:
        for event in islice(trading(1, max(2000, count // 6)), count):
            lines.write(orjson.dumps(event) + b"\n")


def recording(file: Path, batches: Sequence[int]) -> None:
    """Print events per second at each batch size, and their ratios to the floors."""
    decode = rate(file, decoding, 1000)
    print(f"Floor: decoding and validating alone {decode:,.0f} events/s\n")
    print("| batch | insert floor/s | record/s | of the insert floor | of the decode floor |")
    print("|---|---|---|---|---|")
    for size in batches:
        insert, whole = rate(file, inserting, size), rate(file, record_file, size)
        print(f"| {size} | {insert:,.0f} | {whole:,.0f} | {whole / insert:.2f} | {whole / decode:.2f} |")


def costs(file: Path, folder: Path, orders: int, lines: int) -> None:
    """Print what patterns cost."""
    share = share_of_patterns(lambda: record_file(file, 1000))
    print(f"\nRecording takes {share:.2f} times as long with all order patterns as with none")
    small, large, last, late = one_more_event(folder, orders)
    few, many = f"{small:.1f} ms of a small customer", f"{large:.1f} ms of one with {orders:,} orders"
    print(f"One more event: {few}, {many}")
    print(f"Judging that customer's months again: {last:,.0f} ms; from three years ago on: {late:,.0f} ms")
    print(f"A month's end over {lines:,} lines: {month_end(folder, lines):.1f} s")


def rate(file: Path, work: Callable[[Path, int], tuple[int, float]], size: int) -> float:
    """Events per second, the median of several runs."""
    return median(count / seconds for count, seconds in (work(file, size) for _ in range(RUNS)))


def decoding(file: Path, _size: int) -> tuple[int, float]:
    """The first floor: every line checked against the contract, nothing else."""
    start, count = time.perf_counter(), 0
    with file.open("rb") as lines:
        for line in lines:
            journal.read(line, SECRET, backfill=False)
            count += 1
    return count, time.perf_counter() - start


def inserting(file: Path, size: int) -> tuple[int, float]:
    """The second floor: the journal's rows into the journal's table, one transaction a batch."""
    with file.open("rb") as lines:
        rows = [_row(journal.read(line, SECRET, backfill=False)) for line in lines]
    rows = rows[: size * 2000]  # one event a transaction is slow: measure fewer
    with opened() as store:
        start = time.perf_counter()
        for at in range(0, len(rows), size):
            with store.writing() as connection:
                connection.execute(tables.journal.insert(), rows[at : at + size])
        return len(rows), time.perf_counter() - start


def _row(entry: journal.Entry) -> dict[str, Any]:
    event, corrects = entry.event, entry.event.data.corrects
    return {
        "source": event.source,
        "id": event.id,
        "type": event.type,
        "subject": event.data.subject,
        "time": event.time,
        "known_at": event.known_at,
        "corrects_source": corrects.source if corrects else None,
        "corrects_id": corrects.id if corrects else None,
        "digest": entry.known.digest,
        "body": entry.body,
    }


def record_file(file: Path, size: int) -> tuple[int, float]:
    """The whole: from the lines of a file to journal, histories, projections and wins."""
    with opened() as store, file.open("rb") as lines:
        start, count = time.perf_counter(), 0
        while count < size * 2000 and (batch := list(islice(lines, size))):
            record(store, batch, as_of=AS_OF, rules=DEFAULTS)
            count += len(batch)
        return count, time.perf_counter() - start


@contextmanager
def opened() -> Iterator[Store]:
    """Yield a new database on disk."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/bench.db")
        yield store
        store.close()


if __name__ == "__main__":
    main()
