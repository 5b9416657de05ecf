"""What an episode is: events that belong together, and what a detector must make of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.simulator.envelope import Event

Expected = Literal["joint", "highlight", "revoked", "none"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a pattern must make of a subject.

    `subject` names no period: `periods` holds those in which the win may begin to stand, and none where the
    subject itself is an order, a hold or a draft. `variant` is "plain", or the special way the win came
    about, or the name of the trap.
    """

    pattern: str
    subject: str
    expected: Expected
    periods: tuple[str, ...] = ()
    variant: str = "plain"

    def document(self) -> dict[str, Any]:
        """The row of the truth document."""
        return {
            "pattern": self.pattern,
            "subject": self.subject,
            "expected": self.expected,
            "periods": list(self.periods),
            "variant": self.variant,
        }


@dataclass(slots=True)
class Episode:
    """One planted win or trap; `also`: what other patterns inevitably make of the same events."""

    events: list[Event]
    pattern: str
    subject: str
    expected: Expected
    periods: tuple[str, ...]
    variant: str
    also: tuple[Claim, ...] = ()

    def claims(self) -> Iterator[Claim]:
        """Everything a detector must make of these events."""
        yield Claim(self.pattern, self.subject, self.expected, self.periods, self.variant)
        yield from self.also
