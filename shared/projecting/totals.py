"""Totals of order lines, kept up by what goes and comes, in the transaction that changes the lines."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import BigInteger, Table, TypeDecorator, bindparam, delete, select, type_coerce

from shared import tables
from shared.history.outcomes import BASES
from shared.projecting.standing import ALWAYS, SCORED, Line, Standing, first_pass, line_of
from shared.store.bulk import upsert_stored
from shared.store.chunks import Among, run_among

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Column, ColumnElement, Connection, Delete

    from shared.projecting.standing import Key, Part
    from shared.store.bulk import Stored

_L = tables.order_lines.c
_NAMES = list(_L.keys())
_COUNTED, _PRODUCT, _UOM, _REQUESTED, _QTY, _SLIPS, _EXCLUDED, _IN_FULL = (
    _NAMES.index(name)
    for name in (
        "counted", "product_id", "uom", "first_requested", "demand_qty", "slips", "excluded_adjusted",
        "in_full",
    )
)  # fmt: skip
_OUTCOMES = _NAMES.index("requested_due")
"""Of each basis the due day, the verdict, whether on time and from when overdue; the last columns."""


class Counted(NamedTuple):
    """How a line counts: where it was due, what was wanted since when and how much, and for whole orders."""

    due: tuple[Key, ...]
    wanted: Key
    qty: int
    facts: Line


@dataclass(slots=True)
class Totals:
    """What one transaction adds to each total; below zero where lines went."""

    due: Counter[Key] = field(default_factory=Counter)
    demand: dict[Key, list[int]] = field(default_factory=dict)
    """Whole units, millionths and lines."""
    others: defaultdict[Table, dict[Key, list[int]]] = field(default_factory=lambda: defaultdict(dict))

    def take(self, connection: Connection, order_ids: Iterable[str]) -> None:
        """The lines of these orders go, as they stand."""
        for stood in standing(connection, order_ids).values():
            for counted in stood.lines.values():
                self._add(counted, -1)
            self._add_parts(stood.parts, -1)

    def put(self, row: Stored, before: Counted | None = None) -> Counted | None:
        """A row of `order_lines` comes, where one stood that counted as `before`; return how it counts."""
        now = _counted(row)
        if now != before:
            self._add(before, -1)
            self._add(now, 1)
        return now

    def put_order(self, order: Standing) -> None:
        """All rows of an order came."""
        if (now := order.counted()) != order.parts:
            self._add_parts(order.parts, -1)
            self._add_parts(now, 1)
            order.parts = now

    def write(self, connection: Connection) -> None:
        """Add all that to the totals; one that came to nothing is no row."""
        due = [(*key, lines) for key, lines in sorted(self.due.items()) if lines]
        _write(connection, tables.due_days, due)
        demand = [(*key, *sums) for key, sums in sorted(self.demand.items()) if any(sums)]
        _write(connection, tables.demand_weeks, demand)
        for table, sums in self.others.items():
            _write(connection, table, [(*key, *sums[key]) for key in sorted(sums) if any(sums[key])])
        self.others.clear()
        self.due.clear()
        self.demand.clear()

    def _add(self, counted: Counted | None, sign: int) -> None:
        if counted is None:
            return
        for key in counted.due:
            self.due[key] += sign
        whole, rest = divmod(counted.qty, tables.SCALE)
        sums = self.demand.setdefault(counted.wanted, [0, 0, 0])
        sums[0] += sign * whole
        sums[1] += sign * rest
        sums[2] += sign
        self._add_parts(first_pass(counted.facts), sign)

    def _add_parts(self, parts: Iterable[Part], sign: int) -> None:
        for table, key, amounts in parts:
            sums = self.others[table].setdefault(key, [0] * len(amounts))
            for place, amount in enumerate(amounts):
                sums[place] += sign * amount


def _counted(row: Sequence[Any]) -> Counted | None:
    """How a row of `order_lines` counts, if it does."""
    if not row[_COUNTED]:
        return None
    due = _due(row[_SLIPS] > 0, row[_EXCLUDED] is not None, row[_IN_FULL], tuple(row[_OUTCOMES:]))
    return Counted(due, (_since(row[_REQUESTED]), row[_PRODUCT], row[_UOM]), row[_QTY], line_of(row))


@lru_cache(maxsize=16384)
def _due(*judged: Any) -> tuple[Key, ...]:
    """Each basis on which a line is due and may be scored; lines of one time have these in common."""
    return tuple(_keys(*judged))


def _keys(slipped: bool, adjusted: bool, in_full: Any, outcomes: Sequence[Any]) -> Iterator[Key]:  # noqa: FBT001 - facts
    for at, basis in enumerate(BASES):
        due, verdict, on_time, overdue_at = outcomes[4 * at : 4 * at + 4]
        if verdict in SCORED:
            closed = verdict == "closed"
            scored_from = overdue_at if verdict == "waiting" else ALWAYS
            yield (
                basis,
                due,
                scored_from,
                closed and bool(on_time),
                closed and bool(in_full),
                slipped,
                adjusted,
            )


@lru_cache(maxsize=4096)
def _since(number: int) -> int:
    """The first day of a day's week, or of its month if that began later."""
    day = date.fromordinal(number)
    return max(day.replace(day=1), day - timedelta(days=day.weekday())).toordinal()


@lru_cache(maxsize=8)
def _emptied(table: Table) -> Delete:
    its: list[tuple[ColumnElement[Any], Any]] = [
        (_plain(column), bindparam(f"its_{column.name}")) for column in table.primary_key
    ]
    return delete(table).where(list(table.c)[-1] == 0, *(column == value for column, value in its))


def _plain(column: Column[Any]) -> ColumnElement[Any]:
    """A column as the database keeps it."""
    return type_coerce(column, BigInteger) if isinstance(column.type, TypeDecorator) else column


def _write(connection: Connection, table: Table, rows: Sequence[Stored]) -> None:
    """Add to the sums of a table, and let rows go that stand for no line any more."""
    upsert_stored(connection, table, rows, adding=True)
    if less := [row for row in rows if row[-1] < 0]:
        names = [f"its_{column.name}" for column in table.primary_key]
        connection.execute(_emptied(table), [dict(zip(names, row, strict=False)) for row in less])


def standing(connection: Connection, order_ids: Iterable[str]) -> dict[str, Standing]:
    """How orders stand in the totals."""
    names = list(order_ids)
    found = {row[0]: Standing(row[1], row[2]) for row in run_among(connection, _ORDERS, names)}
    for row in run_among(connection, _LINES, names):
        found[row.order_id].lines[row.line_id] = _counted(row)
    for row in run_among(connection, _RECEIPTS, names):
        found[row.order_id].take([tuple(row)])
    for row in run_among(connection, _INVOICES, [f"order/{name}" for name in found]):
        found[row.order_id].charge([dict(zip(_NAMES_OF_INVOICE, row, strict=True))])
    for order in found.values():
        order.parts = order.counted()
    return found


_O, _R = tables.orders.c, tables.receipts.c
_ORDERS = select(_O.order_id, _plain(_O.placed_at), _O.currency).where(Among(_O.order_id))
_LINES = select(*(_plain(column) for column in _L)).where(Among(_L.order_id))
_RECEIPTS = select(*(_plain(column) for column in _R)).where(Among(_R.order_id))
_NAMES_OF_INVOICE = tables.invoices.c.keys()
_INVOICES = select(tables.invoices).where(Among(tables.invoices.c.subject))
"""What stands of orders."""
