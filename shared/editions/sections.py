"""What editions hold beside figures and stories; each part is frozen with its edition."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - read at run time, as the next ones
from decimal import Decimal  # noqa: TC003
from typing import Final, Literal

from shared.editions.trading import OpenKind  # noqa: TC001
from shared.kpis.model import Unit  # noqa: TC001
from shared.stories.model import Frozen, Quantity


class Customer(Frozen):
    """A customer as the audience may know it; without a name it is one of its segment."""

    account_id: str
    name: str | None
    segment: str | None = None
    discreet: bool = False
    """Whether some of the audience may not see the name."""


class OpenItem(Frozen):
    """An order at risk now, and whose it is."""

    kind: OpenKind
    order_id: str
    customer: Customer
    since: date
    due: date | None
    category: str | None


class Account(Frozen):
    """How the lines of one customer that fell due were kept, against the first promise."""

    customer: Customer
    due: int
    on_time: int
    in_full: int
    otif: int


class RiskLine(Frozen):
    """A roadblock category and what became of its roadblocks."""

    category: str
    raised: int
    saved: int
    late: int
    open: int = 0
    before: int = 0
    """Raised in the period before."""


class Missed(Frozen):
    """The lines that missed their promise, what was recorded on their orders, and what was done there."""

    due: int
    lines: int
    roadblocks: tuple[tuple[str, int], ...]
    answers: tuple[tuple[str, int], ...]


class Decision(Frozen):
    """What somebody has to decide, from what stands open; options and costs are in no event."""

    kind: Literal["roadblocks", "overdue", "quarantine", "target"]
    count: int
    since: date | None = None
    orders: tuple[str, ...] = ()
    """The first of them: of roadblocks the oldest, of overdue orders the newest."""
    targets: tuple[tuple[str, str | None], ...] = ()
    """Key and basis of the KPIs whose targets were missed."""


class Ask(Frozen):
    """The one thing that readers are asked for, and how often it was missing."""

    kind: Literal["clean_orders", "frozen_fence", "forecast", "early_warning"]
    count: int = 0


class Reach(Frozen):
    """The departments that the stories credit, of all that took part in anything."""

    told: tuple[str, ...]
    unseen: tuple[str, ...]


class ForecastLine(Frozen):
    """What the forecast of Sales added for a product: the statistical error less theirs, in units."""

    product: str
    gain: Decimal
    """Above zero where Sales came nearer to the demand."""
    apart: Quantity
    """The same without its sign."""
    demand: Quantity


class Plan(Frozen):
    """What reached the plan from Sales."""

    placed: int = 0
    clean: int = 0
    """Of those, the ones without an error and without a late change."""
    late_changed: int = 0
    with_errors: int = 0
    warnings: tuple[tuple[str, int], ...] = ()
    """Early warnings by department."""
    gains: tuple[ForecastLine, ...] = ()
    losses: tuple[ForecastLine, ...] = ()


class Restated(Frozen):
    """A figure that an earlier edition told and that reads otherwise now."""

    key: str
    basis: str | None
    period: str
    unit: Unit
    told: Decimal | None
    told_final: bool
    """Whether it was told as final, so that nobody had to expect a change."""
    now: Decimal | None
    now_final: bool
    told_in: str
    """The edition that told it last."""
    mailed: bool = True
    """Whether its mail told it, so that the mail restates it; else the page alone does, as it alone did."""


class ByHand(Frozen):
    """What editors chose themselves: wins to be told, wins to be left out, and an order; all by id."""

    pinned: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

    def place(self, win_id: str) -> int:
        """Where it stands; what nobody put anywhere comes after all others."""
        return self.order.index(win_id) if win_id in self.order else len(self.order)


NOBODY: Final = ByHand()
"""Nobody chose anything."""


class Note(Frozen):
    """What somebody wrote in thanks and lets everyone read; `by` where they wish to be named."""

    thanks_id: str
    text: str
    by: str | None
    department: str | None
    """None where not even this is to be said."""


class Thanked(Frozen):
    """The thanks of a period, and some of their notes: counted, and of nobody in particular."""

    given: int
    stories: int
    to_operations: int
    """From the Sales side to the Operations side."""
    to_sales: int
    """The other way."""
    notes: tuple[Note, ...] = ()


class Chosen(Frozen):
    """Whether a win is told in an edition, and why, for its editor."""

    win_id: str
    chosen: bool
    reason: str
