"""What patterns cost: on top of recording, for one more event of a large customer, and at a month's end."""

from __future__ import annotations

import random
import time
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from shared import tables
from shared.patterns import registry
from shared.projecting.built import mark
from shared.recording import record
from shared.rules import DEFAULTS
from shared.settling import settle
from shared.store.bulk import insert_rows
from shared.store.engine import Store
from tests import make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Json = dict[str, Any]
    Rate = Callable[[Path, Callable[[Path, int], tuple[int, float]], int], float]

AS_OF = datetime(2035, 1, 1, tzinfo=UTC)
FIRST, LAST = datetime(2020, 1, 1, 8, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC)
MONTH_END = datetime(2026, 7, 1, 6, tzinfo=UTC)
_DAY = timedelta(days=1)


def share_of_patterns(work: Callable[[], object], runs: int = 3) -> float:
    """How many times as long work takes with all order patterns as with none: the best of some runs."""
    with_all, without = [], []
    for _ in range(runs):
        with_all.append(_seconds(work))
        with _no_patterns():
            without.append(_seconds(work))
    return min(with_all) / min(without)


def _seconds(work: Callable[[], object]) -> float:
    """Of processor time."""
    start = time.process_time()
    work()
    return time.process_time() - start


@contextmanager
def _no_patterns() -> Iterator[None]:
    kept = dict(registry.patterns())
    registry.patterns().clear()
    try:
        yield
    finally:
        registry.patterns().update(kept)


def one_more_event(folder: Path, orders: int) -> tuple[float, float, float, float]:
    """Milliseconds to record one event of a customer with few orders and of one with many, and to judge it.

    To judge it where the order is the customer's last, and where it lies three years before the last.
    """
    store = Store.open(f"sqlite:///{folder}/large.db")
    told = _of_one_customer(orders)
    while batch := list(islice(told, 5000)):
        record(store, batch, as_of=AS_OF, rules=DEFAULTS)
    settle(store, as_of=AS_OF, rules=DEFAULTS)
    small = min(_milliseconds(store, "C-2", n) for n in range(20))
    large = min(_milliseconds(store, "C-1", n) for n in range(20))
    settling = partial(settle, store, as_of=AS_OF, rules=DEFAULTS)
    last = _seconds(settling)
    _milliseconds(store, "C-1", orders, FIRST + timedelta(hours=orders) - 1095 * _DAY)
    late = _seconds(settling)
    store.close()
    return small, large, 1000 * last, 1000 * late


def _of_one_customer(orders: int) -> Iterator[bytes]:
    for number in range(orders):
        day = FIRST + timedelta(hours=number)
        names = {"order_id": f"SO-{number}", "customer_id": "C-1"}
        due = (day + 3 * _DAY).date().isoformat()
        yield from make.raw(
            [
                make.placed(day.isoformat(), make.line(requested_on=due), **names),
                make.confirmed(due, (day + timedelta(hours=1)).isoformat(), **names),
                make.delivered(100, (day + 2 * _DAY).isoformat(), **names),
            ]
        )


def _milliseconds(store: Store, customer: str, number: int, at: datetime = LAST) -> float:
    names = {"order_id": f"SO-{customer}-{number}", "customer_id": customer}
    line = make.line(requested_on=(at + 3 * _DAY).date().isoformat())
    (raw,) = make.raw([make.placed(at.isoformat(), line, **names)])
    return 1000 * _seconds(partial(record, store, [raw], as_of=AS_OF, rules=DEFAULTS))


def month_end(folder: Path, lines: int) -> float:
    """Seconds of processor time for a month's end over so many lines of two years, 400 lines a customer."""
    store = Store.open(f"sqlite:///{folder}/month.db")
    dice = random.Random(1)
    with store.writing() as connection:
        for start in range(0, lines, 50_000):
            made = [_line(dice, number, lines) for number in range(start, min(lines, start + 50_000))]
            insert_rows(connection, tables.orders, [order for order, _ in made])
            insert_rows(connection, tables.order_lines, [line for _, line in made])
        due = {("customer", f"C-{n}") for n in range(max(1, lines // 400))}
        due |= {("product", f"P-{n}") for n in range(500)} | {("week", ""), ("quarter", "")}
        rows = [{"kind": kind, "name": name, "since": date(2026, 6, 1)} for kind, name in sorted(due)]
        connection.execute(insert(tables.agenda), rows)
        mark(connection, MONTH_END, DEFAULTS)
    took = _seconds(partial(settle, store, as_of=MONTH_END, rules=DEFAULTS))
    store.close()
    return took


def _line(dice: random.Random, number: int, lines: int) -> tuple[Json, Json]:
    """An order of one line, somewhere in the two years before; nine of ten on time."""
    placed = MONTH_END - timedelta(days=700 * dice.random() + 10)
    due, closed = placed.date() + 5 * _DAY, placed + timedelta(days=4 if dice.random() < 0.9 else 7)
    customer = f"C-{number % max(1, lines // 400)}"
    order = {
        "order_id": f"SO-{number}", "customer_id": customer, "root_id": customer, "kind": "normal",
        "placed_at": placed, "place_rank": f"SO-{number}", "closed_at": closed, "quarantined": None,
        "currency": "EUR", "counted": True, "filled_at": closed,
    }  # fmt: skip
    line: Json = {
        "order_id": f"SO-{number}", "line_id": "1", "customer_id": customer,
        "product_id": f"P-{number % 500}",
        "uom": "each", "counted": True, "ordered_qty": 10, "demand_qty": 10, "first_requested": due,
        "in_full": True, "excluded_adjusted": None, "closed_at": closed, "ended_at": closed,
        "ended_by": "filled", "documents_ok": None, "condition_ok": True, "value": 100, "slips": 0,
        "fence_changes": 0, "special": False, "loaded": False, "backordered": False,
        "enough_qty": 10, "first_shipped": None, "arrived": True,
    }  # fmt: skip
    for basis in ("requested", "first_commit", "last_commit"):
        line |= {f"{basis}_due": due, f"{basis}_verdict": "closed"}
        line |= {f"{basis}_on_time": closed.date() <= due, f"{basis}_overdue_at": None}
    return order, line
