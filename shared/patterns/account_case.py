"""What patterns over a customer look at: its lines and orders around the end of a month."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.patterns.claim import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from shared.events.envelope import Event
    from shared.history.account import Account
    from shared.history.order import Order


class AccountLine(NamedTuple):
    """A counted order line as its projection has it; bases are those of the first commit unless named."""

    order_id: str
    line_id: str
    customer_id: str
    product_id: str
    currency: str
    placed_at: datetime
    ordered: Decimal
    in_full: bool
    excluded_adjusted: str | None
    closed_at: datetime | None
    """When the receipt came by which the line closed; None while it is open, or where nothing came."""
    ended_at: datetime | None
    ended_by: str | None
    """`filled`, `closed` (short) or `cancelled`."""
    documents_ok: bool | None
    condition_ok: bool | None
    value: Decimal | None
    slips: int
    fence_changes: int
    special: bool
    requested_due: date | None
    requested_on_time: bool
    due: date | None
    verdict: str
    on_time: bool
    overdue_at: datetime | None
    last_due: date | None

    @property
    def perfect(self) -> bool | None:
        """On time, in full, with right papers and sound; None while one of these is unknown."""
        parts = (self.on_time, self.in_full, self.documents_ok, self.condition_ok)
        if False in parts:
            return False
        return None if None in parts else True


class AccountOrder(NamedTuple):
    """An order with its counted lines."""

    order_id: str
    placed_at: datetime
    lines: tuple[AccountLine, ...]

    @property
    def counting(self) -> tuple[AccountLine, ...]:
        """Without lines that the customer cancelled in time."""
        return tuple(line for line in self.lines if line.verdict != "excluded")

    @property
    def due(self) -> date | None:
        """The last day first promised; None while a line that counts is not confirmed."""
        dues = [line.due for line in self.counting]
        return None if None in dues or not dues else max(due for due in dues if due is not None)

    @property
    def closed_at(self) -> datetime | None:
        """The last receipt by which a line closed; None while a line is open."""
        if any(line.ended_at is None for line in self.lines):
            return None
        return max((line.closed_at for line in self.lines if line.closed_at is not None), default=None)

    @property
    def perfect(self) -> bool | None:
        """Whether every line that counts was perfect; None while one is unknown and none failed."""
        told = {line.perfect for line in self.counting}
        if False in told:
            return False
        return None if None in told or not told else True


@dataclass(frozen=True)
class AccountCase(Case):
    """A root customer, its merged and child customers included, at the end of a month."""

    account: Account | None
    lines: Sequence[AccountLine]
    """Counted lines of orders placed in the `MONTHS` before the month's end and since, by placing."""
    told: Callable[[], Sequence[Event[Any]]]
    """Events of the customers that name no order, in force: feedback, invoices, opportunities."""
    histories: Callable[[Iterable[str]], Mapping[str, Order]]
    """Whole orders, with their events, by id."""

    @property
    def customer_id(self) -> str:
        """The root customer."""
        return self.about.partition("/")[2]

    @cached_property
    def orders(self) -> tuple[AccountOrder, ...]:
        """The orders, by placing."""
        return tuple(
            AccountOrder(order_id, placed_at, tuple(lines))
            for (placed_at, order_id), lines in groupby(self.lines, lambda x: (x.placed_at, x.order_id))
        )


MONTHS = 24
"""How far back a case looks from its month's end."""
