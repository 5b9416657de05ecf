"""Snapshots at `tandem import`: exports of what a system knows now, of which only what is new is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from services.commands.context import UsageError, instant, note
from shared import mapping
from shared.events.catalogue import Rejected
from shared.mapping import Mapped
from shared.mapping.run import Run
from shared.snapshots import Snapshot
from shared.snapshots.export import Export
from shared.store.engine import Store


@dataclass(slots=True)
class Tally:
    """What became of everything read."""

    read: int = 0
    accepted: int = 0
    duplicates: int = 0
    conflicts: int = 0
    rejects: list[dict[str, object]] = field(default_factory=list)


def mapped_by(name: str, paths: list[Path], exported_at: str | None, zone: str | None) -> Run:
    """A pass over these files by a mapping, as of `--exported-at` if it is given."""
    found = mapping.find(name, zone)
    if exported_at is not None and found.spec.snapshot is None:
        raise UsageError(f"--exported-at is for mappings with [snapshot], and {name} has none; leave it out")
    at = None if exported_at is None else instant(exported_at, "--exported-at")
    return found.run(paths, Run, at)


def begun(run: Run, store: Store) -> Snapshot | None:
    """The snapshot that the files are, if they are one."""
    if run.spec.snapshot is None or run.exported_at is None:
        return None
    note(f"Exported at {run.exported_at.isoformat()}.")
    snapshot = Snapshot(store, Export(run.spec.source, run.exported_at, run.spec.snapshot))
    snapshot.begin()
    return snapshot


def restated(snapshot: Snapshot, batches: Iterable[list[Mapped]], tally: Tally) -> Iterator[list[Mapped]]:
    """What is new in each batch, and at the end what is missing; what is known already is a duplicate."""
    for batch in batches:
        if tally.rejects or any(isinstance(each.event, Rejected) for each in batch):
            snapshot.unread()
        found = iter(snapshot.restate(each.event for each in batch if isinstance(each.event, bytes)))
        new: list[Mapped] = []
        for each in batch:
            news = [each.event] if isinstance(each.event, Rejected) else next(found)
            new += [each._replace(event=event) for event in news]
            tally.read += not news
            tally.duplicates += not news
        yield new
    if tally.rejects:
        note("Rows could not be read, so that nothing is concluded from what this export does not list.")
    for raws in snapshot.missing():
        yield [Mapped("", 0, raw) for raw in raws]
