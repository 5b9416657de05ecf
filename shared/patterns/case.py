"""What a pattern looks at, and what it says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.events.customers import CustomerRegistered, FeedbackReceived
    from shared.events.envelope import Event
    from shared.history.account import Account
    from shared.history.order import Order, Roadblock
    from shared.patterns.claim import Making
    from shared.patterns.model import Verdict
    from shared.rules import Rules

_SERIOUS = ("medium", "high")


class ReturnedElsewhere(NamedTuple):
    """Goods that came back under no order, or under another order of the same customer."""

    order_id: str | None
    return_id: str
    product_id: str | None
    lot: str | None
    at: datetime
    cause: str | None
    """What it was assessed to be; None while it was not."""


@dataclass(frozen=True)
class OrderCase:
    """A closed, normal order of an outside customer, with what is known around it."""

    order: Order
    is_first: bool | None
    prior_at: datetime | None = None
    account: Account | None = None
    """The root customer."""
    registrations: tuple[Event[CustomerRegistered], ...] = ()
    loose_feedback: tuple[Event[FeedbackReceived], ...] = ()
    """Feedback of the customer that names no order, within the window after this one closed."""
    returned_elsewhere: tuple[ReturnedElsewhere, ...] = ()
    """What may be of a demanding order and came back under no order, or under another one."""

    @property
    def rules(self) -> Rules:
        """How events are judged."""
        return self.order.rules

    @cached_property
    def closed_at(self) -> datetime:
        """The last receipt by which a line closed."""
        closed_at = self.order.closed_at
        assert closed_at is not None, "only closed orders make a case"
        return closed_at

    @cached_property
    def beaten(self) -> tuple[Roadblock, ...]:
        """The roadblocks that count: serious, raised early enough, lasting, resolved in time."""
        blocks = self.order.roadblocks.values()
        return tuple(block for block in blocks if all(self.roadblock_values(block)["passed"].values()))

    def roadblock_values(self, block: Roadblock) -> dict[str, Any]:
        """Judge one roadblock by each condition, with the values it was judged by."""
        raised, resolved = block.raised, block.resolved
        data = raised.data
        human = data.detected_by == "human" if data.detected_by else bool(data.actor and data.actor.is_human)
        lasted = resolved.time - raised.time if resolved else None
        due = self._due_instant(data.line_ids)
        notice = timedelta(hours=self.rules.roadblock_notice_hours)
        least = timedelta(minutes=self.rules.roadblock_least_minutes)
        passed = {
            "serious": human or (data.severity in _SERIOUS and (data.predicted_delay_days or 0) >= 1),
            "raised_early_enough": due is not None and raised.time <= due - notice,
            "lasted": lasted is not None and lasted >= least,
            "resolved_on_original_promise": resolved is not None
            and resolved.data.outcome == "on_original_promise",
        }
        return {
            "roadblock_id": data.roadblock_id,
            "raised_at": raised.time.isoformat(),
            "resolved_at": resolved.time.isoformat() if resolved else None,
            "due": due.isoformat() if due else None,
            "detected_by": "human" if human else "system",
            "severity": data.severity,
            "predicted_delay_days": data.predicted_delay_days,
            "passed": passed,
        }

    def _due_instant(self, line_ids: tuple[str, ...]) -> datetime | None:
        """The start of the first due day (first commit) of the lines a roadblock stood before."""
        lines = self.order.lines
        dues = [lines[line_id].first_commit for line_id in (line_ids or tuple(lines)) if line_id in lines]
        known = [due for due in dues if due is not None]
        return datetime.combine(min(known), time(), self.order.zone) if known else None


@dataclass(frozen=True, slots=True)
class Finding:
    """A pattern's gates, and, where all pass, what the win is made of."""

    gates: tuple[Callable[[OrderCase], Verdict], ...]
    """In the order in which they are asked; a win needs them all."""
    roadblocks: tuple[Roadblock, ...] = ()
    difficulty: Decimal = Decimal(0)
    """0 to 1: how hard it was."""
    routine_is_enough: bool = False
    """Whether order.placed and order.confirmed or delivered make it joint, without more."""
    registrations: tuple[Event[CustomerRegistered], ...] = field(default=())
    refine: Callable[[Making], Making] = lambda made: made
    """What the pattern says otherwise than every pattern of orders."""
