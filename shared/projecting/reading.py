"""Histories, read from the journal as a whole."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from shared.history.folding import fold
from shared.history.resolve import in_force
from shared.instants import microseconds
from shared.projecting.agenda import Agenda
from shared.projecting.totals import Totals
from shared.store import journal
from shared.store.hot import Hot, HotOrder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.events.envelope import Event
    from shared.history.order import Order
    from shared.projecting.standing import Standing
    from shared.rules import Rules
    from shared.store.groups import Groups

    AnyEvent = Event[Any]


_RECALLED = 5_000
"""Orders with all their events, some twenty kilobytes each."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One transaction's look at the journal, as of one instant."""

    connection: Connection
    as_of: datetime
    rules: Rules
    hot: Hot = field(default_factory=lambda: Hot(0))
    fresh: Mapping[str, Sequence[AnyEvent]] = field(default_factory=dict)
    """What this transaction added, by order."""
    until: int | None = None
    """The number of the last event before those; None where `fresh` is not told."""
    unwritten: set[str] = field(default_factory=set)
    """The orders of which nothing can be in the tables: all is fresh, and was read the first time."""
    plain: set[str] = field(default_factory=set)
    """The orders whose events all count, and came without corrections."""
    read: set[str] = field(default_factory=set)
    events: dict[str, int] = field(default_factory=dict)
    """How many the journal has of each order that was read."""
    kept: list[Order] = field(default_factory=list)
    recalled: OrderedDict[str, Order] = field(default_factory=OrderedDict)
    astray: set[tuple[str | None, str | None]] = field(default_factory=set)
    """Customers and products of returns that name no order, or a lot: another order's parts perhaps."""
    told_from: Mapping[str, date] = field(default_factory=dict)
    """Since when customers and products may be judged otherwise, where that is not since ever."""
    agenda: Agenda = field(default_factory=Agenda)
    """What is touched, to be judged by the clock; whoever projects writes it."""
    totals: Totals = field(default_factory=Totals)
    """What goes and comes of lines due; the same."""

    def in_force(self, kind: str, ids: Iterable[str]) -> dict[str, list[AnyEvent]]:
        """The events that count, of each id of a kind (`customer`, `plan`)."""
        found = journal.events_of(self.connection, [f"{kind}/{name}" for name in ids])
        return {subject.partition("/")[2]: self._counting(subject, told) for subject, told in found.items()}

    def histories(self, order_ids: Iterable[str]) -> dict[str, Order]:
        """The histories of orders; one without events that count has none."""
        names = list(order_ids)
        told = journal.events_of(self.connection, [f"order/{name}" for name in names], self.until)
        found: dict[str, Order] = {}
        for name in names:
            before = told.get(f"order/{name}", ())
            events = [*before, *self.fresh.get(name, ())]
            if counting := self._counting(f"order/{name}", events):
                found[name] = fold(name, counting, self.rules)
            self._note(name, new=not before, plain=len(counting) == len(events))
            self.events[name] = len(events)
        return found

    def recall(self, order_ids: Iterable[str]) -> dict[str, Order]:
        """The same for whoever looks at many orders again and again: those used last are kept.

        More at once than may be kept are read and let go again.
        """
        wanted = dict.fromkeys(order_ids)
        found = {name: self.recalled[name] for name in wanted if name in self.recalled}
        found |= self.histories([name for name in wanted if name not in found])
        for name in found:
            self.recalled[name] = found[name]
            self.recalled.move_to_end(name)
        while len(self.recalled) > _RECALLED:
            self.recalled.popitem(last=False)
        return {name: found[name] for name in sorted(found)}

    def history(self, order_id: str) -> Order:
        """The history of one order, which may be empty."""
        return self.histories([order_id]).get(order_id) or fold(order_id, (), self.rules)

    def _note(self, order_id: str, *, new: bool, plain: bool) -> None:
        if new and self.until is not None and order_id not in self.read:
            self.unwritten.add(order_id)
        else:
            self.unwritten.discard(order_id)
        self.read.add(order_id)
        if plain:
            self.plain.add(order_id)

    def groups(self, orders: Iterable[Order]) -> Groups:
        """The customers of these orders, with their roots."""
        groups = self.hot.groups
        groups.load(self.connection, {order.placed.data.customer_id for order in orders if order.placed})
        return groups

    def write_shared(self) -> None:
        """Write to the rows that all recorders share; where several record, in one's turn."""
        self.agenda.write(self.connection)
        self.totals.write(self.connection)

    def told_since(self, *subjects: str) -> date:
        """Since when these subjects may be judged otherwise by what was told of them."""
        return min((self.told_from.get(subject, date.min) for subject in subjects), default=date.min)

    def touch(self, order: Order, groups: Groups) -> None:
        """Note that a placed order, whose customer is in `groups`, may be judged otherwise."""
        self.agenda.put_order(order, groups)

    def keep(self, order: Order, counted: Standing | None) -> None:
        """Keep an order whose rows were just written in memory, if new events can simply follow."""
        if order.order_id not in self.plain or order.placed is None or order.quarantined or order.returns:
            self.hot.forget(order.order_id)
            return
        events = self.events[order.order_id]
        wins: list[Any] | None = [] if order.order_id in self.unwritten else None
        known_at = microseconds(max(event.known_at for event in order.events))
        held = HotOrder(order, events, known_at, order.closed_at, order.filled_at, wins, counted)
        self.hot.put(order.order_id, held)
        self.kept.append(order)

    def leave_events(self) -> None:
        """Let the events of the orders kept go: the journal has them."""
        for order in self.kept:
            order.events = []
        self.kept.clear()

    def _counting(self, subject: str, events: Sequence[AnyEvent]) -> list[AnyEvent]:
        existing = [event for event in events if event.known_at <= self.as_of]
        return [event for event in in_force(existing) if event.data.subject == subject]
