"""What patterns over a customer look at: its orders and answers around the end of a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.patterns.account_trade import Agreed
from shared.patterns.claim import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from shared.events.envelope import Event
    from shared.history.account import Account
    from shared.history.order import Order
    from shared.patterns.account_orders import AccountOrders, Overdue


class AccountLine(NamedTuple):
    """A counted order line as its projection has it; bases are those of the first commit unless named."""

    order_id: str
    product_id: str
    currency: str
    in_full: bool
    closed_at: datetime | None
    """When the receipt came by which the line closed; None while it is open, or where nothing came."""
    ended_at: datetime | None
    ended_by: str | None
    """`filled`, `closed` (short) or `cancelled`."""
    documents_ok: bool | None
    condition_ok: bool | None
    value: Decimal | None
    fence_changes: int
    special: bool
    requested_due: date | None
    due: date | None
    verdict: str
    on_time: bool

    @property
    def perfect(self) -> bool | None:
        """On time, in full, with right papers and sound; None where nobody told of the papers.

        What came back and is not assessed yet counts as sound: it keeps a win provisional.
        """
        if not (self.on_time and self.in_full) or self.condition_ok is False:
            return False
        return self.documents_ok

    @property
    def unassessed(self) -> bool:
        """Whether some of it came back and nobody has said why."""
        return self.condition_ok is None and self.closed_at is not None


@dataclass(frozen=True)
class AccountOrder:
    """An order with its counted lines."""

    order_id: str
    placed_at: datetime
    placed_on: date
    """In the organisation's time zone."""
    lines: tuple[AccountLine, ...]

    @cached_property
    def counting(self) -> tuple[AccountLine, ...]:
        """Without lines that the customer cancelled in time."""
        return tuple(line for line in self.lines if line.verdict != "excluded")

    @cached_property
    def due(self) -> date | None:
        """The last day first promised; None while a line that counts is not confirmed."""
        dues = [line.due for line in self.counting]
        return None if None in dues or not dues else max(due for due in dues if due is not None)

    @cached_property
    def closed_at(self) -> datetime | None:
        """The last receipt by which a line closed; None while a line is open."""
        if any(line.ended_at is None for line in self.lines):
            return None
        return max((line.closed_at for line in self.lines if line.closed_at is not None), default=None)

    @cached_property
    def filled_at(self) -> datetime | None:
        """When the last of all that counts had come; None while something is missing, or never came."""
        if not self.counting or any(line.ended_by != "filled" for line in self.counting):
            return None
        return max(line.closed_at for line in self.counting if line.closed_at is not None)

    @cached_property
    def otif(self) -> bool:
        """Whether every line that counts was on time and in full; False while one is not there."""
        return bool(self.counting) and all(line.on_time and line.in_full for line in self.counting)

    @cached_property
    def perfect(self) -> bool | None:
        """Whether every line that counts was perfect; None while one is unknown and none failed."""
        told = {line.perfect for line in self.counting}
        if False in told:
            return False
        return None if None in told or not told else True

    @property
    def unassessed(self) -> bool:
        """Whether some of it came back and nobody has said why."""
        return any(line.unassessed for line in self.lines)

    @cached_property
    def value(self) -> Decimal | None:
        """What its counting lines are worth, in the order's currency; None while a price is missing."""
        values = [line.value for line in self.counting]
        return None if None in values else sum((v for v in values if v is not None), Decimal(0))


class Answer(NamedTuple):
    """What the customer said, as its projection has it."""

    source: str
    id: str
    order_id: str | None
    kind: str
    points: int | None
    against: bool
    contact: str | None
    """A keyed hash; None where nobody told who it was."""
    time: datetime


@dataclass(frozen=True)
class AccountCase(Case):
    """A root customer, its merged and child customers included, at the end of a month."""

    account: Account | None
    record: AccountOrders
    """All its orders that any month looks at."""
    answers: Sequence[Answer]
    """All that the customer ever said, by time."""
    told: Callable[[], Sequence[Event[Any]]]
    """Events of the customers that name no order, in force: feedback, invoices, opportunities."""
    deeds: Callable[[], Sequence[Event[Any]]]
    """Interventions for these customers that name a product or a week instead of an order."""
    histories: Callable[[Iterable[str]], Mapping[str, Order]]
    """Whole orders, with their events, by id."""

    @property
    def customer_id(self) -> str:
        """The root customer."""
        return self.about.partition("/")[2]

    def day(self, instant: datetime) -> date:
        """The organisation's date."""
        return instant.astimezone(self.rules.zone).date()

    @cached_property
    def places(self) -> range:
        """Where in the record this month looks: the last `MONTHS` up to its end."""
        return self.record.places(self.during.back(MONTHS - 1).start, self.during.end)

    @cached_property
    def orders(self) -> Sequence[AccountOrder]:
        """Those placed in these months, by placing."""
        return self._at(self.places)

    def placed(self, first: date, before: date) -> Sequence[AccountOrder]:
        """The orders placed from a day on and before another, both within these months."""
        return self._at(self.record.places(first, before))

    def due(self, first: date, before: date) -> list[AccountOrder]:
        """The orders that fell due from a day on and before another, by placing."""
        found = self.record.due(first, before)
        return [self.record.orders[at] for at in sorted(at for _, _, at in found if at in self.places)]

    def last_due(self) -> Iterator[Agreed]:
        """What fell due before the month's end, the last first."""
        found = reversed(self.record.due(date.min, self.during.end))
        mine = (each for each in found if each[2] in self.places)
        for (due, placed_on), some in groupby(mine, itemgetter(0, 1)):
            yield Agreed(due, placed_on, tuple(self.record.orders[at] for _, _, at in some)[::-1])

    def overdue_after(self, day: date) -> list[Overdue]:
        """Its lines that were overdue at some time and did not end up to a day."""
        return [each for each in self.record.overdue_after(day) if each.place in self.places]

    def _at(self, places: range) -> Sequence[AccountOrder]:
        return self.record.orders[places.start : places.stop]


MONTHS = 36
"""How far back a case looks from its month's end."""
