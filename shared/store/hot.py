"""Orders held in memory between batches, so that what is new about them is all that is looked at."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.store.groups import Groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from shared.history.order import Order

MOST = 10_000
"""Orders, of some kilobytes each."""


@dataclass(slots=True)
class HotOrder:
    """An order as its rows were last written: its history without the events that made it."""

    order: Order
    events: int
    """How many the journal has of it."""
    known_at: int
    """From when all of them exist, as the journal stores it."""
    closed_at: datetime | None
    filled_at: datetime | None
    wins: list[dict[str, Any]] | None = None
    """The rows of its wins; None where that is not known."""
    counted: Any = None
    """How it stands in the totals; None where that is not known."""


class Hot:
    """The orders used last. Where others write, too, an order is used once it is confirmed."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._orders: OrderedDict[str, HotOrder] = OrderedDict()
        self._confirmed: set[str] | None = None
        self.groups = Groups()

    def beside_others(self) -> Hot:
        """The same orders for one transaction, which others may have changed before it."""
        ours = Hot(self._most)
        ours._orders, ours._confirmed = self._orders, set()
        return ours

    def unconfirmed(self, order_ids: Iterable[str]) -> list[str]:
        """Which of these are here, but may be out of date."""
        known = self._confirmed
        return [] if known is None else [i for i in order_ids if i in self._orders and i not in known]

    def confirm(self, events: Mapping[str, int], as_of: int) -> None:
        """Use the orders of which the journal has as many events as it had, if all of them exist."""
        for order_id, count in events.items():
            held = self._orders.get(order_id)
            if self._confirmed is None or held is None or held.events != count or held.known_at > as_of:
                continue
            held.wins = None  # another order of the customer may have changed them
            held.counted = None  # and its master data whether the order counts
            self._confirmed.add(order_id)

    def get(self, order_id: str) -> HotOrder | None:
        """An order, if it is here."""
        if self._confirmed is not None and order_id not in self._confirmed:
            return None
        return self._orders.get(order_id)

    def use(self, order_id: str) -> HotOrder | None:
        """The same; it then counts as used."""
        if (found := self.get(order_id)) is not None:
            with suppress(KeyError):  # another thread may just have let it go
                self._orders.move_to_end(order_id)
        return found

    def put(self, order_id: str, order: HotOrder) -> None:
        """Keep an order, and let go of the one that was not used for longest."""
        self._orders[order_id] = order
        if self._confirmed is not None:
            self._confirmed.add(order_id)
        if len(self._orders) > self._most:
            self._orders.popitem(last=False)

    def forget(self, order_id: str) -> None:
        """Let go of an order that may have changed otherwise than by what follows."""
        self._orders.pop(order_id, None)

    def clear(self) -> None:
        """Forget everything: a transaction was undone."""
        self._orders.clear()
        self.groups.clear()
