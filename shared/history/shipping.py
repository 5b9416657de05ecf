"""What left of each line: one shipment may be told in several events, and in any order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.instants import microseconds

if TYPE_CHECKING:
    from decimal import Decimal

    from shared.events.deliveries import DeliveryShipped
    from shared.events.envelope import Event
    from shared.history.order import Order


@dataclass(slots=True)
class Shipment:
    """What one source tells of one shipment of a line."""

    told: tuple[int, str, str]
    """When, by whom and in which event it was told first."""
    qty: Decimal


def ship(order: Order, event: Event[DeliveryShipped]) -> set[str]:
    """Note what left; return the lines that it left of. What left does not change how a line stands."""
    data, told = event.data, (microseconds(event.time), event.source, event.id)
    lines = set[str]()
    for part in data.lines:
        line = order.lines.get(part.line_id)
        if line is None or part.qty <= 0:
            continue
        lines.add(part.line_id)
        key = (event.source, data.shipment_id)
        known = line.shipments.get(key)
        if known is None:
            line.shipments[key] = Shipment(told, part.qty)
        else:
            known.told, known.qty = min(known.told, told), known.qty + part.qty
    return lines
