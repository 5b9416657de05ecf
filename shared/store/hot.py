"""Orders held in memory between batches, so that a batch reads only what it has not seen lately."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from shared.store.groups import Groups

if TYPE_CHECKING:
    from shared.events.envelope import Event

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
MOST = 6000
"""Orders: at seven events each some hundred megabytes."""


@dataclass(slots=True)
class HotOrder:
    """All events that matter to an order, and the rows last written of it."""

    events: list[Event[Any]]
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """By table; a table that is missing has rows unknown to us."""
    seen: tuple[str | None, datetime | None] | None = None
    """Currency and closing when its rows were last written; None where that is not known."""
    plain: bool | None = None
    """No correction among the events, and all of them its own; None until somebody looked."""
    known_at: datetime = BEGINNING
    """From when all the events exist."""

    def add(self, event: Event[Any]) -> None:
        """Add one more event of the order's own."""
        self.events.append(event)
        self.plain = self.plain and event.data.corrects is None
        self.known_at = max(self.known_at, event.known_at)


class Hot:
    """The orders used last; only the process that alone writes the database may keep them."""

    def __init__(self) -> None:
        self._orders: OrderedDict[str, HotOrder] = OrderedDict()
        self.groups = Groups()

    def get(self, order_id: str) -> HotOrder | None:
        """An order, if it is here; it then counts as used."""
        found = self._orders.get(order_id)
        if found is not None:
            self._orders.move_to_end(order_id)
        return found

    def put(self, order_id: str, order: HotOrder) -> None:
        """Keep an order."""
        self._orders[order_id] = order

    def forget(self, order_id: str) -> None:
        """Let go of an order whose events are not all its own, or may have changed."""
        self._orders.pop(order_id, None)

    def trim(self) -> None:
        """Let go of the orders that were not used for longest."""
        while len(self._orders) > MOST:
            self._orders.popitem(last=False)

    def clear(self) -> None:
        """Forget everything: a transaction was undone."""
        self._orders.clear()
        self.groups.clear()
