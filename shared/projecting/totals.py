"""Day totals of lines due, kept up by what goes and comes, in the transaction that changes the lines."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, bindparam, delete, select, type_coerce
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
_L, _D = tables.order_lines.c, tables.due_days.c
_READ = ("counted", "slips", "excluded_adjusted", "in_full")
_OUTCOME = ("due", "verdict", "on_time", "overdue_at")
_NAMES = (*_READ, *(f"{basis}_{name}" for basis in BASES for name in _OUTCOME))
_AT = tuple(list(_L.keys()).index(name) for name in _NAMES)
_NUMBERS = {name for name in _NAMES if name.endswith(("_due", "_overdue_at"))}
_STORED = select(
    _L.order_id,
    _L.line_id,
    *(type_coerce(_L[name], BigInteger) if name in _NUMBERS else _L[name] for name in _NAMES),
).where(Among(_L.order_id))
_SCORED = ("closed", "missed", "waiting")
_KEY = tuple(column.name for column in tables.due_days.primary_key)


@dataclass(slots=True)
class Totals:
    """What one transaction adds to each total; below zero where lines went."""

    added: Counter[Key] = field(default_factory=Counter)

    def take(self, connection: Connection, order_ids: Iterable[str]) -> None:
        """The lines of these orders as they stand go, or are about to change."""
        for row in run_among(connection, _STORED, order_ids):
            self.added.subtract(_keys(row[2:]))

    def change(self, connection: Connection, rows: Sequence[Stored]) -> None:
        """These rows of `order_lines` take the places of those of the same key."""
        coming = {(row[0], row[1]) for row in rows}
        for row in run_among(connection, _STORED, {order_id for order_id, _ in coming}):
            if (row.order_id, row.line_id) in coming:
                self.added.subtract(_keys(row[2:]))
        self.put(rows)

    def put(self, rows: Iterable[Stored]) -> None:
        """These rows of `order_lines` come."""
        for row in rows:
            self.added.update(_keys([row[at] for at in _AT]))

    def write(self, connection: Connection) -> None:
        """Add all that to the totals; one that came to nothing is no row."""
        changed = sorted((key, lines) for key, lines in self.added.items() if lines)
        self.added.clear()
        if not changed:
            return
        rows = [_row(key, lines) for key, lines in changed]
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        upsert = dialect.insert(tables.due_days)
        more = {"lines": _D.lines + upsert.excluded.lines}
        connection.execute(upsert.on_conflict_do_update(index_elements=_KEY, set_=more), rows)
        if less := [row for row in rows if row["lines"] < 0]:
            connection.execute(_EMPTY, [{f"its_{name}": row[name] for name in _KEY} for row in less])


_EMPTY = delete(tables.due_days).where(
    _D.lines == 0, *(_D[name] == bindparam(f"its_{name}") for name in _KEY)
)


def _row(key: Key, lines: int) -> dict[str, Any]:
    basis, day, scored_from, *facts = key
    values = (basis, date.fromordinal(day), moment(scored_from), *facts, lines)
    return dict(zip((*_KEY, "lines"), values, strict=True))


def _keys(row: Sequence[Any]) -> Iterator[Key]:
    """Where a line counts, on each basis on which it is due and may be scored."""
    counted, slips, excluded, in_full, *outcomes = row
    for at, basis in enumerate(BASES if counted else ()):
        due, verdict, on_time, overdue_at = outcomes[4 * at : 4 * at + 4]
        if verdict in _SCORED:
            closed = verdict == "closed"
            scored_from = overdue_at if verdict == "waiting" else ALWAYS
            kept = (closed and bool(on_time), closed and bool(in_full))
            yield basis, due, scored_from, *kept, slips > 0, excluded is not None
