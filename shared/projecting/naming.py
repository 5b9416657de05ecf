"""What the subjects of wins are called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shared.events.forecasts import ProductRegistered
from shared.store.names import names, product_names

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from shared.events.envelope import Event
    from shared.patterns.model import About
    from shared.projecting.reading import Reading
    from shared.stories.names import Names


def names_of(reading: Reading, wins: Iterable[About]) -> Names:
    """The names of the customers and products that these are about, as they were registered last."""
    wins = list(wins)
    called = names(reading.connection, {win.customer_id for win in wins if win.customer_id})
    products = {name for kind, _, name in (win.about.partition("/") for win in wins) if kind == "product"}
    if not products:
        return called
    told = {
        name: max((e for e in events if isinstance(e.data, ProductRegistered)), key=_when, default=None)
        for name, events in reading.in_force("product", products).items()
    }
    keys = {name: (e.source, e.id) for name, e in told.items() if e is not None}
    return replace(called, products=product_names(reading.connection, keys))


def _when(event: Event[ProductRegistered]) -> tuple[datetime, str, str]:
    return event.time, event.source, event.id
