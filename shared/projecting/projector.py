"""Rebuilding what follows from the events of some subjects."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any

from shared import tables
from shared.projecting.customers import project_customers
from shared.projecting.orders import project_orders
from shared.store import rows
from shared.store.bulk import replace
from shared.store.chunks import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shared.events.envelope import Event
    from shared.projecting.reading import Reading


PROJECTED = ("customer", "plan", "order")
"""The kinds of subjects that have rows; customers come before the orders that are judged by them."""


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
        made = list(rows.plan_rows(chain.from_iterable(reading.in_force("plan", some).values())))
        replace(reading.connection, tables.plans, "subject", [f"plan/{name}" for name in some], made)
    project_orders(reading, ids["order"] | project_customers(reading, ids["customer"]), grown or {})
