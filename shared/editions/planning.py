"""What reached the plan from Sales: early warnings, clean orders, and forecasts that were better or worse."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from shared.editions.sections import ForecastLine, Plan
from shared.stories.model import Quantity

if TYPE_CHECKING:
    from shared.editions.model import Material
    from shared.editions.trading import Forecast
    from shared.stories.names import Names

MOST: Final = 5
"""Products gained and lost: ten in all, which a meeting can go through."""


def plan(material: Material, most: int = MOST) -> Plan:
    """Counts of the period, and the products whose forecast Sales changed most, for better and worse."""
    trading = material.trading
    lines = [_line(each, material.names) for each in trading.forecasts]
    ranked = sorted(lines, key=lambda each: (-each.gain, each.product))
    warned = Counter(each.department for each in trading.warnings)
    return Plan(
        placed=trading.placed,
        clean=trading.clean,
        late_changed=trading.late_changed,
        with_errors=trading.with_errors,
        warnings=tuple(sorted(warned.items(), key=lambda pair: (-pair[1], pair[0]))),
        gains=tuple(each for each in ranked if each.gain > 0)[:most],
        losses=tuple(each for each in reversed(ranked) if each.gain < 0)[:most],
    )


def _line(found: Forecast, names: Names) -> ForecastLine:
    """How much nearer to the demand the forecast of Sales was than the statistical one."""
    gain = abs(found.statistical - found.demand) - abs(found.sales - found.demand)
    return ForecastLine(
        product=names.product(found.product_id),
        gain=gain,
        apart=Quantity(qty=abs(gain), uom=found.uom),
        demand=Quantity(qty=found.demand, uom=found.uom),
    )
