"""From the journal to the projections and wins: what is rebuilt when events come, or time passes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from shared import tables
from shared.events.customers import CustomerMerged, CustomerRegistered
from shared.history import account as accounts
from shared.history.order import fold
from shared.history.resolve import in_force
from shared.patterns.case import OrderCase
from shared.patterns.judging import detect
from shared.store import journal, projections, rows
from shared.store.chunks import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.events.envelope import Event
    from shared.history.account import Account
    from shared.history.order import Order
    from shared.rules import Rules

    AnyEvent = Event[Any]

_KEPT = 10_000  # histories held between writing rows and looking for wins; beyond, they are read twice


@dataclass(frozen=True, slots=True)
class Projector:
    """Rebuilds what follows from the events of some subjects, as of one instant."""

    connection: Connection
    as_of: datetime
    rules: Rules

    def project(self, subjects: Iterable[str]) -> None:
        """Rebuild the projections and wins of these subjects, and whatever depends on them."""
        ids: dict[str, set[str]] = defaultdict(set)
        for subject in subjects:
            kind, _, name = subject.partition("/")
            ids[kind].add(name)
        for some in chunks(sorted(ids["plan"])):
            self._plans([f"plan/{name}" for name in some])
        self._orders(ids["order"] | self._customers(ids["customer"]))

    def history(self, order_id: str) -> Order:
        """The history of one order."""
        return self._histories([order_id]).get(order_id) or fold(order_id, (), self.rules)

    def _in_force(self, kind: str, ids: Iterable[str]) -> dict[str, list[AnyEvent]]:
        found = journal.events_of(self.connection, [f"{kind}/{name}" for name in ids], self.as_of)
        return {
            subject.partition("/")[2]: [e for e in in_force(events) if e.data.subject == subject]
            for subject, events in found.items()
        }

    def _histories(self, order_ids: Iterable[str]) -> dict[str, Order]:
        return {
            order_id: fold(order_id, events, self.rules)
            for order_id, events in self._in_force("order", order_ids).items()
            if events
        }

    def _plans(self, subjects: list[str]) -> None:
        found = self._in_force("plan", [subject.partition("/")[2] for subject in subjects])
        made = list(rows.plan_rows(chain.from_iterable(found.values())))
        projections.replace(self.connection, tables.plans, "subject", subjects, made)

    def _customers(self, customer_ids: set[str]) -> set[str]:
        """Rebuild customers and return the orders that this touches."""
        touched: set[str] = set()
        for some in chunks(sorted(customer_ids)):
            events = self._in_force("customer", some)
            touched |= projections.orders_of(self.connection, self._accounts(some, events))
            touched |= self._loose_feedback(some, events)
        return touched

    def _accounts(self, customer_ids: Iterable[str], events: Mapping[str, list[AnyEvent]]) -> set[str]:
        """Rebuild master data and return the customers whose orders must be judged again."""
        known = (CustomerRegistered, CustomerMerged)
        old = projections.accounts(self.connection, customer_ids)
        new = {
            customer_id: accounts.fold(customer_id, told)
            for customer_id in customer_ids
            if (told := [event for event in events.get(customer_id, ()) if isinstance(event.data, known)])
        }
        changed = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
        if not changed:
            return changed
        everyone = new
        if any(_above(old.get(name)) != _above(new.get(name)) for name in changed):
            everyone = projections.all_accounts(self.connection)
            for name in changed:
                everyone.pop(name, None)
            everyone |= new
        changed |= self._write_accounts(changed, everyone)
        return changed

    def _write_accounts(self, changed: set[str], everyone: Mapping[str, Account]) -> set[str]:
        """Write changed customers, and those whose root moved, which it returns."""
        roots = projections.roots(self.connection, everyone)
        made = {
            name: rows.account_row(
                account,
                root_id=accounts.root(name, everyone),
                merged_id=accounts.root(name, everyone, parents=False),
            )
            for name, account in everyone.items()
        }
        moved = {name for name, row in made.items() if roots.get(name) != (row["root_id"], row["merged_id"])}
        if everyone.keys() == changed & everyone.keys():
            # Nobody's parents or merges changed, so a known root still holds.
            for name in moved & roots.keys():
                made[name]["root_id"], made[name]["merged_id"] = roots[name]
        written = changed | moved
        new = [row for name, row in made.items() if name in written]
        projections.replace(self.connection, tables.customers, "customer_id", written, new)
        return moved

    def _loose_feedback(self, customer_ids: Iterable[str], events: Mapping[str, list[AnyEvent]]) -> set[str]:
        """Rebuild feedback that names no order; return the orders it may contradict."""
        subjects = [f"customer/{name}" for name in customer_ids]
        old = projections.contradictions(self.connection, subjects)
        made = list(rows.feedback_rows(chain.from_iterable(events.values()), counted=True))
        projections.replace(self.connection, tables.feedback, "subject", subjects, made)
        new = projections.contradictions(self.connection, subjects)
        window = timedelta(days=self.rules.feedback_window_days)
        return projections.closed_before(self.connection, sorted(old ^ new), window)

    def _orders(self, order_ids: set[str]) -> None:
        """Write the rows of these orders first, then look for wins: first orders depend on other orders."""
        closed: dict[str, Order] = {}
        judged = set(order_ids)
        for some in chunks(sorted(order_ids)):
            histories = self._histories(some)
            judged |= self._write_orders(some, histories)
            if len(order_ids) <= _KEPT:
                closed |= {name: order for name, order in histories.items() if order.closed_at}
        for some in chunks(sorted(judged)):
            unread = some if len(order_ids) > _KEPT else [name for name in some if name not in order_ids]
            read = self._histories(unread)
            self._wins(some, [order for name in some if (order := read.get(name) or closed.get(name))])

    def _write_orders(self, order_ids: Iterable[str], histories: Mapping[str, Order]) -> set[str]:
        """Write the rows of orders; return the orders that follow one that came, went or moved."""
        connection = self.connection
        placed = {name: order for name, order in histories.items() if order.placed is not None}
        groups = projections.groups(connection, {_customer(order) for order in placed.values()})
        made = {name: rows.order_row(order, groups.root(_customer(order))) for name, order in placed.items()}
        old = projections.positions(connection, order_ids)
        moved = {name for name in old.keys() | made.keys() if old.get(name) != rows.position(made.get(name))}
        following = projections.neighbours(connection, moved & old.keys())
        counts = {
            name: made[name]["kind"] == "normal"
            and order.quarantined is None
            and not groups.internal(_customer(order))
            for name, order in placed.items()
        }
        lines = [row for name, order in placed.items() for row in rows.line_rows(order, counted=counts[name])]
        arrived = [
            row for name, order in placed.items() for row in rows.receipt_rows(order, counted=counts[name])
        ]
        risks = [row for name, order in placed.items() if counts[name] for row in rows.risk_rows(order)]
        answers = [
            row
            for name, order in histories.items()
            for row in rows.feedback_rows(order.feedback, counted=counts.get(name, True))
        ]
        projections.replace(connection, tables.orders, "order_id", order_ids, list(made.values()))
        projections.replace(connection, tables.order_lines, "order_id", order_ids, lines)
        projections.replace(connection, tables.receipts, "order_id", order_ids, arrived)
        projections.replace(connection, tables.risks, "order_id", order_ids, risks)
        subjects = [f"order/{name}" for name in order_ids]
        projections.replace(connection, tables.feedback, "subject", subjects, answers)
        return following | projections.neighbours(connection, moved & made.keys())

    def _wins(self, order_ids: Iterable[str], histories: Iterable[Order]) -> None:
        found = [rows.win_row(win) for case in self._cases(histories) for win in detect(case)]
        projections.replace(self.connection, tables.wins, "order_id", order_ids, found)

    def _cases(self, histories: Iterable[Order]) -> list[OrderCase]:
        """What the patterns look at: closed, normal orders of outside customers, nothing amiss."""
        orders = {
            order.order_id: order
            for order in histories
            if order.closed_at
            and not order.quarantined
            and order.placed
            and order.placed.data.kind == "normal"
        }
        groups = projections.groups(self.connection, {_customer(order) for order in orders.values()})
        orders = {name: order for name, order in orders.items() if not groups.internal(_customer(order))}
        if not orders:
            return []
        prior = projections.prior_orders(self.connection, orders)
        first = {
            name: accounts.is_first(
                order.placed.time if order.placed else self.as_of,
                prior.get(name),
                groups.accounts.get(groups.root(_customer(order))),
                self.rules,
            )
            for name, order in orders.items()
        }
        registered = self._in_force("customer", {_customer(orders[name]) for name in orders if first[name]})
        loose = self._loose_contradictions(orders.values(), groups)
        return [
            OrderCase(
                order,
                is_first=first[name],
                prior_at=prior.get(name),
                account=groups.accounts.get(groups.root(_customer(order))),
                registrations=tuple(
                    event
                    for event in registered.get(_customer(order), ())
                    if first[name] and isinstance(event.data, CustomerRegistered)
                ),
                loose_feedback=tuple(loose.get(name, ())),
            )
            for name, order in orders.items()
        ]

    def _loose_contradictions(
        self, orders: Iterable[Order], groups: projections.Groups
    ) -> dict[str, list[AnyEvent]]:
        """Feedback against a customer's orders that closed shortly before, by order."""
        window = timedelta(days=self.rules.feedback_window_days)
        by_customer = projections.loose_contradictions(
            self.connection, {groups.merged(_customer(order)) for order in orders}
        )
        if not by_customer:
            return {}
        keys = {key for told in by_customer.values() for key, _ in told}
        events = journal.named(self.connection, keys)
        return {
            order.order_id: [
                events[key]
                for key, said_at in by_customer.get(groups.merged(_customer(order)), ())
                if order.closed_at and order.closed_at <= said_at <= order.closed_at + window
            ]
            for order in orders
        }


def _above(account: Account | None) -> tuple[str | None, str | None]:
    return (account.parent_id, account.merged_into) if account else (None, None)


def _customer(order: Order) -> str:
    assert order.placed is not None, "asked only of placed orders"
    return order.placed.data.customer_id
