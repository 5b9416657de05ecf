"""What a check found, as data."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from shared.checking.doubts import doubts
from shared.checking.silence import Heard
from shared.checking.tracing import TracedRun
from shared.events.catalogue import Rejected, parse
from shared.events.sources import SourceHeartbeat
from shared.mapping.errors import CellRejected

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from shared.checking.tracing import Fate, Place, Trace
    from shared.mapping import Mapped, Mapping


_LISTED = 20


@dataclass
class Spread:
    """How many events of a type there are, and from when to when."""

    times: list[datetime] = field(default_factory=list)
    count: int = 0

    def add(self, at: datetime) -> None:
        """Count one more."""
        self.count += 1
        self.times = [min(at, *self.times), max(at, *self.times)] if self.times else [at, at]

    def told(self) -> dict[str, Any]:
        """As JSON tells it."""
        return {"count": self.count, "first": self.times[0].isoformat(), "last": self.times[1].isoformat()}


@dataclass
class Report:
    """Everything a check tells: `share` is a percentage of the rows, `left_out` names the first of them."""

    mapping: str
    rows: dict[str, Any] = field(default_factory=dict)
    sample: list[dict[str, Any]] = field(default_factory=list)
    rejects: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[dict[str, Any]] = field(default_factory=list)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    first: str | None = None
    last: str | None = None
    columns_missing: list[dict[str, str]] = field(default_factory=list)
    columns_unused: dict[str, list[str]] = field(default_factory=dict)
    activities_unused: dict[str, list[str]] = field(default_factory=dict)
    questions: list[dict[str, str]] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    silences: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether everything that was read can be recorded."""
        return not (self.rejects or self.columns_missing or self.questions)


def check(mapping: Mapping, paths: Sequence[Path], rows: int) -> Report:
    """Try a mapping on files; the first `rows` rows of each are told one by one."""
    run = mapping.run(paths, TracedRun)
    run.trace.most = rows
    report = Report(mapping.name, columns_unused=run.unused)
    names = ("file", "column", "used_by", "similar")
    report.columns_missing = [dict(zip(names, each, strict=True)) for each in run.missing]
    if not run.missing:
        _try(run, report)
        report.activities_unused = run.unheard
        report.doubts = doubts(mapping.spec, mapping.columns, run.trace.values)
    return report


def _try(run: TracedRun, report: Report) -> None:
    spreads: defaultdict[str, Spread] = defaultdict(Spread)
    heard = Heard()
    if run.spec.snapshot is not None:
        heard.types.add(SourceHeartbeat)  # the import of a snapshot sends one
    for mapped in run.events():
        run.trace.end(mapped)
        if isinstance(mapped.event, Rejected):
            report.rejects.append(_reject(mapped, mapped.event))
            continue
        event = parse(mapped.event)
        spreads[event.type].add(event.time)
        heard.hear(event)
    report.events = {kind: spread.told() for kind, spread in spreads.items()}
    if times := [at for spread in spreads.values() for at in spread.times]:
        report.first, report.last = min(times).isoformat(), max(times).isoformat()
    report.silences = heard.silences()
    report.rows = _counted(run.trace)
    left_out = heapq.nsmallest(_LISTED, run.trace.rows - run.trace.mapped - run.trace.refused)
    report.left_out = [{"file": file, "line": line} for file, line in left_out]
    report.sample = [
        _told(place, fate) for place, fate in sorted(run.trace.sample.items(), key=lambda e: e[0])
    ]


def _counted(trace: Trace) -> dict[str, Any]:
    read, refused = len(trace.rows), len(trace.refused)
    mapped = len(trace.mapped - trace.refused)
    share = round(100 * mapped / read, 2) if read else None
    return {
        "read": read,
        "mapped": mapped,
        "refused": refused,
        "left_out": read - mapped - refused,
        "share": share,
    }


def _reject(mapped: Mapped, rejected: Rejected) -> dict[str, Any]:
    reason, _, fix = rejected.reason.rpartition("; ")
    cell = rejected if isinstance(rejected, CellRejected) else None
    return {
        "file": mapped.file,
        "line": mapped.line,
        "column": cell.column if cell else "",
        "value": cell.value if cell else "",
        "field": rejected.field,
        "reason": reason,
        "fix": fix,
    }


def _told(place: Place, fate: Fate) -> dict[str, Any]:
    return {
        "file": place[0],
        "line": place[1],
        "became": [orjson.loads(event) for event in fate.became],
        "part_of": list(dict.fromkeys(orjson.loads(event)["id"] for event in fate.part_of)),
        "refused": fate.refused,
    }
