"""Customers with their roots, as orders need them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shared.store import projections

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from shared.history.account import Account
    from shared.history.order import Order

_MOST = 50_000


@dataclass(slots=True)
class Groups:
    """Some customers with their roots; one that was never registered stands for itself."""

    roots: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Root and merged customer, by id."""
    accounts: dict[str, Account] = field(default_factory=dict)
    ours: set[str] = field(default_factory=set)
    """Those that are, or whose root is, ourselves."""

    def load(self, connection: Connection, customer_ids: Iterable[str]) -> None:
        """Read the customers that are not here yet."""
        if len(self.roots) > _MOST:
            self.clear()
        if not (missing := set(customer_ids) - self.roots.keys()):
            return
        found = projections.roots(connection, missing)
        self.accounts |= projections.accounts(connection, missing | {root for root, _ in found.values()})
        self.roots |= {name: (name, name) for name in missing} | found
        self.ours |= {name for name in missing if self._is_ours(name)}

    def _is_ours(self, customer_id: str) -> bool:
        found = (self.accounts.get(customer_id), self.root_account(customer_id))
        return any(account.is_internal for account in found if account)

    def clear(self) -> None:
        """Forget them: master data changed."""
        self.roots.clear()
        self.accounts.clear()
        self.ours.clear()

    def root(self, customer_id: str) -> str:
        """Parents and merges followed."""
        return self.roots[customer_id][0]

    def merged(self, customer_id: str) -> str:
        """Merges followed."""
        return self.roots[customer_id][1]

    def root_account(self, customer_id: str) -> Account | None:
        """The master data of the root customer."""
        return self.accounts.get(self.root(customer_id))

    def internal(self, customer_id: str) -> bool:
        """Whether the customer, or its root, is ourselves."""
        return customer_id in self.ours

    def counted(self, order: Order) -> bool:
        """Whether an order is in any KPI, and may win."""
        if order.placed is None or order.quarantined is not None:
            return False
        placed = order.placed.data
        return placed.kind == "normal" and not self.internal(placed.customer_id)
