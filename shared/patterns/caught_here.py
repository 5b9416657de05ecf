"""A faulty lot was held and contained here, and no customer felt it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shared.events.deliveries import InterventionRecorded
from shared.events.orders import OrderHoldPlaced, OrderHoldReleased
from shared.history.units import is_piece
from shared.patterns import contributions
from shared.patterns.claim import HALF, Claim, Making
from shared.patterns.contradictions import first_against
from shared.patterns.finality import midnight_after
from shared.patterns.model import EventRef, Verdict
from shared.patterns.promises import kept
from shared.patterns.registry import subject_pattern
from shared.patterns.thresholds import threshold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from shared.events.envelope import Event
    from shared.history.line import Line
    from shared.history.order import Order
    from shared.patterns.hold_case import CameBack, HoldCase
    from shared.patterns.model import Contribution

NEAR = threshold(
    "caught_here.near_days",
    "60",
    "days before the hold",
    "the same fault may have left in the lots made before; what is older was made otherwise",
)
WINDOWS = threshold("caught_here.windows", "2", "return windows", "hidden faults show later than damage does")
ENOUGH = (
    ("intervention.demand_reallocation", "intervention.heads_up", "promise.agreed"),
    ("intervention.quality_containment",),
)
"""Sales arranged for it with the customer; Operations contained it."""


@subject_pattern("hold")
def caught_here(case: HoldCase) -> Claim | None:
    """Quality contained the fault; Sales arranged for the orders with their customers."""
    caught = _Caught(case)
    if not caught.placed or any(order.closed_at is None for order in case.orders):
        return None
    gates = (
        caught.for_quality,
        caught.before_delivery,
        caught.released,
        caught.kept_or_agreed,
        caught.contained,
        caught.seen_live,
        caught.material,
    )
    return Claim(gates, caught.make)


@dataclass(frozen=True)
class _Caught:
    """A hold with what was held."""

    case: HoldCase

    @cached_property
    def placed(self) -> list[tuple[Order, Event[OrderHoldPlaced]]]:
        """When which order was held first."""
        first: dict[str, tuple[Order, Event[OrderHoldPlaced]]] = {}
        for order, event in self._of(OrderHoldPlaced):
            first.setdefault(order.order_id, (order, event))
        return list(first.values())

    def _of(self, kind: type[OrderHoldPlaced | OrderHoldReleased]) -> Iterator[tuple[Order, Event[Any]]]:
        for order in self.case.orders:
            for event in order.events:
                if isinstance(event.data, kind) and event.data.hold_id == self.case.hold_id:
                    yield order, event

    @cached_property
    def began(self) -> datetime:
        """When the first order was held."""
        return min(event.time for _, event in self.placed)

    @cached_property
    def closed_at(self) -> datetime:
        """When the last order had been delivered."""
        return max(order.closed_at for order in self.case.orders if order.closed_at is not None)

    def for_quality(self) -> Verdict:
        """A fault was suspected: no bill, permit or paper."""
        kinds = sorted({event.data.kind for _, event in self.placed})
        return Verdict("for_quality", kinds == ["quality"], lambda: {"kinds": kinds})

    def before_delivery(self) -> Verdict:
        """Each order was held before the last of it arrived."""
        late = [o.order_id for o, event in self.placed if o.closed_at and event.time >= o.closed_at]
        return Verdict("before_delivery", not late, lambda: {"held_after_delivery": late})

    def released(self) -> Verdict:
        """Each order was released before anything more of it arrived: nobody went round the hold."""
        released = {order.order_id: event.time for order, event in self._of(OrderHoldReleased)}
        around = [
            order.order_id
            for order, event in self.placed
            if (until := released.get(order.order_id)) is None
            or until < event.time
            or any(
                event.time <= receipt.at < until for line in _held(order, event) for receipt in line.receipts
            )
        ]
        return Verdict("released", not around, lambda: {"not_released": around})

    def kept_or_agreed(self) -> Verdict:
        """Every line came on time and in full, or on a later day to which its customer had agreed in time."""
        lines = {
            f"{order.order_id}/{line_id}": how
            for order in self.case.orders
            for line_id in order.lines
            if (how := kept(order, line_id)) != "excluded"
        }
        passed = bool(lines) and "missed" not in lines.values()
        return Verdict("kept_or_agreed", passed, lambda: {"lines": lines})

    def contained(self) -> Verdict:
        """What was faulty was sorted out, while it was held or after."""
        found = [e.id for e in self._containments if self.began <= e.time <= self.closed_at]
        return Verdict("contained", bool(found), lambda: {"containments": found})

    @property
    def _containments(self) -> Iterator[Event[Any]]:
        told = [event for order in self.case.orders for event in order.events]
        for event in [*told, *self.case.about_products()]:
            data = event.data
            contains = isinstance(data, InterventionRecorded) and data.kind == "quality_containment"
            if contains and not data.backfill:
                yield event

    def seen_live(self) -> Verdict:
        """No decisive step was loaded from history."""
        holds = [event for kind in (OrderHoldPlaced, OrderHoldReleased) for _, event in self._of(kind)]
        loaded = [event.id for event in holds if event.data.backfill]
        lines = [o.order_id for o in self.case.orders if any(line.loaded for line in o.lines.values())]
        values = {"backfill_events": loaded, "loaded_orders": lines}
        return Verdict("seen_live", not loaded and not lines, lambda: values)

    def material(self) -> Verdict:
        """One order at least is worth telling: of the least value, or strategic."""
        least = self.case.rules.min_order_value
        worth = [
            order.order_id
            for order in self.case.orders
            if (order.value or Decimal(0)) >= least or (order.placed and order.placed.data.strategic)
        ]
        return Verdict("material", bool(worth), lambda: {"orders": worth, "min_order_value": str(least)})

    @cached_property
    def parts(self) -> list[Contribution]:
        """Who did what from the hold on; who is said to have caused it gets no credit."""
        orders = self.case.orders
        parts = [part for order in orders for part in contributions.of_order(order)]
        parts += contributions.of_events(self.case.about_products())
        caused = {
            block.raised.data.caused_by.person_id
            for order in orders
            for block in order.roadblocks.values()
            if block.raised.data.category == "quality_hold" and block.raised.data.caused_by
        }
        told = [part for part in parts if self.began <= part.time <= self.closed_at]
        return sorted(
            (part for part in told if part.person_id not in caused), key=lambda p: (p.time, p.event)
        )

    @cached_property
    def lots(self) -> set[str]:
        """The lots that were held."""
        return {event.data.lot for _, event in self.placed if event.data.lot is not None}

    @cached_property
    def escaped(self) -> list[CameBack]:
        """What came back faulty, or is not assessed: of a held lot, or of the product and made about then."""
        until = self.final_at
        since = self.began - timedelta(days=int(NEAR.of(self.case.rules)))

        def near(back: CameBack) -> bool:
            made_then = back.delivered_at is None or since <= back.delivered_at <= self.closed_at
            return self.began <= back.at < until and made_then

        return [
            back
            for back in self.case.came_back()
            if back.cause in (None, "quality") and (back.lot in self.lots or near(back))
        ]

    @cached_property
    def final_at(self) -> datetime:
        """When hidden faults, too, would have shown."""
        rules = self.case.rules
        days = int(WINDOWS.of(rules) * rules.return_window_days)
        closed = self.closed_at.astimezone(rules.zone).date()
        return midnight_after(rules, closed + timedelta(days=max(days, rules.feedback_window_days)))

    def make(self) -> Making:
        """What was done about it; what escaped, of its lot or its product, speaks against it."""
        refs = [(event.time, EventRef(*event.key)) for kind in _TOLD for _, event in self._of(kind)]
        refs += [(part.time, part.event) for part in self.parts]
        refs += [
            (receipt.at, EventRef(receipt.source, receipt.event_id))
            for order in self.case.orders
            for line in order.lines.values()
            for receipt in line.receipts
        ]
        return Making(
            parts=tuple(self.parts),
            facts=self.facts(),
            evidence=tuple(dict.fromkeys(ref for _, ref in sorted(refs))),
            final_at=self.final_at,
            value=self._value(),
            pending=any(back.cause is None for back in self.escaped)
            or any(line.unassessed for order in self.case.orders for line in order.lines.values()),
            reason=first_against(self.case.orders, self.case.loose_feedback) or self._escape(),
            enough=ENOUGH,
        )

    def _escape(self) -> str | None:
        """The first faulty return of what was held, or of the same product made about then."""
        for back in self.escaped:
            if back.cause == "quality":
                of = "the lot that was held" if back.lot in self.lots else "the same product"
                return f"return {back.return_id}, of {of}, was assessed: quality"
        return None

    def _value(self) -> Decimal:
        values = [order.value for order in self.case.orders]
        if None in values:
            return HALF
        worth = sum((value for value in values if value is not None), Decimal(0))
        return min(Decimal(1), worth / self.case.rules.full_order_value)

    def facts(self) -> dict[str, Any]:
        """What a story may state."""
        held = [line for order, event in self.placed for line in _held(order, event)]
        how = [kept(order, line_id) for order in self.case.orders for line_id in order.lines]
        released = [event.time for _, event in self._of(OrderHoldReleased)]
        zone = self.case.rules.zone
        dues = [line.last_commit for line in held if line.last_commit is not None]
        customers = {order.placed.data.customer_id for order in self.case.orders if order.placed}
        return {
            "hold_id": self.case.hold_id,
            "customer_id": self.case.customer_id,
            "customers": len(customers),
            "order_ids": [order.order_id for order, _ in self.placed],
            "product_ids": sorted({line.placed.product_id for line in held}),
            "lots": sorted(self.lots),
            "orders": len(self.placed),
            "lines": len(held),
            "pieces": self._pieces(held),
            "held_on": self.began.astimezone(zone).date().isoformat(),
            "released_on": max(released).astimezone(zone).date().isoformat(),
            "due_on": max(dues).isoformat(),
            "delivered_at": self.closed_at.astimezone(self.case.orders[0].zone).isoformat(),
            "agreed_lines": how.count("agreed"),
            "agreed": "agreed" in how,
            "return_window_days": int(WINDOWS.of(self.case.rules) * self.case.rules.return_window_days),
        }

    def _pieces(self, held: Sequence[Line]) -> str | None:
        """How many pieces were held; None where some of it is not counted in pieces."""
        if not all(is_piece(line.placed.uom) for line in held):
            return None
        return f"{sum((line.ordered for line in held), Decimal(0)).normalize():f}"


_TOLD = (OrderHoldPlaced, OrderHoldReleased)


def _held(order: Order, event: Event[OrderHoldPlaced]) -> list[Line]:
    """The lines that a hold names, or all of the order."""
    named = event.data.line_ids or tuple(order.lines)
    return [order.lines[line_id] for line_id in named if line_id in order.lines]
