"""Orders: their rows, and the wins that the patterns see in them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from shared import tables
from shared.patterns.judging import detect
from shared.projecting.cases import cases
from shared.store import projections, rows
from shared.store.bulk import insert_rows, replace
from shared.store.chunks import chunks
from shared.store.groups import Groups
from shared.store.hot import HotOrder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Table

    from shared.history.order import Order
    from shared.projecting.reading import Reading

    Rows = dict[str, list[dict[str, Any]]]

_KEPT = 5_000  # histories held between writing rows and looking for wins; beyond, they are read twice
_TABLES: dict[str, tuple[Table, str]] = {
    "orders": (tables.orders, "order_id"),
    "order_lines": (tables.order_lines, "order_id"),
    "receipts": (tables.receipts, "order_id"),
    "risks": (tables.risks, "order_id"),
    "feedback": (tables.feedback, "subject"),
}


def project_orders(reading: Reading, order_ids: set[str]) -> None:
    """Write the rows of these orders first, then look for wins: first orders depend on other orders."""
    closed: dict[str, Order] = {}
    judged = set(order_ids)
    for some in chunks(sorted(order_ids)):
        histories = reading.histories(some)
        judged |= _write(reading, some, histories)
        if len(order_ids) <= _KEPT:
            closed |= {name: order for name, order in histories.items() if order.closed_at}
        reading.cool()
    for some in chunks(sorted(judged)):
        unread = some if len(order_ids) > _KEPT else [name for name in some if name not in order_ids]
        read = reading.histories(unread) if unread else {}
        _find_wins(reading, some, [order for name in some if (order := read.get(name) or closed.get(name))])
        reading.cool()


def _write(reading: Reading, order_ids: Sequence[str], histories: Mapping[str, Order]) -> set[str]:
    """Write what changed; return the orders that follow one that came, went or moved."""
    groups = _groups(reading, histories.values())
    held = {name: _held(reading, name) for name in order_ids}
    new = {name: _rows(histories[name], groups) if name in histories else _NOTHING for name in order_ids}
    moved = _moved(reading, held, new)
    following = projections.neighbours(reading.connection, moved)
    for name, (table, key) in _TABLES.items():
        _update(reading, table, key, name, held, new)
    for order_id, order in histories.items():
        currency = order.placed.data.currency if order.placed else None
        held[order_id].seen = (currency, order.closed_at)
    return following | projections.neighbours(reading.connection, moved)


def _held(reading: Reading, order_id: str) -> HotOrder:
    kept = reading.hot.get(order_id) if reading.hot is not None else None
    return kept or HotOrder([])


def _update(
    reading: Reading,
    table: Table,
    key: str,
    name: str,
    held: Mapping[str, HotOrder],
    new: Mapping[str, Rows],
) -> None:
    """Write one table's rows of the orders where they differ from what was written last."""
    changed = [order_id for order_id in new if _last(held[order_id], name) != new[order_id].get(name, [])]
    stale = [order_id for order_id in changed if _last(held[order_id], name) != []]
    made = [row for order_id in changed for row in new[order_id].get(name, [])]
    if stale:
        keys = [f"order/{order_id}" for order_id in stale] if key == "subject" else stale
        replace(reading.connection, table, key, keys, made)
    else:
        insert_rows(reading.connection, table, made)
    for order_id in changed:
        held[order_id].rows[name] = new[order_id].get(name, [])


def _last(held: HotOrder, name: str) -> list[dict[str, Any]] | None:
    """The rows last written; None where that is not known."""
    return held.rows[name] if isinstance(held.rows, defaultdict) else held.rows.get(name)


_NOTHING: Rows = {}


def _rows(order: Order, groups: Groups) -> Rows:
    """All rows of an order, by table."""
    if order.placed is None:
        return {"feedback": list(rows.feedback_rows(order.feedback, counted=True))}
    placed = order.placed.data
    outside = not groups.internal(placed.customer_id)
    counted = placed.kind == "normal" and order.quarantined is None and outside
    return {
        "orders": [rows.order_row(order, groups.root(placed.customer_id))],
        "order_lines": list(rows.line_rows(order, counted=counted)),
        "receipts": list(rows.receipt_rows(order, counted=counted)),
        "risks": list(rows.risk_rows(order)) if counted else [],
        "feedback": list(rows.feedback_rows(order.feedback, counted=counted)),
    }


def _moved(reading: Reading, held: Mapping[str, HotOrder], new: Mapping[str, Rows]) -> set[str]:
    """The orders that came, went or changed their place among those of their root."""
    unknown = [order_id for order_id in new if _last(held[order_id], "orders") is None]
    before = {
        order_id: rows.position(last[0]) for order_id in new if (last := _last(held[order_id], "orders"))
    }
    before |= projections.positions(reading.connection, unknown) if unknown else {}
    after = {
        order_id: rows.position(made["orders"][0]) for order_id, made in new.items() if made.get("orders")
    }
    return {order_id for order_id in new if before.get(order_id) != after.get(order_id)}


def _groups(reading: Reading, histories: Iterable[Order]) -> Groups:
    groups = reading.hot.groups if reading.hot is not None else Groups()
    groups.load(reading.connection, {o.placed.data.customer_id for o in histories if o.placed})
    return groups


def _find_wins(reading: Reading, order_ids: Sequence[str], histories: Sequence[Order]) -> None:
    found: dict[str, Rows] = {order_id: {} for order_id in order_ids}
    for case in cases(reading, histories, _groups(reading, histories)):
        found[case.order.order_id] = {"wins": [rows.win_row(win) for win in detect(case)]}
    held = {order_id: _held(reading, order_id) for order_id in order_ids}
    _update(reading, tables.wins, "order_id", "wins", held, found)
