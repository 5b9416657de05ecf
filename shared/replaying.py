"""Use case: every projection anew from the journal, in the place of what stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.projecting.built import by_other_rules, mark
from shared.projecting.judging import judge_due
from shared.projecting.reading import Reading
from shared.projecting.replaying import fill, rebuild
from shared.store import journal, recorders
from shared.store.chunks import MOST
from shared.store.shadow import cast_empty_shadow, take_over

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from shared.rules import Rules
    from shared.store.engine import Store


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was replayed, and how many rows of the projections went and came."""

    events: int
    orders: int
    removed: int
    written: int


def replay(
    store: Store,
    *,
    as_of: datetime,
    rules: Rules,
    advance: Callable[[int], None] = lambda _: None,
    step: int = MOST,
) -> Replayed:
    """Rebuild the projections as of an instant; readers see what stood until all of it is replaced.

    Whatever ends it before leaves everything as it was. `advance` is told of orders as they are done.
    """
    store.claim()
    with store.noting() as connection:
        until = recorders.settle(connection)
        cast_empty_shadow(connection)
        orders = 0
        for done in fill(connection, as_of, rules, step):
            advance(done)
            orders += done
        recorders.hold(connection)
        for subjects in journal.subjects_after(connection, until, step):
            rebuild(connection, as_of, rules, subjects)
        judge_due(Reading(connection, as_of, rules))
        exchanged = take_over(connection)
        mark(connection, as_of, rules)
        events = journal.count(connection)
        store.hot.clear()
    return Replayed(events, orders, exchanged.removed, exchanged.written)


def rules_changed(store: Store, rules: Rules) -> bool:
    """Whether what stands was judged by other rules, so that the next event would rebuild all of it."""
    with store.reading() as connection:
        return by_other_rules(connection, rules)
