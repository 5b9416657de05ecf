"""Use case: facts become histories, projections and wins, in one transaction for the whole batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.events.catalogue import Rejected
from shared.events.envelope import SIMULATED
from shared.failpoints import reach
from shared.history.folding import can_change
from shared.instants import microseconds
from shared.intake import INTAKE
from shared.projecting.agenda import first_told
from shared.projecting.built import (
    by_other_rules,
    instant,
    latest,
    leave_behind,
    mark,
    mark_beside_others,
    stale,
    turn_back,
)
from shared.projecting.desk import follow
from shared.projecting.projector import project, touch
from shared.projecting.reading import Reading
from shared.store import journal, letters, outbox, recorders, simulated, sources
from shared.store.corrections import Chains, link
from shared.store.letters import Unread
from shared.store.stories import DRAFTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import Connection

    from shared.events.envelope import Event
    from shared.history.order import Order
    from shared.intake import Intake, Origin
    from shared.rules import Rules
    from shared.store.engine import Store
    from shared.store.hot import Hot
    from shared.store.journal import Entry
    from shared.store.recorders import Held

    Events = dict[str, list[Event[Any]]]


@dataclass(frozen=True, slots=True)
class Reject:
    """An input that could not be read: its place in the batch, the field and the reason."""

    index: int
    field: str
    reason: str


@dataclass(slots=True)
class Report:
    """What became of a batch."""

    accepted: int = 0
    duplicates: int = 0
    conflicts: int = 0
    rejects: list[Reject] = field(default_factory=list)
    known: dict[int, bool] = field(default_factory=dict)
    """The inputs whose name was known, by index: whether their content was, too."""


def record(
    store: Store,
    raws: Sequence[bytes],
    *,
    as_of: datetime,
    rules: Rules,
    backfill: bool = False,
    origins: Sequence[Origin] | None = None,
    intake: Intake = INTAKE,
) -> Report:
    """Record structured CloudEvents; when this returns, all their effects are committed.

    Recording again is harmless: `source` and `id` name an event for ever. Projections are built as of
    `as_of`; where they stand by other rules they stay as they are, for a replay to make all of them anew.
    With `origins`, one for each input, what cannot be read is kept as a dead letter.
    """
    legible, rejects = _read(store, raws, backfill=backfill, intake=intake)

    def write(connection: Connection) -> Report:
        entries, report = _admit(connection, legible, rejects)
        transaction = _begin(connection, store, entries.values(), as_of, rules)
        fresh, clashing = _sort(connection, entries, report)
        linked = _add(connection, fresh, clashing, as_of)
        rebuilt = transaction.project(fresh, linked)
        if origins is not None:
            keep_dead(connection, _unread(raws, origins, report.rejects), as_of, intake)
        journal.add_names(connection, fresh)
        if drafts := [subject.removeprefix(DRAFTS) for subject in rebuilt if subject.startswith(DRAFTS)]:
            follow(Reading(connection, latest(connection, transaction.now), rules), drafts)
        sources.note(connection, fresh, {entry.key[0] for entry in entries.values()}, as_of)
        transaction.end(fresh, linked, rebuilt)
        reach("before_sql_commit")
        return report

    report = recorders.run(store, write)
    reach("after_sql_commit")
    return report


@dataclass(frozen=True, slots=True)
class _Transaction:
    """What one transaction finds when it begins, and builds on."""

    connection: Connection
    rules: Rules
    hot: Hot
    now: datetime
    """As of when all is to stand."""
    stale: set[str] | None
    """The subjects whose rows are to be others by then; None where all stand by other rules, for a replay."""
    held: Held | None
    """What is locked; None where nobody records beside it."""
    until: int
    """The number of the last event before the batch."""

    def project(self, fresh: Sequence[Entry], linked: set[str]) -> set[str]:
        """Build what follows from the new events; return the subjects rebuilt from all their events."""
        rebuilt = self._reached(linked)
        told_from = first_told(fresh, rebuilt, self.rules)
        of_order, grown, quiet = _divide(self.hot, fresh, rebuilt, microseconds(self.now))
        reading = Reading(
            self.connection, self.now, self.rules, self.hot, of_order, self.until, told_from=told_from
        )
        if self.stale is not None:
            project(reading, rebuilt, grown)
            touch(reading, quiet)
        if self.held is not None:
            recorders.take_turns(self.connection)
        reading.write_shared()
        return rebuilt

    def end(self, fresh: Sequence[Entry], linked: set[str], rebuilt: set[str]) -> None:
        """Note as of when all stands, theirs included where others record; raises CrowdedError."""
        if self.held is not None:
            self.held.check(self.connection, self._reached(linked))
        if self.stale is None:
            leave_behind(self.connection, fresh)
        elif self.held is None:
            mark(self.connection, self.now, self.rules)
        else:
            mark_beside_others(self.connection, self.now, self.rules, rebuilt)

    def _reached(self, linked: set[str]) -> set[str]:
        """The subjects that are to be rebuilt, whatever is new of them."""
        return linked | (self.stale or set())


def _begin(
    connection: Connection, store: Store, entries: Collection[Entry], as_of: datetime, rules: Rules
) -> _Transaction:
    """Lock what the batch touches, and find out what stands; raises CrowdedError."""
    now = instant(connection, as_of)
    waiting = _stale(connection, store, now, rules)
    held = _hold(connection, entries, waiting or set())
    until = journal.newest(connection)
    _confirm(connection, store.hot, entries, now)
    return _Transaction(connection, rules, store.hot, now, waiting, held, until)


def _admit(
    connection: Connection, legible: dict[int, Entry], rejects: Sequence[Reject]
) -> tuple[dict[int, Entry], Report]:
    """Turn away what a simulation made, but where only simulations are recorded."""
    invented = [index for index, entry in legible.items() if entry.invented]
    if not invented or simulated.admits(connection):
        return legible, Report(rejects=list(rejects))
    entries = {index: entry for index, entry in legible.items() if not entry.invented}
    return entries, Report(rejects=[*rejects, *(Reject(i, SIMULATED, simulated.REASON) for i in invented)])


def _add(
    connection: Connection, fresh: Sequence[Entry], clashing: Sequence[Entry], as_of: datetime
) -> set[str]:
    """Write to the journal; return the subjects that corrections reach."""
    journal.add(connection, fresh)
    reach("mid_batch")
    journal.add_conflicts(connection, clashing, as_of)
    return link(connection, fresh)


def _stale(connection: Connection, store: Store, now: datetime, rules: Rules) -> set[str] | None:
    """The subjects whose rows are to be others by now; None where all stand by other rules, for a replay."""
    if by_other_rules(connection, rules):
        store.forget()
        return None
    turn_back(connection, now, rules)
    return stale(connection, now)


def _read(
    store: Store, raws: Sequence[bytes], *, backfill: bool, intake: Intake
) -> tuple[dict[int, Entry], list[Reject]]:
    """What can be recorded, by its place in the batch, and what cannot be read."""
    entries: dict[int, Entry] = {}
    rejects: list[Reject] = []
    for index, raw in enumerate(raws):
        try:
            entries[index] = journal.read(
                raw, store.secret, backfill=backfill, most_bytes=intake.event_most_bytes
            )
        except Rejected as rejected:
            rejects.append(Reject(index, rejected.field, rejected.reason))
    return entries, rejects


def _hold(connection: Connection, entries: Collection[Entry], waiting: set[str]) -> Held | None:
    """Lock what the batch touches, where others record beside it; raises CrowdedError.

    What an event concerns that another one corrects is known, unless that one is still to come.
    """
    if not recorders.beside_others(connection):
        return None
    subjects = {entry.key: entry.known.subject for entry in entries}
    targets = {target for entry in entries if (target := entry.known.corrects) is not None}
    subjects |= {key: row.subject for key, row in journal.stored(connection, targets).items()}
    if not targets <= subjects.keys():
        recorders.must_be_alone(connection)
    told = (getattr(entry.event.data, "customer_id", None) for entry in entries)
    customers = {customer_id for customer_id in told if customer_id is not None}
    return recorders.hold_subjects(connection, waiting.union(subjects.values()), customers)


def keep_dead(connection: Connection, unread: Sequence[Unread], as_of: datetime, intake: Intake) -> None:
    """Keep what could not be read, and have it published where that is wanted; let go of what is too old."""
    new = letters.bury(connection, unread, as_of)
    if intake.dead_topics:
        outbox.put_dead(connection, new, as_of)
    letters.erase(connection, as_of - timedelta(days=intake.dead_letter_days), as_of)


def _sort(
    connection: Connection, entries: dict[int, Entry], report: Report
) -> tuple[list[Entry], list[Entry]]:
    """Tell new events from duplicates, conflicts and impossible corrections."""
    known = journal.stored(connection, (entry.key for entry in entries.values()))
    chains = Chains(connection, entries.values(), known)
    fresh: list[Entry] = []
    clashing: list[Entry] = []
    for index, entry in entries.items():
        key = entry.key
        if (before := known.get(key)) is not None:
            same = before.digest == entry.known.digest
            report.duplicates += same
            report.conflicts += not same
            report.known[index] = same
            clashing += [] if same else [entry]
        elif (above := entry.known.corrects) and (reason := chains.impossible(entry, above)) is not None:
            report.rejects.append(Reject(index, "data.corrects", reason))
        else:
            known[key] = entry.known
            fresh.append(entry)
    report.accepted = len(fresh)
    report.rejects.sort(key=lambda reject: reject.index)
    return fresh, clashing


def _confirm(connection: Connection, hot: Hot, entries: Iterable[Entry], as_of: datetime) -> None:
    """Use those orders in memory of which no other process has recorded anything."""
    if doubtful := hot.unconfirmed(entry.known.subject.removeprefix("order/") for entry in entries):
        counts = journal.counts(connection, {f"order/{order_id}" for order_id in doubtful})
        told = {subject.removeprefix("order/"): count for subject, count in counts.items()}
        hot.confirm(told, microseconds(as_of))


def _divide(
    hot: Hot, fresh: Iterable[Entry], whole: set[str], as_of: int
) -> tuple[Events, Events, dict[str, Order]]:
    """The new events of each order, those by which one in memory grows, and orders that stay as they are.

    Every other subject of new events joins `whole`: the subjects that are rebuilt from all their events.
    """
    for subject in whole:
        hot.forget(subject.partition("/")[2])
    of_order: Events = {}
    grown: Events = {}
    quiet: dict[str, Order] = {}
    for entry in fresh:
        event, subject, known_at = entry.event, entry.known.subject, entry.known_at
        kind, _, order_id = subject.partition("/")
        if kind != "order":
            whole.add(subject)
            continue
        of_order.setdefault(order_id, []).append(event)
        held = hot.use(order_id)
        if held is None or known_at > as_of:
            hot.forget(order_id)
            whole.add(subject)
            continue
        held.events += 1
        held.known_at = max(held.known_at, known_at)
        if can_change(event, held.closed_at):
            grown.setdefault(order_id, []).append(event)
        else:
            quiet[order_id] = held.order
    return of_order, grown, quiet


def _unread(raws: Sequence[bytes], origins: Sequence[Origin], rejects: Iterable[Reject]) -> list[Unread]:
    return [Unread(origins[one.index], raws[one.index], one.field, one.reason) for one in rejects]
