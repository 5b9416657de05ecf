"""Histories, read from the journal or kept from the batch before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shared.history.folding import fold
from shared.history.resolve import in_force
from shared.store import journal
from shared.store.hot import HotOrder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.events.envelope import Event
    from shared.history.order import Order
    from shared.rules import Rules
    from shared.store.hot import Hot

    AnyEvent = Event[Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """One transaction's look at the journal, as of one instant."""

    connection: Connection
    as_of: datetime
    rules: Rules
    hot: Hot | None = None
    fresh: Mapping[str, Sequence[AnyEvent]] = field(default_factory=dict)
    """What this transaction added, by order."""
    until: int | None = None
    """The number of the last event before those; None where `fresh` is not told."""
    read: set[str] = field(default_factory=set)
    """The orders read so far: when one is read again, this transaction may have written its rows."""

    def in_force(self, kind: str, ids: Iterable[str]) -> dict[str, list[AnyEvent]]:
        """The events that count, of each id of a kind (`customer`, `plan`)."""
        found = journal.events_of(self.connection, [f"{kind}/{name}" for name in ids])
        return {subject.partition("/")[2]: self._counting(subject, told) for subject, told in found.items()}

    def histories(self, order_ids: Iterable[str]) -> dict[str, Order]:
        """The histories of orders; one without events that count has none."""
        found = {name: self._counting_of(name, held) for name, held in self._held(order_ids).items()}
        return {name: fold(name, events, self.rules) for name, events in found.items() if events}

    def history(self, order_id: str) -> Order:
        """The history of one order, which may be empty."""
        return self.histories([order_id]).get(order_id) or fold(order_id, (), self.rules)

    def cool(self) -> None:
        """Let go of the orders that were not used for longest, so that memory stays flat."""
        if self.hot is not None:
            self.hot.trim()

    def _counting_of(self, order_id: str, held: HotOrder) -> Sequence[AnyEvent]:
        """The events of an order that count: nearly always all of them, which is worth remembering."""
        subject = f"order/{order_id}"
        if held.plain is None:
            held.plain = all(e.data.corrects is None and e.data.subject == subject for e in held.events)
            held.known_at = max((event.known_at for event in held.events), default=held.known_at)
        if held.plain and held.known_at <= self.as_of:
            return held.events
        return self._counting(subject, held.events)

    def _counting(self, subject: str, events: Sequence[AnyEvent]) -> list[AnyEvent]:
        existing = [event for event in events if event.known_at <= self.as_of]
        return [event for event in in_force(existing) if event.data.subject == subject]

    def _held(self, order_ids: Iterable[str]) -> dict[str, HotOrder]:
        """The events of orders: those kept in memory, and the rest in one read."""
        held: dict[str, HotOrder] = {}
        cold: list[str] = []
        for order_id in order_ids:
            kept = self.hot.get(order_id) if self.hot is not None else None
            if kept is None:
                cold.append(order_id)
            else:
                held[order_id] = kept
        subjects = [f"order/{name}" for name in cold]
        read = journal.events_of(self.connection, subjects, self.until) if cold else {}
        for order_id in cold:
            events = read.get(f"order/{order_id}", [])
            held[order_id] = order = HotOrder([*events, *self.fresh.get(order_id, ())])
            if self.until is not None and not events and order_id not in self.read:
                order.rows = defaultdict(list)  # all of it is new: nothing can have been written
            self.read.add(order_id)
            if self.hot is not None:
                self.hot.put(order_id, order)
        return held
