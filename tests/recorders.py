"""Processes that record into one database at the same time."""

from __future__ import annotations

import multiprocessing
import random
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.recording import record
from shared.store.engine import Store
from tests.databases import SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from shared.rules import Rules


class Work(NamedTuple):
    """What one process records: some batches, each as of about the instant that its turn has come to."""

    url: str
    raws: Sequence[bytes]
    sizes: Sequence[int]
    instants: Sequence[datetime]
    rules: Rules
    seed: int


@contextmanager
def processes(count: int) -> Iterator[ProcessPoolExecutor]:
    """Yield that many processes, all of them started."""
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_wake, range(count * 4)))
        yield pool


def together(pool: ProcessPoolExecutor, works: Sequence[Work]) -> list[int]:
    """Have each process do its work, all at once; return how many events each recorded first."""
    return list(pool.map(_record, works))


def _record(work: Work) -> int:
    dice, store, accepted = random.Random(work.seed), _store(work.url), 0
    told = list(work.raws)
    store.forget()  # the database was emptied since
    while told:
        size = dice.choice(work.sizes)
        batch, told = told[:size], told[size:]
        at = len(work.instants) * (1 - len(told) / len(work.raws)) + dice.uniform(-2, 1)
        as_of = work.instants[min(max(int(at), 0), len(work.instants) - 1)]
        report = record(store, batch, as_of=as_of, rules=work.rules)
        assert not report.conflicts
        accepted += report.accepted
    return accepted


@cache
def _store(url: str) -> Store:
    store = Store.open(url)
    store.secret = SECRET
    return store


def _wake(_: int) -> Any:
    return multiprocessing.current_process().pid
