"""What happened around the stories of a period: plain facts, gathered once for all readers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

OpenKind = Literal["roadblock", "overdue", "moved"]


@dataclass(frozen=True, slots=True)
class AccountLines:
    """The order lines of one customer that fell due in the period, against the first promise."""

    account_id: str
    due: int
    on_time: int
    in_full: int
    otif: int


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order at risk now: a roadblock stands, its first promise has passed, or was moved."""

    kind: OpenKind
    order_id: str
    account_id: str
    since: date
    """When the roadblock was raised; else the day first promised."""
    due: date | None = None
    """The day promised last, where one is."""
    category: str | None = None
    """Of the roadblock."""


@dataclass(frozen=True, slots=True)
class EarlyWarning:
    """What Sales told the plan before it was an order."""

    department: str
    on: date
    product_id: str | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """A product's forecasts for the period beside its demand, in one unit of measure."""

    product_id: str
    uom: str
    statistical: Decimal
    sales: Decimal
    demand: Decimal


@dataclass(frozen=True, slots=True)
class Trading:
    """Orders, promises, plans and teams of the period; empty where nothing is known."""

    accounts: tuple[AccountLines, ...] = ()
    open_orders: tuple[OpenOrder, ...] = ()
    """As of the edition's instant, whatever their period."""
    quarantined: tuple[tuple[str, str], ...] = ()
    """Orders that contradict themselves, with the reason."""
    missed: int = 0
    """Lines due in the period that were not on time in full."""
    missed_with: Mapping[str, int] = field(default_factory=dict)
    """Of those, the lines whose order had a roadblock of a category."""
    answered_by: Mapping[str, int] = field(default_factory=dict)
    """What was done on their orders: interventions by kind."""
    placed: int = 0
    """Orders placed in the period."""
    clean: int = 0
    """Of those, the ones with neither of what follows."""
    late_changed: int = 0
    """Of those, the ones changed inside the frozen fence."""
    with_errors: int = 0
    """Of those, the ones stopped by an error in the order."""
    warnings: tuple[EarlyWarning, ...] = ()
    forecasts: tuple[Forecast, ...] = ()
    teams: tuple[str, ...] = ()
    """Every department that took part in something in the last quarter."""
    merged: Mapping[str, str] = field(default_factory=dict)
    """The customer that another was merged into."""

    def account(self, customer_id: str | None) -> str | None:
        """The id under which a salesperson has a customer."""
        return None if customer_id is None else self.merged.get(customer_id, customer_id)


NOTHING = Trading()
