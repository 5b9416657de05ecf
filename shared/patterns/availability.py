"""Whether a product was there: what left in first shipments, what was short, what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from shared.events.deliveries import DeliveryDelivered, DeliveryShipped, ReturnAssessed, ReturnReceived
from shared.history.order import BAD_CAUSES
from shared.patterns.model import EventRef, Verdict
from shared.patterns.thresholds import threshold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from shared.history.order import Order
    from shared.patterns.product_case import ProductCase, ProductLine
    from shared.periods import Period

RETURNS_LIMIT = threshold(
    "returns.limit_ppm", "1000", "ppm", "where a product names no limit: more is a concern anywhere"
)
SENT_BACK = threshold(
    "returns.sent_back", "10", "percent", "who sends a tenth back, whatever for, did not want it"
)
ORDERED = threshold(
    "availability.ordered", "85", "percent of demand", "what cannot be ordered was not served"
)
_MILLION = 10**6


class Share(NamedTuple):
    """A part of a whole."""

    part: Decimal
    whole: Decimal

    @property
    def percent(self) -> Decimal | None:
        """None of nothing."""
        return 100 * self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Availability:
    """What became of the order lines first requested for some months."""

    case: ProductCase
    months: Sequence[Period]

    @cached_property
    def lines(self) -> list[ProductLine]:
        """Without those that customers cancelled in time."""
        return [line for line in self.case.lines(*self.months) if line.counts]

    @cached_property
    def histories(self) -> Mapping[str, Order]:
        """Their orders, with all events."""
        return self.case.record.histories(line.order_id for line in self.lines)

    @cached_property
    def first_pass(self) -> Share:
        """How much of what was ordered left in the first shipment of its line."""
        return Share(sum((qty for qty, _ in self._first), Decimal(0)), self.ordered)

    @cached_property
    def at_once(self) -> Share:
        """How much of it also left by the day promised first."""
        return Share(sum((qty for qty, in_time in self._first if in_time), Decimal(0)), self.ordered)

    @cached_property
    def _first(self) -> list[tuple[Decimal, bool]]:
        found = ((line, _first_shipment(self.histories[line.order_id], line.line_id)) for line in self.lines)
        return [
            (min(qty, line.ordered), self._local_day(line, left_at) <= (line.due or line.first_requested))
            for line, shipment in found
            if shipment is not None
            for left_at, qty in [shipment]
        ]

    def _local_day(self, line: ProductLine, at: datetime) -> date:
        return at.astimezone(self.histories[line.order_id].zone).date()

    @cached_property
    def ordered(self) -> Decimal:
        """How much was ordered."""
        return sum((line.ordered for line in self.lines), Decimal(0))

    @cached_property
    def otif(self) -> Share:
        """On time and in full on the first commit, of the lines confirmed; what is open is not served yet."""
        return _otif((line.verdict, line.on_time and line.in_full) for line in self.lines)

    @cached_property
    def otif_requested(self) -> Share:
        """The same by the day the customer asked for."""
        return _otif((line.requested_verdict, line.requested_on_time and line.in_full) for line in self.lines)

    @cached_property
    def short(self) -> Share:
        """Lines that stock did not suffice for: promised less, cancelled for it, or held up by it."""
        whole = [self.histories[line.order_id].lines[line.line_id] for line in self.lines]
        short = sum(line.backordered for line in whole)
        return Share(Decimal(short), Decimal(len(whole)))

    @cached_property
    def loaded(self) -> list[str]:
        """Orders of which something was loaded as history."""
        return sorted(n for n, order in self.histories.items() if any(e.data.backfill for e in order.events))

    def seen_live(self) -> Verdict:
        """No order was loaded as history."""
        return Verdict("orders_seen_live", not self.loaded, lambda: {"loaded_orders": self.loaded[:5]})

    def ordered_enough(self) -> Verdict:
        """Customers could order what they wanted: nothing was rationed."""
        wanted = sum((self.case.demand(month) or Decimal(0) for month in self.months), Decimal(0))
        ordered, least = self.ordered, ORDERED.of(self.case.rules)
        return Verdict(
            "nothing_rationed",
            ordered * 100 >= wanted * least,
            lambda: {"ordered": f"{ordered:f}", "demand": f"{wanted:f}", "least_percent": str(least)},
        )

    @cached_property
    def shipments(self) -> dict[EventRef, datetime]:
        """The events by which these lines left, or were accepted."""
        mine = {line.line_id for line in self.lines}
        return {
            EventRef(event.source, event.id): event.time
            for order in self.histories.values()
            for event in order.events
            if isinstance(event.data, DeliveryShipped | DeliveryDelivered)
            and any(part.line_id in mine for part in event.data.lines)
        }

    @cached_property
    def returns(self) -> Returns:
        """What came back of these lines, and of the product while it might have been of these."""
        told = [*self._returned(), *self._loose()]
        accepted = (self.histories[line.order_id].lines[line.line_id].accepted for line in self.lines)
        limit = self.case.product.quality_limit_ppm
        return Returns(
            bad=sum((qty for qty, cause in told if cause in BAD_CAUSES), Decimal(0)),
            unassessed=sum((qty for qty, cause in told if cause is None), Decimal(0)),
            everything=sum((qty for qty, _ in told), Decimal(0)),
            accepted=sum(accepted, Decimal(0)),
            limit_ppm=RETURNS_LIMIT.of(self.case.rules) if limit is None else limit,
            most_percent=SENT_BACK.of(self.case.rules),
        )

    def _returned(self) -> Iterator[tuple[Decimal, str | None]]:
        for line in self.lines:
            for back in self.histories[line.order_id].returns.values():
                cause = back.assessed.data.cause if back.assessed else None
                yield from ((e.data.qty, cause) for e in back.received if e.data.line_id == line.line_id)

    def _loose(self) -> Iterator[tuple[Decimal, str | None]]:
        """Returns of which nobody knows the order."""
        told, zone = self.case.record.told(), self.case.rules.zone
        window = timedelta(days=self.case.rules.return_window_days)
        until = self.months[-1].ends_at(zone) + window
        causes = {e.data.return_id: e.data.cause for e in told if isinstance(e.data, ReturnAssessed)}
        for event in told:
            if isinstance(event.data, ReturnReceived) and (
                self.months[0].starts_at(zone) <= event.time < until
            ):
                yield event.data.qty, causes.get(event.data.return_id)

    @property
    def settled_on(self) -> datetime:
        """When the months had ended, and the last line had closed."""
        closed = [self.histories[line.order_id].lines[line.line_id].closed_at for line in self.lines]
        ended = self.months[-1].ends_at(self.case.rules.zone) - timedelta(days=1)
        return max([ended, *(at for at in closed if at is not None)])


def _otif(lines: Iterable[tuple[str, bool]]) -> Share:
    scored = [met for verdict, met in lines if verdict not in ("excluded", "unconfirmed")]
    return Share(Decimal(sum(scored)), Decimal(len(scored)))


class Returns(NamedTuple):
    """Quantities that came back of what was accepted."""

    bad: Decimal
    """Assessed as a fault of quality, or damaged on the way."""
    unassessed: Decimal
    everything: Decimal
    """Whatever for."""
    accepted: Decimal
    limit_ppm: Decimal
    most_percent: Decimal

    @property
    def pending(self) -> bool:
        """Whether what is not assessed yet may speak against it."""
        return self.unassessed > 0 and self._too_bad(self.bad + self.unassessed)

    @property
    def reason(self) -> str | None:
        """What speaks against it."""
        if self._too_bad(self.bad):
            return f"{self.bad:f} of {self.accepted:f} came back with a fault, above {self.limit_ppm:f} ppm"
        if self.everything * 100 > self.most_percent * self.accepted:
            return f"{self.everything:f} of {self.accepted:f} were sent back"
        return None

    def _too_bad(self, qty: Decimal) -> bool:
        return qty * _MILLION > self.limit_ppm * self.accepted


def _first_shipment(order: Order, line_id: str) -> tuple[datetime, Decimal] | None:
    """When the first shipment of a line left, and how much; from receipts where nothing tells of leaving."""
    told = [
        ((event.data.shipment_id, event.source), event.time, part.qty)
        for event in order.events
        if isinstance(event.data, DeliveryShipped)
        for part in event.data.lines
        if part.line_id == line_id
    ] or [
        ((receipt.shipment_id, receipt.source), receipt.at, receipt.accepted + receipt.damaged)
        for receipt in order.lines[line_id].receipts
    ]
    if not told:
        return None
    shipment, left_at, _ = told[0]
    return left_at, sum((qty for of, _, qty in told if of == shipment), Decimal(0))
