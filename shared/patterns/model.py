"""What a pattern finds: a joint win or a highlight, with its contributions, gates and evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime  # noqa: TC003 - the store reads these annotations to read a win back
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

Side = Literal["sales", "operations"]
Kind = Literal["joint", "highlight"]
Status = Literal["provisional", "final", "revoked"]


class EventRef(NamedTuple):
    """The name of one event for ever: `source` and `id`."""

    source: str
    id: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """One person's part in one event.

    `action` is the event's noun and verb, or the kind of the intervention: `order.placed`,
    `delivery.delivered`, `roadblock.resolver`, `roadblock.communicator`, `intervention.stock_transfer`,
    `promise.agreed`. `weight` is 0.25 (routine) or 1 (out of the ordinary).
    """

    side: Side
    person_id: str
    department: str
    role: str | None
    action: str
    weight: Decimal
    time: datetime
    event: EventRef


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition of a pattern, whether it held, and the values it was judged by."""

    name: str
    passed: bool
    values: dict[str, Any]


class Verdict(NamedTuple):
    """A gate's answer on one case; its values are worked out only for what becomes a win."""

    name: str
    passed: bool
    values: Callable[[], dict[str, Any]]
    premise: bool = False
    """Whether it only says what the pattern is about: what fails it did not nearly win."""


class About(Protocol):
    """What is about a subject: a win, or what nearly was one."""

    @property
    def about(self) -> str:
        """The subject without its period, such as `customer/C-1`."""

    @property
    def subject(self) -> str:
        """With it, such as `customer/C-1/2026-03`."""

    @property
    def customer_id(self) -> str | None:
        """The customer, if it is of one."""

    @property
    def facts(self) -> dict[str, Any]:
        """What may be told of it."""


@dataclass(frozen=True, slots=True)
class Win:
    """A joint win or a highlight: a pure function of the events; its status follows from the time."""

    win_id: str
    pattern: str
    kind: Kind
    side: Side | None
    """Who acted, for a highlight; None for a joint win."""
    subject: str
    """What the win is about, such as `order/SO-1` or `customer/C-1/2026-03`."""
    about: str
    """The same without the period: what is judged as a whole."""
    ends_on: date | None
    """The day after its period; None where the subject names none."""
    customer_id: str | None
    order_id: str | None
    facts: dict[str, Any]
    sales: tuple[Contribution, ...]
    operations: tuple[Contribution, ...]
    jointness: Decimal
    score: Decimal
    gates: tuple[Gate, ...]
    evidence: tuple[EventRef, ...]
    final_at: datetime
    pending: bool
    """A return still waits for its assessment: not final, whatever the time."""
    reason: str | None
    """Why it was revoked; None while nothing contradicts it."""
    quality: Decimal = Decimal(1)
    """Of the proof, as it is in the score."""
    rarity: Decimal = Decimal("0.5")
    """As it is in the score; a half where the subject's own record does not tell."""
    ceiling: Decimal = Decimal(100)
    """The most that its pattern may score."""

    def status(self, as_of: datetime) -> Status:
        """Provisional before `final_at`, final from it on, revoked once contradicted."""
        if self.reason is not None:
            return "revoked"
        return "provisional" if self.pending or as_of < self.final_at else "final"
