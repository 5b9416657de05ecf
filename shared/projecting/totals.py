"""Totals of order lines, kept up by what goes and comes, in the transaction that changes the lines."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, Table, bindparam, delete, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite

from shared import tables
from shared.history.outcomes import BASES
from shared.instants import microseconds, moment
from shared.store.chunks import Among, run_among

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from shared.store.bulk import Stored

    Key = tuple[Any, ...]

ALWAYS: Final = microseconds(datetime(1, 1, 1, tzinfo=UTC))
"""Before every instant: what has closed or was missed is scored whenever one looks."""
_SCORED = ("closed", "missed", "waiting")
_L = tables.order_lines.c
_OUTCOME = ("due", "verdict", "on_time", "overdue_at")
_LINE = (
    "counted", "product_id", "uom", "first_requested", "demand_qty", "slips", "excluded_adjusted", "in_full",
)  # fmt: skip
_NAMES = ("order_id", "line_id", *_LINE, *(f"{basis}_{name}" for basis in BASES for name in _OUTCOME))
_AT = tuple(list(_L.keys()).index(name) for name in _NAMES)
_PLAIN = {name for name in _NAMES if name.endswith(("_due", "_overdue_at", "_qty", "_requested"))}
_STORED = select(
    *(type_coerce(_L[name], BigInteger) if name in _PLAIN else _L[name] for name in _NAMES)
).where(Among(_L.order_id))


@dataclass(slots=True)
class Totals:
    """What one transaction adds to each total; below zero where lines went."""

    due: Counter[Key] = field(default_factory=Counter)
    demand: dict[Key, list[int]] = field(default_factory=dict)
    """Whole units, millionths and lines."""

    def take(self, connection: Connection, order_ids: Iterable[str]) -> None:
        """The lines of these orders go, as they stand."""
        self._add(run_among(connection, _STORED, order_ids), -1)

    def change(self, connection: Connection, rows: Sequence[Stored]) -> None:
        """These rows of `order_lines` take the places of those of the same key."""
        coming = {(row[0], row[1]) for row in rows}
        stood = run_among(connection, _STORED, {order_id for order_id, _ in coming})
        self._add((row for row in stood if (row[0], row[1]) in coming), -1)
        self.put(rows)

    def put(self, rows: Iterable[Stored]) -> None:
        """These rows of `order_lines` come."""
        self._add(([row[at] for at in _AT] for row in rows), 1)

    def write(self, connection: Connection) -> None:
        """Add all that to the totals; one that came to nothing is no row."""
        due = [(*_due(key), lines) for key, lines in sorted(self.due.items()) if lines]
        _write(connection, tables.due_days, due)
        demand = [(*_demand(key), *sums) for key, sums in sorted(self.demand.items()) if any(sums)]
        _write(connection, tables.demand_weeks, demand)
        self.due.clear()
        self.demand.clear()

    def _add(self, rows: Iterable[Sequence[Any]], sign: int) -> None:
        for _, _, counted, product_id, uom, requested, qty, *judged in rows:
            if not counted:
                continue
            for key in _keys(judged):
                self.due[key] += sign
            whole, rest = divmod(qty, tables.SCALE)
            sums = self.demand.setdefault((_since(requested), product_id, uom), [0, 0, 0])
            sums[0] += sign * whole
            sums[1] += sign * rest
            sums[2] += sign


def _keys(judged: Sequence[Any]) -> Iterator[Key]:
    """Where a line counts, on each basis on which it is due and may be scored."""
    slips, excluded, in_full, *outcomes = judged
    for at, basis in enumerate(BASES):
        due, verdict, on_time, overdue_at = outcomes[4 * at : 4 * at + 4]
        if verdict in _SCORED:
            closed = verdict == "closed"
            scored_from = overdue_at if verdict == "waiting" else ALWAYS
            kept = (closed and bool(on_time), closed and bool(in_full))
            yield basis, due, scored_from, *kept, slips > 0, excluded is not None


@lru_cache(maxsize=4096)
def _since(number: int) -> int:
    """The first day of a day's week, or of its month if that began later."""
    day = date.fromordinal(number)
    return max(day.replace(day=1), day - timedelta(days=day.weekday())).toordinal()


def _due(key: Key) -> Key:
    basis, day, scored_from, *facts = key
    return (basis, date.fromordinal(day), moment(scored_from), *facts)


def _demand(key: Key) -> Key:
    since, *product = key
    return (date.fromordinal(since), *product)


def _write(connection: Connection, table: Table, changed: Sequence[Key]) -> None:
    """Add to the sums of a table, and let rows go that stand for no line any more."""
    if not changed:
        return
    keys, names = [column.name for column in table.primary_key], [column.name for column in table.columns]
    rows = [dict(zip(names, values, strict=True)) for values in changed]
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    upsert = dialect.insert(table)
    more = {name: table.c[name] + upsert.excluded[name] for name in names if name not in keys}
    connection.execute(upsert.on_conflict_do_update(index_elements=keys, set_=more), rows)
    if less := [{f"its_{name}": row[name] for name in keys} for row in rows if row["lines"] < 0]:
        its = (table.c[name] == bindparam(f"its_{name}") for name in keys)
        connection.execute(delete(table).where(table.c.lines == 0, *its), less)
