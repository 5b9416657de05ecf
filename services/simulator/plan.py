"""What will happen to one order: its lines, the hands it goes through, and every turn of its story."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from services.simulator.season import ORGANISATION, start_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from services.simulator.customers import Customer
    from services.simulator.people import Person
    from services.simulator.products import Product


@dataclass(slots=True)
class Line:
    """An order line; `qty` as first ordered, `due` as first promised."""

    line_id: str
    product: Product
    qty: Decimal
    price: Decimal
    requested: date
    due: date
    committed_qty: Decimal | None = None
    under: int = 0
    over: int = 0
    early_days: int | None = None

    @property
    def value(self) -> Decimal:
        """What the line costs, in the order's currency."""
        return self.qty * self.price


@dataclass(slots=True)
class Receipt:
    """One shipment: quantities by line, when it left and when it was accepted at the dock.

    `planned` and `scanned`: whether anybody tells of the plan, and of the leaving.
    """

    qty: dict[str, Decimal]
    shipped_at: datetime
    at: datetime
    shipper: Person | None = None
    receiver: Person | None = None
    damaged: dict[str, Decimal] = field(default_factory=dict)
    evidence: str = "pod"
    carrier: str = "Rheinland Spedition"
    documents_ok: bool | None = True
    days_until_recorded: int = 0
    planned: bool = True
    scanned: bool = True
    lot: str | None = None

    @property
    def lot_number(self) -> str:
        """The lot the goods come from; unless named, that of the day."""
        return self.lot or f"L{self.shipped_at:%y%j}"


@dataclass(slots=True)
class Step:
    """An intervention while a roadblock stood, or without one."""

    at: datetime
    kind: str
    person: Person
    description: str
    cause: str | None = None
    premium: bool = False
    cost: Decimal | None = None


@dataclass(slots=True)
class Roadblock:
    """What stood in the way, and how it was dealt with; `resolved_at` None: it never was."""

    category: str
    raised_at: datetime
    resolved_at: datetime | None
    raised_by: Person
    description: str
    action: str
    days: int = 3
    severity: str = "high"
    outcome: str = "on_original_promise"
    resolvers: list[tuple[Person, str]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    cost: Decimal | None = None
    caused_by: Person | None = None


@dataclass(slots=True)
class Turn:
    """Anything else that happens: one event, told as it is.

    `corrects` names an event of the same order by its kind and number, from 1.
    """

    kind: str
    at: datetime
    data: dict[str, Any]
    actor: Person | None = None
    source: str | None = None
    recorded_at: datetime | None = None
    initiator: str | None = None
    participants: list[tuple[Person, str]] = field(default_factory=list)
    corrects: tuple[str, int] | None = None
    about_order: bool = True


@dataclass(slots=True)
class Plan:
    """The whole life of one order; `cost_percent`: what its goods cost of their price, unless the usual."""

    order_id: str
    customer: Customer
    lines: list[Line]
    placed_at: datetime
    taker: Person | None
    confirmed_at: datetime | None
    confirmer: Person | None
    planner: Person | None
    receipts: list[Receipt] = field(default_factory=list)
    roadblocks: list[Roadblock] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    kind: str = "normal"
    strategic: bool = False
    backfill: bool = False
    invoiced: bool = True
    cost_percent: int | None = None
    truly_closed_at: datetime | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether nothing happened to this order of a customer but one delivery."""
        ours = self.kind != "normal" or self.customer.is_internal
        return len(self.receipts) == 1 and not self.turns and not self.roadblocks and not ours

    @property
    def due(self) -> date:
        """The last date first promised."""
        return max(line.due for line in self.lines)

    @property
    def due_start(self) -> datetime:
        """The instant before which something must happen to have happened before due."""
        return start_of(min(line.due for line in self.lines), self.customer.site.zone)

    @property
    def closed_at(self) -> datetime:
        """When the last shipment was accepted, as far as is known in the end."""
        return self.truly_closed_at or max(receipt.at for receipt in self.receipts)

    @property
    def value(self) -> Decimal:
        """What the order costs, in its currency."""
        return sum((line.value for line in self.lines), Decimal())

    def final_at(self) -> datetime:
        """When a win on this order can no longer be contradicted: 30 days after it closed."""
        closed = self.closed_at.astimezone(ORGANISATION) + timedelta(days=30)
        last = max(closed.date(), self.due + timedelta(days=3))
        return start_of(last + timedelta(days=1), ORGANISATION)


class OrderNumbers:
    """Order numbers: a prefix, the day, and a count within the day."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._used: Counter[date] = Counter()

    def next(self, day: date) -> str:
        """The next free number of `day`."""
        self._used[day] += 1
        return f"SO-{self._prefix}{day:%y%m%d}-{self._used[day]:02}"
