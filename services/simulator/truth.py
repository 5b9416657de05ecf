"""What a detector should find in the year, as of its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from services.simulator.season import ORGANISATION

if TYPE_CHECKING:
    from datetime import datetime

    from services.simulator.episodes.model import Claim
    from services.simulator.plan import Plan
    from services.simulator.traps import Trap


@dataclass(slots=True)
class Truth:
    """Collects wins, highlights and traps; those not closed at `as_of` are no wins yet.

    `claims` is what patterns must make of the episodes that play within the year.
    """

    seed: int
    as_of: datetime
    claims: list[Claim] = field(default_factory=list)
    _wins: list[tuple[str, Plan, str]] = field(default_factory=list)
    _highlights: list[tuple[str, Plan, str | None]] = field(default_factory=list)
    _traps: list[tuple[Trap, Plan]] = field(default_factory=list)

    def win(self, pattern: str, plan: Plan, variant: str) -> None:
        """A joint win, and the special way it came about."""
        self._wins.append((pattern, plan, variant))

    def highlight(self, pattern: str, plan: Plan, side: str | None) -> None:
        """One side did it alone."""
        self._highlights.append((pattern, plan, side))

    def trap(self, trap: Trap, plan: Plan) -> None:
        """A trap; where it expects a joint win or a highlight, that is kept as one too."""
        self._traps.append((trap, plan))
        for pattern, expected in trap.expected.items():
            if expected == "joint":
                self.win(pattern, plan, trap.kind)
            elif expected == "highlight":
                self.highlight(pattern, plan, None)

    def plans(self) -> list[Plan]:
        """Every order whose outcome is known here, which nothing else may spoil."""
        return [plan for _, plan, _ in self._wins + self._highlights] + [plan for _, plan in self._traps]

    def document(self) -> dict[str, Any]:
        """What `truth.json` holds."""
        return {
            "seed": self.seed,
            "as_of": self.as_of.isoformat(),
            "wins": [
                self._found(pattern, plan, "joint") | {"variant": variant}
                for pattern, plan, variant in self._wins
                if self._closed(plan)
            ],
            "highlights": [
                self._found(pattern, plan, "highlight") | ({"side": side} if side else {})
                for pattern, plan, side in self._highlights
                if self._closed(plan)
            ],
            "traps": [
                {"kind": trap.kind, "order_id": plan.order_id, "pattern": pattern, "expected": expected}
                for trap, plan in self._traps
                for pattern, expected in trap.expected.items()
                if expected != "joint"
            ],
            "episodes": [claim.document() for claim in self.claims],
        }

    def _closed(self, plan: Plan) -> bool:
        return bool(plan.receipts) and plan.closed_at <= self.as_of

    def _found(self, pattern: str, plan: Plan, kind: str) -> dict[str, Any]:
        final_at = plan.final_at()
        return {
            "pattern": pattern,
            "order_id": plan.order_id,
            "customer_id": plan.customer.customer_id,
            "kind": kind,
            "status": "final" if final_at <= self.as_of else "provisional",
            "month": f"{final_at.astimezone(ORGANISATION):%Y-%m}",
        }
