"""Orders filled some days after they were placed."""

from __future__ import annotations

from tests import make
from tests.make import delivered, instant, placed

Json = dict[str, object]


def filled_after(*days: float) -> list[Json]:
    """One order each, placed at noon of 1 March."""
    start = instant("03-01")
    return [
        event
        for number, took in enumerate(days)
        for event in (
            placed(order_id=f"SO-{number}"),
            delivered(100, make.days(start, took).isoformat(), order_id=f"SO-{number}"),
        )
    ]
