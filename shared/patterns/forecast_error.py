"""How far a forecast was from demand, and from what anybody could have said without it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Pairs = Sequence[tuple[Decimal, Decimal]]
    """Forecast and demand of each month."""

_PERCENT = 100


def wape(pairs: Pairs) -> Decimal | None:
    """Σ|F - A| / ΣA, percent; None without demand."""
    return _over_demand((abs(f - a) for f, a in pairs), pairs)


def bias(pairs: Pairs) -> Decimal | None:
    """Σ(F - A) / ΣA, percent, + is too much; None without demand."""
    return _over_demand((f - a for f, a in pairs), pairs)


def tracking_signal(pairs: Pairs) -> Decimal:
    """Σ(A - F) / mean|A - F|, + is too little; within ± the number of months; 0 without any error."""
    spread = sum((abs(a - f) for f, a in pairs), Decimal(0))
    if not spread:
        return Decimal(0)
    return sum((a - f for f, a in pairs), Decimal(0)) * len(pairs) / spread


def better(one: Pairs, other: Pairs) -> int:
    """In how many months one forecast was nearer than another."""
    return sum(abs(f - a) < abs(g - a) for (f, a), (g, _) in zip(one, other, strict=True))


def rounded(value: Decimal | None) -> str | None:
    """With one decimal, as gates and facts tell it; None where it is not known."""
    return None if value is None else f"{value:.1f}"


def _over_demand(errors: Iterable[Decimal], pairs: Pairs) -> Decimal | None:
    demand = sum((a for _, a in pairs), Decimal(0))
    return _PERCENT * sum(errors, Decimal(0)) / demand if demand else None
