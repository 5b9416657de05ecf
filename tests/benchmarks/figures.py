"""A month of figures over many order lines: `python -m tests.benchmarks.figures --lines 1000000`.

The base is simulated trading of two years that went through `record`; the rest are copies of its rows under
other order numbers, so that every value must stay what it was, and every count be so many times as large.
That is checked before anything is measured. For PostgreSQL:

    .ci/postgres bash -c 'python -m tests.benchmarks.figures --url "$TANDEM_TEST_POSTGRES_URL"'
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, func, select, text, type_coerce, update

from services.simulator.trading import trading
from shared import tables
from shared.kpis.asked import DIMENSIONS, Asked
from shared.kpis.registry import kpis
from shared.measuring import count, measure
from shared.periods import Period
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store.engine import Store
from tests import make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Table

    Json = dict[str, Any]

AS_OF = datetime(2035, 1, 1, tzinfo=UTC)
MONTH = Period.month(2024, 5)
RUNS = 3
_WORKDAYS = 500
_TOGETHER = 20
_SUMS = [column for table in tables.TOTALS for column in table.c if not column.primary_key]
_COPIED = [table for table in tables.PROJECTIONS if "order_id" in table.c and table is not tables.drafts]


def main() -> None:
    """Load, check, measure and print."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.figures")
    parser.add_argument("--lines", type=int, default=1_000_000, help="order lines to measure over")
    parser.add_argument("--base", type=int, default=100_000, help="of them recorded, the rest copied")
    parser.add_argument("--url", help="of an empty database; default: SQLite in a temporary folder")
    asked = parser.parse_args()
    gc.set_threshold(500_000, 20, 50)  # as the command line sets it
    with tempfile.TemporaryDirectory() as folder:
        url = asked.url or f"sqlite:///{folder}/figures.db"
        with closing(Store.open(url)) as store:
            load(store, asked.lines, asked.base)
            report(store)
            if not asked.url:
                print(f"The database takes {(Path(folder) / 'figures.db').stat().st_size / 1e9:.1f} GB")


def load(store: Store, lines: int, base: int) -> None:
    """Fill an empty database with so many order lines; raises AssertionError where figures differ."""
    began = time.perf_counter()
    told = events(base)
    while batch := list(islice(told, 5000)):
        record(store, make.raw(batch), as_of=AS_OF, rules=DEFAULTS)
    recorded = time.perf_counter()
    before = figures(store)
    times = max(1, round(lines / _lines(store)))
    _copy(store, times)
    print(f"{_lines(store):,} order lines: {times} times those of a base", end="")
    print(f" recorded in {recorded - began:,.0f} s; copied in {time.perf_counter() - recorded:,.0f} s")
    check(before, figures(store), times)


def events(lines: int) -> Iterator[Json]:
    """Two years of trading, about two lines an order, with a forecast of each product for each month."""
    orders = lines // 2
    stream = trading(1, orders, max(1, orders // _WORKDAYS))
    first = list(islice(stream, 1000))
    known = "tandem.product.registered.v1"
    products = [event["data"]["product_id"] for event in first if event["type"] == known]
    months = [MONTH.back(back) for back in range(24)]
    return chain(first, (_forecast(name, month) for name in products for month in months), stream)


def _forecast(product_id: str, month: Period) -> Json:
    data = {
        "version_id": "V",
        "step": "consensus",
        "product_id": product_id,
        "period": month.name,
        "qty": 500,
    }
    return make.event("forecast.published", f"{month.back(2).start}T08:00:00Z", data, source="planning")


def _lines(store: Store) -> int:
    with store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(tables.order_lines)) or 0


def _copy(store: Store, times: int) -> None:
    """Have every order so many times, each copy under a number of its own, and sums as much larger."""
    indexes = [index for table in _COPIED for index in sorted(table.indexes, key=lambda one: str(one.name))]
    with store.writing(alone=True) as connection:
        for table in _COPIED:
            connection.execute(text(f"CREATE TABLE base_{table.name} AS SELECT * FROM {table.name}"))
        for index in indexes:  # made once at the end, which is many times as fast
            index.drop(connection)
        for column in (tables.plans.c.qty, *_SUMS):
            larger = type_coerce(type_coerce(column, BigInteger) * times, column.type)
            connection.execute(update(column.table).values({column.name: larger}))
    for first in range(1, times, _TOGETHER):
        with store.writing(alone=True) as connection:
            for number in range(first, min(times, first + _TOGETHER)):
                for table in _COPIED:
                    _copy_rows(connection, table, f"{number:05}~")
    with store.writing(alone=True) as connection:
        for index in indexes:
            index.create(connection)
        for table in _COPIED:
            connection.execute(text(f"DROP TABLE base_{table.name}"))
    if store.dialect == "postgresql":
        with store.session() as connection:
            connection.execute(text("VACUUM ANALYZE"))  # as its autovacuum does in time


def _copy_rows(connection: Connection, table: Table, prefix: str) -> None:
    columns = [column.name for column in table.columns]
    named = ", ".join(f"'{prefix}' || {n}" if n in {"order_id", "id"} else n for n in columns)
    into = f"INSERT INTO {table.name} ({', '.join(columns)})"
    connection.execute(text(f"{into} SELECT {named} FROM base_{table.name}"))


def figures(store: Store) -> dict[tuple[str, str | None], Any]:
    """Value and denominator of each figure."""
    with store.reading() as connection:
        found = measure(connection, MONTH, AS_OF, DEFAULTS, {}).kpis
    return {(kpi.key, kpi.basis): (kpi.value, kpi.denominator) for kpi in found}


def check(before: dict[Any, Any], after: dict[Any, Any], times: int) -> None:
    """The same values over so many times as much."""
    assert before.keys() == after.keys()
    for (key, basis), (value, denominator) in before.items():
        if key.startswith("cycle_time"):
            continue  # between two orders: there are more of them now
        larger = value and value * times if key == "sales_volume" else value
        whole = (larger, denominator and denominator * times)
        assert after[key, basis] == whole, (key, basis, after[key, basis], whole)
    print(f"{len(before)} figures are what `record` says of the base, counted {times} times as large\n")


def report(store: Store) -> None:
    """Print how long a month takes: all figures with comparisons, a year's trend, and slices."""
    with store.reading() as connection:
        print("| all figures of a month | ms |")
        print("|---|---|")
        print(
            f"| with the month before | {_ms(lambda: measure(connection, MONTH, AS_OF, DEFAULTS, {})):,.0f} |"
        )
        year = _ms(lambda: measure(connection, MONTH, AS_OF, DEFAULTS, {}, 12))
        print(f"| with eleven months before | {year:,.0f} |")
        for by in DIMENSIONS:
            took = _ms(lambda by=by: count(connection, MONTH, AS_OF, DEFAULTS, by=by))
            print(f"| by {by}, with the month before | {took:,.0f} |")
        print("\n| slowest, with the month before | ms |")
        print("|---|---|")
        took = {key: _ms(lambda key=key: _one(connection, key)) for key in kpis()}
        for key, each in sorted(took.items(), key=lambda one: -one[1])[:8]:
            print(f"| `{key}` | {each:,.1f} |")


def _one(connection: Connection, key: str) -> None:
    asked = Asked((MONTH.previous, MONTH), AS_OF, DEFAULTS)
    for basis in kpis()[key].bases:
        connection.execute(kpis()[key].query(asked, basis)).all()


def _ms(work: Callable[[], object]) -> float:
    """Milliseconds, the median of several runs."""
    took = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        took.append(1000 * (time.perf_counter() - start))
    return median(took)


if __name__ == "__main__":
    main()
