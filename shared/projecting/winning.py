"""Wins: what the patterns see in closed orders, and what of it is new."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from shared import tables
from shared.patterns.judging import detect, promising
from shared.projecting.cases import cases
from shared.store import rows
from shared.store.bulk import delete_rows, insert_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared.history.order import Order
    from shared.patterns.case import OrderCase
    from shared.projecting.reading import Reading

    Row = dict[str, Any]


def find_wins(reading: Reading, order_ids: Sequence[str], at_hand: Mapping[str, Order]) -> None:
    """Judge these orders and write the wins that changed."""
    order_ids = [name for name in order_ids if not _just_begun(reading, at_hand.get(name))]
    orders = _orders(reading, order_ids, at_hand)
    found: dict[str, list[Row]] = {}
    for case in _whole(reading, cases(reading, orders, reading.groups(orders))):
        found[case.order.order_id] = [rows.win_row(win) for win in detect(case)]
    _write(reading, {order_id: found.get(order_id, []) for order_id in order_ids})


def _just_begun(reading: Reading, order: Order | None) -> bool:
    """Whether an order is new and open: it has no wins, and nothing stands of it."""
    return order is not None and order.order_id in reading.unwritten and order.closed_at is None


def _orders(reading: Reading, order_ids: Sequence[str], at_hand: Mapping[str, Order]) -> list[Order]:
    """The orders, from what is at hand or in memory, and the rest from the journal."""
    found: dict[str, Order] = {}
    for order_id in order_ids:
        held = reading.hot.get(order_id)
        order = at_hand.get(order_id) or (held.order if held is not None else None)
        if order is not None:
            found[order_id] = order
    found |= reading.histories([order_id for order_id in order_ids if order_id not in found])
    return list(found.values())


def _whole(reading: Reading, seen: Sequence[OrderCase]) -> list[OrderCase]:
    """The cases that may be wins, with all events: an order in memory comes without them."""
    promised = [case for case in seen if case.order.events or promising(case)]
    bare = [case.order.order_id for case in promised if not case.order.events]
    read = reading.histories(bare) if bare else {}
    return [
        replace(case, order=read[case.order.order_id]) if not case.order.events else case for case in promised
    ]


def _write(reading: Reading, found: Mapping[str, list[Row]]) -> None:
    last = {order_id: _last(reading, order_id) for order_id in found}
    changed = {order_id: wins for order_id, wins in found.items() if last[order_id] != wins}
    gone = [f"order/{name}" for name in changed if last[name] != []]
    delete_rows(reading.connection, tables.wins.c.about, gone)
    insert_rows(reading.connection, tables.wins, [row for wins in changed.values() for row in wins])
    for order_id, wins in changed.items():
        if (held := reading.hot.get(order_id)) is not None:
            held.wins = wins


def _last(reading: Reading, order_id: str) -> list[Row] | None:
    """The wins last written of an order; None where that is not known."""
    if (held := reading.hot.get(order_id)) is not None:
        return held.wins
    return [] if order_id in reading.unwritten else None
