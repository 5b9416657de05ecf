"""Use case: every projection anew from the journal, in the place of what stands."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from typing import TYPE_CHECKING

from shared.projecting.built import by_other_rules, fingerprint, mark
from shared.projecting.judging import judge_due
from shared.projecting.reading import Reading
from shared.projecting.replaying import fill, rebuild
from shared.store import bench, journal, progress, recorders
from shared.store.chunks import MOST, chunks
from shared.store.lock import BusyError
from shared.store.migrate import HEAD
from shared.store.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

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
    return _replay(store, None, lambda: as_of, rules, advance, step)


def judge_anew(
    store: Store,
    *,
    clock: Callable[[], datetime],
    rules: Rules,
    advance: Callable[[int], None] = lambda _: None,
    step: int = MOST,
) -> Replayed:
    """The same by rules that have changed, up to the present; goes on where it was broken off.

    Others take in events meanwhile and wait only for the end of it. What `advance` raises breaks it off.
    """
    key = "/".join((fingerprint(rules), HEAD, metadata.version("tandem")))
    return _replay(store, key, clock, rules, advance, step)


def clear_left(store: Store) -> None:
    """Let go of what was begun for rules that nobody wants any more."""
    store.claim()
    bench.remove(store)


def rules_changed(store: Store, rules: Rules) -> bool:
    """Whether what stands was judged by other rules, so that all of it is to be judged anew."""
    with store.reading() as connection:
        return by_other_rules(connection, rules)


def under_way(connection: Connection, rules: Rules) -> Progress | None:
    """How far all is judged anew, as it was noted last; None where what stands is by these rules."""
    return (progress.found(connection) or Progress()) if by_other_rules(connection, rules) else None


def _replay(
    store: Store,
    key: str | None,
    clock: Callable[[], datetime],
    rules: Rules,
    advance: Callable[[int], None],
    step: int,
) -> Replayed:
    store.claim()
    with bench.opened(store, key) as made:
        since = datetime.fromisoformat(made.notes.setdefault("since", clock().isoformat()))
        tell = advance if key is None else _shown(made, since, advance)
        work = _Work(made, rules, clock, step, tell)
        work.fill()
        while work.catch_up() > step:
            pass
        with made.alone():
            work.catch_up()
            exchanged = made.exchange()
            mark(made.connection, work.as_of, rules)
            progress.clear(made.connection)
            events = journal.count(made.connection)
        store.hot.clear()
    return Replayed(events, work.orders, exchanged.removed, exchanged.written)


def _shown(made: bench.Bench, since: datetime, advance: Callable[[int], None]) -> Callable[[int], None]:
    """The same, and every process sees how far it is; that this cannot be noted just now stops nothing."""
    so_far = Progress(since, 0, journal.orders(made.connection))

    def tell(orders: int) -> None:
        nonlocal so_far
        so_far = so_far._replace(done=so_far.done + orders)
        with suppress(BusyError), made.noting() as connection:
            progress.put(connection, so_far)
        advance(orders)

    return tell


class _Work:
    """Projections that are being made, as of an instant and up to an event."""

    def __init__(
        self,
        made: bench.Bench,
        rules: Rules,
        clock: Callable[[], datetime],
        step: int,
        advance: Callable[[int], None],
    ) -> None:
        self._made, self._rules, self._clock, self._step, self._advance = made, rules, clock, step, advance
        notes = made.notes
        self.as_of = datetime.fromisoformat(notes["as_of"]) if "as_of" in notes else clock()
        self._until: int = notes.get("until") or recorders.settle(made.connection)
        self._last: str = notes.get("last", "")
        self.orders: int = notes.get("orders", 0)

    def fill(self) -> None:
        """Make whatever is not made yet."""
        self._advance(self.orders)
        for subjects in fill(self._made.connection, self.as_of, self._rules, self._step, self._last):
            orders = len(subjects) if subjects[0].startswith("order/") else 0
            self.orders, self._last = self.orders + orders, subjects[-1]
            self._keep(orders)

    def catch_up(self) -> int:
        """Follow what came in or came true since, and judge; return how many events came in."""
        connection = self._made.connection
        until, as_of = recorders.settle(connection), max(self._clock(), self.as_of)
        for subjects in journal.subjects_after(connection, self._until, self._step):
            rebuild(connection, as_of, self._rules, subjects)
            self._keep()
        for some in chunks(sorted(journal.subjects_known_between(connection, self.as_of, as_of))):
            rebuild(connection, as_of, self._rules, some)
            self._keep()
        while judge_due(Reading(connection, as_of, self._rules), some=True):
            self._keep()
        came, self._until, self.as_of = until - self._until, until, as_of
        return came

    def _keep(self, orders: int = 0) -> None:
        """Note how far it is; what was caught up with in part will be caught up with again."""
        self._made.keep(
            {
                "as_of": self.as_of.isoformat(),
                "until": self._until,
                "last": self._last,
                "orders": self.orders,
            }
        )
        self._advance(orders)
