from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from shared.events.catalogue import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.mapping import Mapped

FLAT = """
source = "urn:test"
timezone = "Europe/Berlin"
[files.orders]
path = "orders.csv"
[[events]]
type = "tandem.order.placed.v1"
from = "orders"
id = "{order}/placed"
time = { datetime = "{placed}" }
[events.data]
order_id = "{order}"
customer_id = "{customer}"
currency = "EUR"
lines = [ { line_id = "1", product_id = "{product}", qty = "{qty}", requested_on = { date = "{due}" } } ]
"""
HEADER = "order,customer,product,qty,placed,due\n"
ROW = "O-1,C-1,P-1,5,2026-10-01,2026-10-09\n"


def event(mapped: Mapped) -> dict[str, Any]:
    assert isinstance(mapped.event, bytes), mapped
    found: dict[str, Any] = orjson.loads(mapped.event)
    return found


def events(mapped: Iterable[Mapped]) -> list[dict[str, Any]]:
    return [event(each) for each in mapped if isinstance(each.event, bytes)]


def rejects(mapped: Iterable[Mapped]) -> list[tuple[int, str, str]]:
    return [
        (each.line, each.event.field, each.event.reason)
        for each in mapped
        if isinstance(each.event, Rejected)
    ]
