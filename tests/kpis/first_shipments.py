"""Two orders of six lines and 200 units, of which the first shipments held 170."""

from __future__ import annotations

from tests.make import at, confirmed, delivered, line, placed, shipped

Json = dict[str, object]


def two_orders() -> list[Json]:
    """Four of six lines left whole, no order did."""
    orders = {
        "SO-1": {"1": (50, 50), "2": (30, 30), "3": (40, 20)},
        "SO-2": {"1": (30, 30), "2": (20, 10), "3": (30, 30)},
    }
    events: list[Json] = []
    for name, lines in orders.items():
        who = {"order_id": name}
        asked = [line(line_id=number, qty=qty) for number, (qty, _) in lines.items()]
        events.append(placed(at("03-01"), *asked, **who))
        for number, (qty, first) in lines.items():
            events.append(confirmed("2026-03-12", qty=qty, line_id=number, **who))
            events.append(shipped(first, at("03-09"), shipment=f"S-{name}", line_id=number, **who))
            if first < qty:
                events.append(shipped(qty - first, at("03-10"), shipment=f"T-{name}", line_id=number, **who))
            events.append(delivered(qty, at("03-12"), part={"line_id": number}, **who))
    return events


def one(*shipments: Json, **asked: object) -> list[Json]:
    """An order of 100, promised for 12 March and accepted whole then."""
    return [placed(at("03-01"), line(**asked)), confirmed(), *shipments, delivered(100, at("03-12"))]
