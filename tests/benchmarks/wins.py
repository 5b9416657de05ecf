"""Wins over many orders recorded in batches: `python -m tests.benchmarks.wins --orders 1000000`.

Two years of orders of one line, 400 of each customer, thousands of them open at once. One in ten comes late,
one in fifty meets a roadblock that both sides clear.
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import tempfile
import time
from collections import Counter, deque
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from shared import tables
from shared.recording import record
from shared.rules import DEFAULTS
from shared.settling import settle
from shared.store.engine import Store
from tests import make

if TYPE_CHECKING:
    from collections.abc import Iterator

    Json = dict[str, Any]

FIRST, YEARS = datetime(2024, 1, 1, tzinfo=UTC), timedelta(days=730)
AS_OF = FIRST + YEARS + timedelta(days=60)
BATCH, SHOWN = 5_000, 300_000
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_OPEN = 2 * _DAY


def main() -> None:
    """Print what recording takes as the journal grows, what judging all months takes, and the wins."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.wins")
    parser.add_argument("--orders", type=int, default=20_000)
    orders = parser.parse_args().orders
    gc.set_threshold(500_000, 20, 50)  # as the command line sets it
    with tempfile.TemporaryDirectory() as folder, closing(Store.open(f"sqlite:///{folder}/wins.db")) as store:
        recorded(store, orders)
        began = time.process_time()
        judged = settle(store, as_of=AS_OF, rules=DEFAULTS)
        print(f"judged {judged:,} subjects in {time.process_time() - began:.1f} s of processor time")
        print(
            dict(wins(store)), f"{Path(f'{folder}/wins.db').stat().st_size / 1e9:.1f} GB, {_megabytes()} MB"
        )


def recorded(store: Store, orders: int) -> None:
    """Record everything, and print processor time of every half a million events."""
    raws = chain.from_iterable(make.raw([event]) for event in trade(orders))
    count, spent = 0, 0.0
    while batch := list(islice(raws, BATCH)):
        began = time.process_time()
        record(store, batch, as_of=AS_OF, rules=DEFAULTS)
        spent += time.process_time() - began
        count += len(batch)
        if count % SHOWN == 0 or len(batch) < BATCH:
            each = spent / (count % SHOWN or SHOWN) * 1e6
            print(f"{count:,} events: {each:.0f} µs an event, {_megabytes()} MB", flush=True)
            spent = 0.0


def trade(orders: int) -> Iterator[Json]:
    """The events by time: each hour some orders are placed, and those of two days ago come."""
    dice = random.Random(1)
    waiting: deque[tuple[datetime, list[Json]]] = deque()
    for number in range(orders):
        at = FIRST + YEARS * number / orders
        while waiting and waiting[0][0] <= at:
            yield from waiting.popleft()[1]
        placed, later = _order(dice, number, at, max(1, orders // 400))
        yield from placed
        waiting.append((at + _OPEN, later))
    for _, later in waiting:
        yield from later


def _order(dice: random.Random, number: int, at: datetime, customers: int) -> tuple[list[Json], list[Json]]:
    names = {"order_id": f"SO-{number}", "customer_id": f"C-{number % customers}"}
    due = (at + 3 * _DAY).date().isoformat()
    came = at + (5 * _DAY if dice.random() < 0.1 else _OPEN)
    line = make.line(product_id=f"P-{number % 500}", requested_on=due, unit_price="10.00")
    placed = [
        make.placed(at.isoformat(), line, actor=make.SALES, **names),
        make.confirmed(due, (at + _HOUR).isoformat(), **names),
    ]
    later = [make.delivered(100, came.isoformat(), part={"documents_ok": True}, **names)]
    if number % 50 == 0:
        placed.append(make.raised((at + 2 * _HOUR).isoformat(), roadblock=f"R-{number}", **names))
        later.insert(0, make.resolved((at + _DAY).isoformat(), roadblock=f"R-{number}", **names))
    return placed, later


def wins(store: Store) -> Counter[str]:
    """How many wins of each pattern."""
    with store.reading() as connection:
        return Counter(connection.scalars(select(tables.wins.c.pattern)))


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
