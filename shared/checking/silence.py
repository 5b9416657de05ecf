"""What a set of events cannot say, and what follows from that."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

from shared.events import customers, deliveries, forecasts, orders, sources
from shared.events.payload import OperationsSide, SalesSide

if TYPE_CHECKING:
    from shared.events.envelope import Event

_SALES, _OPERATIONS = frozenset(get_args(SalesSide)), frozenset(get_args(OperationsSide))
_MISSING: list[tuple[tuple[type, ...], str]] = [
    ((orders.OrderPlaced,), "no orders: there is nothing to judge"),
    (
        (orders.OrderConfirmed,),
        "no promise: on the bases first commit (of headlines) and last commit every line stays unconfirmed",
    ),
    (
        (deliveries.DeliveryDelivered,),
        "no receipt: lines stay open until the grace after their due day is over, and then count as missed",
    ),
    ((deliveries.DeliveryShipped,), "no shipments: fill rates have no data"),
    (
        (deliveries.RoadblockRaised, deliveries.InterventionRecorded),
        "no roadblocks and no interventions: what people overcame stays unknown",
    ),
    ((deliveries.ReturnReceived,), "no returns: silence counts as nothing came back"),
    ((customers.FeedbackReceived,), "no feedback: NPS and CSAT have no data"),
    ((forecasts.ForecastPublished,), "no forecasts: WAPE and bias have no data"),
    (
        (sources.SourceHeartbeat,),
        "no heartbeat: the source has told all up to its last event, and a quiet week looks like none",
    ),
]


@dataclass
class Heard:
    """What the events seen so far have said."""

    types: set[type] = field(default_factory=set)
    sides: set[str] = field(default_factory=set)
    history: bool = False
    prices: bool = False
    receipts: set[str] = field(default_factory=set)
    promised_as_asked: bool = True
    _asked: dict[tuple[str, str], Any] = field(default_factory=dict)

    def hear(self, event: Event[Any]) -> None:
        """Listen to one more."""
        data = event.data
        self.types.add(type(data))
        for person in (*([data.actor] if data.actor else []), *data.participants):
            if person.is_human:
                self.sides |= {"Sales"} if person.department in _SALES else set()
                self.sides |= {"Operations"} if person.department in _OPERATIONS else set()
        match data:
            case customers.CustomerRegistered():
                self.history = self.history or bool(data.history_from or data.first_won_at)
            case orders.OrderPlaced():
                self.prices = self.prices or any(line.unit_price is not None for line in data.lines)
                self._asked |= {(data.order_id, line.line_id): line.requested_on for line in data.lines}
            case orders.OrderConfirmed():
                self.promised_as_asked = self.promised_as_asked and all(
                    self._asked.get((data.order_id, line.line_id), line.committed_on) == line.committed_on
                    for line in data.lines
                )
            case deliveries.DeliveryDelivered():
                self.receipts.add(data.evidence)

    def silences(self) -> list[str]:
        """One sentence for each thing that was not said, the weightiest first."""
        return [*self._people(), *self._kinds(), *self._details()]

    def _people(self) -> list[str]:
        mute = [side for side in ("Sales", "Operations") if side not in self.sides]
        if not mute:
            return []
        return [
            f"no people of {' or '.join(mute)}: no joint win is possible, as each needs people of both sides"
        ]

    def _kinds(self) -> list[str]:
        return [said for kinds, said in _MISSING if self.types.isdisjoint(kinds)]

    def _details(self) -> list[str]:
        found = []
        if not self.history:
            found.append("no history_from of customers: no order counts as a first order")
        if orders.OrderPlaced in self.types and not self.prices:
            found.append("no prices: orders have no value to weigh wins by")
        if self.receipts == {"estimated"}:
            found.append("every receipt is an estimate: the source names no date of receipt")
        if orders.OrderConfirmed in self.types and self.promised_as_asked:
            found.append("every promise is what was asked: promised and requested dates tell the same")
        return found
