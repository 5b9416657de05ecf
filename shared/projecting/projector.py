"""Rebuilding what follows from the events of some subjects."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

from shared import tables
from shared.periods import Period
from shared.projecting import deeds
from shared.projecting.customers import project_customers
from shared.projecting.orders import project_orders
from shared.store import projections, rows
from shared.store.bulk import replace
from shared.store.chunks import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shared.events.envelope import Event
    from shared.history.order import Order
    from shared.projecting.reading import Reading


PROJECTED = ("customer", "plan", "product", "week", "draft", "order")
"""The kinds of subjects that have rows; customers come before the orders that are judged by them."""
_ALWAYS = date.min


def project(
    reading: Reading, subjects: Iterable[str], grown: Mapping[str, Sequence[Event[Any]]] | None = None
) -> None:
    """Rebuild the projections and wins of these subjects, and whatever depends on them.

    `grown` are orders in memory, with the new events that follow what they were.
    """
    ids: dict[str, set[str]] = defaultdict(set)
    for subject in subjects:
        kind, _, name = subject.partition("/")
        ids[kind].add(name)
    for some in chunks(sorted(ids["plan"])):
        _project_plans(reading, some)
    for kind in ("product", "week"):
        for some in chunks(sorted(ids[kind])):
            _project_deeds(reading, kind, some)
    for some in chunks(sorted(ids["draft"])):
        made = rows.draft_rows(chain.from_iterable(reading.in_force("draft", some).values()))
        replace(reading.connection, tables.drafts, "draft_id", some, made)
        for name in some:
            reading.agenda.put("draft", name, _ALWAYS)
    project_orders(reading, ids["order"] | project_customers(reading, ids["customer"]), grown or {})


def touch(reading: Reading, orders: Mapping[str, Order]) -> None:
    """Orders in memory that new events leave as they are: patterns of other subjects may look at these."""
    if orders:
        groups = reading.groups(orders.values())
        for order in orders.values():
            reading.touch(order, groups)


def _project_plans(reading: Reading, names: Sequence[str]) -> None:
    made = list(rows.plan_rows(chain.from_iterable(reading.in_force("plan", names).values())))
    replace(reading.connection, tables.plans, "subject", [f"plan/{name}" for name in names], made)
    for name in names:
        period, _, product_id = name.partition("/")
        reading.agenda.put("product", product_id, Period.parse(period).start)


def _project_deeds(reading: Reading, kind: str, names: Sequence[str]) -> None:
    """What was done about a product or in a week, of no order; a return may speak against what was before."""
    subjects = [f"{kind}/{name}" for name in names]
    told = list(chain.from_iterable(reading.in_force(kind, names).values()))
    helped = projections.helped(reading.connection, subjects)
    deeds.delete(reading, subjects)
    deeds.write(reading, told)
    for root_id in helped | projections.helped(reading.connection, subjects):
        reading.agenda.put("customer", root_id, reading.told_since(*subjects))
    if kind == "product":
        replace(reading.connection, tables.products, "product_id", names, rows.product_rows(told))
        for product_id in names:
            reading.agenda.put("product", product_id, reading.told_since(f"product/{product_id}"))
        for hold_id in projections.holds_of_products(reading.connection, names):
            reading.agenda.put("hold", hold_id, _ALWAYS)
