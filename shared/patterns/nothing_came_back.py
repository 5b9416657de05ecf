"""Hundreds of pieces to a special requirement, and not one of them came back faulty."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from math import e, log10
from typing import TYPE_CHECKING, Any

from shared.events.deliveries import DeliveryShipped, InterventionRecorded
from shared.history.order import BAD_CAUSES
from shared.history.units import is_piece
from shared.patterns import gates
from shared.patterns.case import Finding, OrderCase
from shared.patterns.contributions import SIDES
from shared.patterns.model import Verdict
from shared.patterns.registry import pattern
from shared.patterns.thresholds import threshold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shared.events.payload import Person
    from shared.history.line import Line
    from shared.patterns.case import ReturnedElsewhere
    from shared.patterns.claim import Making

UNITS = threshold(
    "nothing_came_back.units",
    "300",
    "units",
    "where none of so many is faulty, at most 1 in 100 is, with 95% confidence (rule of three)",
)
USUAL = threshold(
    "nothing_came_back.usual_ppm",
    "1000",
    "ppm",
    "quality returns as they are usual in industry, for the score",
)

_LOG10_E = Decimal(str(log10(e)))


@pattern(premise=lambda case: any(line.placed.special_requirement for line in case.order.lines.values()))
def nothing_came_back(case: OrderCase) -> Finding:
    """Sales clarified what was required; Operations met it, piece by piece."""
    order = _Demanding(case)
    checks = (order.demanding, order.enough, order.sound_on_arrival, order.clarified)
    return Finding(
        (
            *(lambda _, check=check: check() for check in checks[:2]),
            gates.promise_kept,
            gates.no_slip,
            *(lambda _, check=check: check() for check in checks[2:]),
            gates.material,
            gates.seen_live,
        ),
        difficulty=Decimal("0.5"),
        refine=order.refine,
    )


@dataclass(frozen=True)
class _Demanding:
    """The lines of an order with a special requirement."""

    case: OrderCase

    @cached_property
    def lines(self) -> Sequence[Line]:
        """Of which every piece counts."""
        return [line for line in self.case.order.lines.values() if line.placed.special_requirement]

    @cached_property
    def units(self) -> Decimal:
        """Pieces accepted of them, of the unit with the most: units are never summed.

        What went back for another reason than a fault proves nothing.
        """
        kept: dict[str, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            if is_piece(line.placed.uom):
                kept[line.placed.uom] += line.accepted - self._sound_back(line.placed.line_id)
        return max(kept.values(), default=Decimal(0))

    def _sound_back(self, line_id: str) -> Decimal:
        returns = self.case.order.returns.values()
        sound = (back for back in returns if back.assessed and back.assessed.data.cause not in BAD_CAUSES)
        back = (e.data.qty for each in sound for e in each.received if e.data.line_id == line_id)
        return sum(back, Decimal(0))

    def demanding(self) -> Verdict:
        """Something special was required."""
        names = [line.placed.line_id for line in self.lines]
        return Verdict("special_requirement", bool(names), lambda: {"lines": names}, premise=True)

    def enough(self) -> Verdict:
        """Enough pieces to say something of."""
        least = UNITS.of(self.case.rules)
        return Verdict(
            "enough_units",
            self.units >= least,
            lambda: {"units": str(self.units), "least": str(least)},
            premise=2 * self.units < least,
        )

    def sound_on_arrival(self) -> Verdict:
        """Nothing was refused as damaged at the dock."""
        damaged = sum((receipt.damaged for line in self.lines for receipt in line.receipts), Decimal(0))
        return Verdict("sound_on_arrival", not damaged, lambda: {"damaged": str(damaged)})

    def clarified(self) -> Verdict:
        """The Sales side clarified the specification before the goods were accepted."""
        done = [
            event
            for event in self.case.order.events
            if isinstance(event.data, InterventionRecorded)
            and event.data.kind == "spec_clarification"
            and event.time <= self.case.closed_at
            and any(SIDES.get(who.department) == "sales" for who in _people(event.data))
        ]
        order = self.case.order
        kept_without = not order.events and "spec_clarification" in order.intervened  # it may be promising
        return Verdict(
            "specification_clarified",
            bool(done) or kept_without,
            lambda: {"clarified_at": [event.time.isoformat() for event in done]},
        )

    @cached_property
    def astray(self) -> Sequence[ReturnedElsewhere]:
        """What came back elsewhere and is of these lines as far as anyone can tell."""
        return [
            back
            for back in self.case.returned_elsewhere
            if any(_may_be_of(back, line, self.case) for line in self.lines)
        ]

    def refine(self, made: Making) -> Making:
        """A return that is booked elsewhere counts like one of the order."""
        bad = next((back for back in self.astray if back.cause in BAD_CAUSES), None)
        return replace(
            made,
            facts=made.facts | {"more": self._more()},
            rarity=self._rarity(),
            pending=made.pending or any(back.cause is None for back in self.astray),
            reason=made.reason or (_reason(bad) if bad else None),
        )

    def _more(self) -> dict[str, Any]:
        return {
            "units": f"{self.units.normalize():f}",
            "all_special": len(self.lines) == len(self.case.order.lines),
            "something_returned": bool(self.case.order.returns or self.astray),
        }

    def _rarity(self) -> Decimal:
        """R = −log10(p)/2 of the chance p = e^−f that none is faulty, where f faulty ones are usual."""
        usual = self.units * USUAL.of(self.case.rules) / 1_000_000
        return min(Decimal(1), usual * _LOG10_E / 2)


def _people(data: InterventionRecorded) -> Iterator[Person]:
    yield from ([data.actor] if data.actor else [])
    yield from data.participants


def _may_be_of(back: ReturnedElsewhere, line: Line, case: OrderCase) -> bool:
    """Of its lot; or, where no lot tells, of no order and within the return window."""
    if back.product_id != line.placed.product_id or not line.receipts or back.at < line.receipts[0].at:
        return False
    lots = _lots(line, case)
    if back.lot is not None and lots:
        return back.lot in lots
    window = timedelta(days=case.rules.return_window_days)
    return back.order_id is None and back.at <= case.closed_at + window


def _lots(line: Line, case: OrderCase) -> set[str]:
    """The lots it came from, as far as shipments and receipts tell."""
    shipped = {
        part.lot
        for event in case.order.events
        if isinstance(event.data, DeliveryShipped)
        for part in event.data.lines
        if part.line_id == line.placed.line_id
    }
    return {lot for lot in shipped | {receipt.lot for receipt in line.receipts} if lot is not None}


def _reason(back: ReturnedElsewhere) -> str:
    cause = (back.cause or "").replace("_", " ")
    return f"return {back.return_id}, which may be of this order, was assessed: {cause}"
