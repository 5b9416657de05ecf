"""Orders held in memory between batches, so that what is new about them is all that is looked at."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.store.groups import Groups

if TYPE_CHECKING:
    from datetime import datetime

    from shared.history.order import Order

MOST = 20_000
"""Orders, of some kilobytes each."""


@dataclass(slots=True)
class HotOrder:
    """An order as its rows were last written: its history without the events that made it."""

    order: Order
    currency: str
    closed_at: datetime | None
    wins: list[dict[str, Any]] | None = None
    """The rows of its wins; None where that is not known."""


class Hot:
    """The orders used last; only the process that alone writes the database may keep any."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._orders: OrderedDict[str, HotOrder] = OrderedDict()
        self.groups = Groups()

    def get(self, order_id: str) -> HotOrder | None:
        """An order, if it is here; it then counts as used."""
        found = self._orders.get(order_id)
        if found is not None:
            self._orders.move_to_end(order_id)
        return found

    def put(self, order_id: str, order: HotOrder) -> None:
        """Keep an order, and let go of the one that was not used for longest."""
        self._orders[order_id] = order
        if len(self._orders) > self._most:
            self._orders.popitem(last=False)

    def forget(self, order_id: str) -> None:
        """Let go of an order that may have changed otherwise than by what follows."""
        self._orders.pop(order_id, None)

    def clear(self) -> None:
        """Forget everything: a transaction was undone."""
        self._orders.clear()
        self.groups.clear()
