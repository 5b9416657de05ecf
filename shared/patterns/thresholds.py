"""The numbers that patterns other than those of orders leave to the company: each stands in its pattern."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.rules import Rules

THRESHOLDS: dict[str, Threshold] = {}
"""By name; complete once the patterns are loaded."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number of a pattern, set in `TANDEM_THRESHOLDS` by its name."""

    name: str
    default: Decimal
    unit: str
    reason: str
    """Why the default is what it is."""

    def of(self, rules: Rules) -> Decimal:
        """As the company set it, else the default."""
        return dict(rules.thresholds).get(self.name, self.default)


def threshold(name: str, default: str, unit: str, reason: str) -> Threshold:
    """Declare a number of a pattern, named `<pattern>.<what>`."""
    if name in THRESHOLDS:
        raise ValueError(f"two thresholds are called {name}")
    THRESHOLDS[name] = Threshold(name, Decimal(default), unit, reason)
    return THRESHOLDS[name]
