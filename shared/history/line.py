"""An order line: what was ordered and promised of it, and what arrived."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date, datetime

    from shared.events.orders import OrderLine
    from shared.history.shipping import Shipment

SortKey = tuple[int, int, str, str]
"""When something happened, where it stands within that instant, and its name."""
EVIDENCE = ("pod", "receiving_advice", "carrier", "estimated")
"""From the best proof of delivery to the weakest."""


@dataclass(slots=True)
class Receipt:
    """What the customer accepted of a line at one time."""

    key: SortKey
    at: datetime
    source: str
    event_id: str
    shipment_id: str
    evidence: str
    accepted: Decimal
    damaged: Decimal
    lot: str | None
    documents_ok: bool | None
    returned: Decimal = Decimal(0)
    """Units of it that came back, whyever."""
    returned_bad: Decimal = Decimal(0)
    """Units of it that came back and were assessed as a quality fault."""


@dataclass(slots=True)
class Closing:
    """How a line ended."""

    key: SortKey
    at: datetime
    how: Literal["filled", "closed", "cancelled"]
    by_customer: bool = False
    no_stock: bool = False


@dataclass(slots=True)
class Line:
    """One order line; dates are business dates of the ship-to, quantities in `uom`."""

    placed: OrderLine
    ordered: Decimal
    requested: date
    first_requested: date
    first_commit: date | None = None
    last_commit: date | None = None
    earliest_commit: date | None = None
    """Of all days that ever were its first commit."""
    committed_qty: Decimal | None = None
    slips: int = 0
    receipts: list[Receipt] = field(default_factory=list)
    endings: list[Closing] = field(default_factory=list)
    shipments: dict[tuple[str, str], Shipment] = field(default_factory=dict)
    """By source and shipment."""
    loaded: bool = False
    """Whether a step that decides anything about it was loaded as history."""
    fence_changes: int = 0
    """Changes inside the frozen fence, by whomever."""
    shortage: bool = False
    customer_site: bool = False
    returned: Decimal = Decimal(0)
    bad_returns: bool = False
    unassessed: bool = False
    closing: Closing | None = None
    closed_at: datetime | None = None
    accepted: Decimal = Decimal(0)
    """All that the customer accepted so far, also after the line closed."""
    in_full: bool = False
    """Accepted within both tolerances of the ordered quantity."""
    settled: bool = False
    """Whether what follows from its receipts and endings stands as they do."""

    def commit(self, on: date) -> None:
        """Promise for the first time, or anew after the customer moved it."""
        self.first_commit = self.last_commit = on
        self.earliest_commit = min(on, self.earliest_commit or on)

    def promise(self, on: date, *, by_customer: bool) -> None:
        """Move the promise: the customer re-bases all dates; by anyone else a later one is a slip."""
        if by_customer:
            self.requested = on
            self.commit(on)
            return
        if self.last_commit is None:
            return  # nothing was promised: the line stays unconfirmed until it is confirmed
        self.slips += on > self.last_commit
        self.last_commit = on

    def settle(self) -> None:
        """Find what was accepted, and how and when the line closed, from all its receipts and endings."""
        self.settled = True
        if not self.receipts and not self.endings:
            return
        self.receipts = _one_receipt_each(self.receipts)
        arrivals = [receipt for receipt in self.receipts if receipt.accepted > 0]
        self.accepted = sum((receipt.accepted for receipt in arrivals), Decimal(0))
        under, over = 100 - self.placed.under_tolerance, 100 + self.placed.over_tolerance
        self.in_full = self.ordered * under <= self.accepted * 100 <= self.ordered * over
        closing = min([*self.endings, *self._filled(arrivals)], key=lambda ending: ending.key, default=None)
        self.closing = closing
        if closing is None or closing.how == "cancelled":
            return
        until = [receipt.at for receipt in arrivals if receipt.key <= closing.key]
        self.closed_at = until[-1] if until else None

    @property
    def first_shipped(self) -> Decimal | None:
        """What the shipment held that was told first; None where none was told."""
        first = min(self.shipments.values(), key=lambda shipment: shipment.told, default=None)
        return None if first is None else first.qty

    @property
    def backordered(self) -> bool:
        """Whether stock was short of it: promised in part, cancelled or held up for lack of it."""
        promised_less = self.committed_qty is not None and self.committed_qty < self.ordered
        return self.shortage or promised_less or (self.closing is not None and self.closing.no_stock)

    @property
    def enough(self) -> Decimal:
        """A hundred times the ordered quantity less what may be missing."""
        return self.ordered * (100 - self.placed.under_tolerance)

    def _filled(self, arrivals: list[Receipt]) -> list[Closing]:
        enough, total = self.enough, Decimal(0)
        for receipt in arrivals:
            total += receipt.accepted
            if total * 100 >= enough:
                return [Closing(receipt.key, receipt.at, "filled")]
        return []


def _one_receipt_each(receipts: list[Receipt]) -> list[Receipt]:
    """Of sources that report one shipment, keep the one with the better evidence, then the earlier."""
    if len({receipt.source for receipt in receipts}) > 1:
        best: dict[str, Receipt] = {}
        for receipt in sorted(
            receipts, key=lambda r: (EVIDENCE.index(r.evidence), r.at, r.source, r.event_id)
        ):
            best.setdefault(receipt.shipment_id, receipt)
        receipts = [r for r in receipts if best[r.shipment_id].source == r.source]
    return sorted(receipts, key=lambda receipt: receipt.key)
