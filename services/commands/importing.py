"""`tandem import`: events from files, or rows of other systems by a mapping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from services.commands.context import AsJson, AsOf, UsageError, Zone, answer, instant, note, opened, say
from services.commands.progress import Advance, progress
from services.commands.rebuilding import rebuild_by
from services.commands.snapshots import Tally, begun, mapped_by, restated
from shared.events.catalogue import Rejected
from shared.intake import INTAKE, Intake
from shared.isolating import record_apart
from shared.mapping import Mapped
from shared.rules import Rules
from shared.settling import settle
from shared.store.engine import Store

BATCH = 2000
_SUFFIXES = (".jsonl", ".ndjson", ".json")
_GZIP = b"\x1f\x8b"
_SHOWN = 20


def import_(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders.")],
    format_: Annotated[
        str,
        typer.Option(
            "--format", help="`events` (JSON Lines), a mapping such as `northwind`, or its file (.toml)."
        ),
    ] = "events",
    backfill: Annotated[
        bool, typer.Option("--backfill", help="Mark what is loaded as history, not live.")
    ] = False,
    zone: Zone = None,
    exported_at: Annotated[
        str | None,
        typer.Option("--exported-at", metavar="DATETIME", help="When the export of a snapshot was made."),
    ] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Record events from files; running it again counts nothing twice."""
    run = None if format_ == "events" else mapped_by(format_, _existing(paths), exported_at, zone)
    if run is None and exported_at is not None:
        raise UsageError("--exported-at is for mappings with [snapshot]; events say their own time")
    source = _events(paths) if run is None else run.events()
    with opened() as (settings, store):
        rebuild_by(settings.rules, store, instant(as_of), quiet=as_json)
        with progress("Importing", unit="events", quiet=as_json) as advance:
            tally = Tally()
            snapshot = None if run is None else begun(run, store)
            record_all(
                store,
                _batches(source) if snapshot is None else restated(snapshot, _batches(source), tally),
                settings.rules,
                instant(as_of),
                tally,
                backfill=backfill,
                intake=settings.intake,
                advance=advance,
            )
        with progress("Judging what has ended", unit="", quiet=as_json):
            settle(store, as_of=instant(as_of), rules=settings.rules)
    _tell(tally, as_json=as_json)
    if tally.rejects or tally.conflicts:
        raise typer.Exit(1)


def record_all(
    store: Store,
    batches: Iterable[list[Mapped]],
    rules: Rules,
    as_of: datetime,
    tally: Tally,
    *,
    backfill: bool = False,
    intake: Intake = INTAKE,
    advance: Advance = lambda _: None,
) -> None:
    """Record batch after batch into the tally; a batch is in as a whole or not at all."""
    for batch in batches:
        good = [(m.file, m.line, m.event) for m in batch if isinstance(m.event, bytes)]
        raws = [raw for _, _, raw in good]
        report = record_apart(store, raws, as_of=as_of, rules=rules, backfill=backfill, intake=intake)
        tally.read += len(batch)
        tally.accepted += report.accepted
        tally.duplicates += report.duplicates
        tally.conflicts += report.conflicts
        bad = [
            (m.file, m.line, m.event.field, m.event.reason) for m in batch if isinstance(m.event, Rejected)
        ]
        bad += [(*good[r.index][:2], r.field, r.reason) for r in report.rejects]
        names = ("file", "line", "field", "reason")
        tally.rejects += [dict(zip(names, reject, strict=True)) for reject in sorted(bad)]
        advance(len(batch))


def _batches(source: Iterable[Mapped]) -> Iterator[list[Mapped]]:
    inputs = iter(source)
    while batch := list(islice(inputs, BATCH)):
        yield batch


def _events(paths: list[Path]) -> Iterator[Mapped]:
    files = [file for path in _existing(paths) for file in _files(path)]
    for file in files:
        _check(file)
    for file in files:
        yield from _lines(file)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES and file.is_file())
    if not files:
        raise UsageError(f"{path} holds no {' '.join(_SUFFIXES)} file; name the files, or use --format")
    return files


def _check(file: Path) -> None:
    """Look at a file before anything is recorded; a pipe can be read only once, so it is not looked at."""
    if file.is_file():
        with _opened(file) as bytes_:
            first = bytes_.readline().strip()
            if first.startswith(_GZIP):
                raise UsageError(f"{file} is compressed; unpack it first, such as with gunzip")
            if first in (b"[", b"{") or (first.startswith(b"[") and not any(map(bytes.strip, bytes_))):
                wanted = "write one event on each line (JSON Lines)"
                raise UsageError(f"{file} is one JSON document; {wanted}, as jq -c '.[]' does of an array")


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    try:
        with file.open("rb") as bytes_:
            yield bytes_
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}; check its path and rights") from None


def _lines(file: Path) -> Iterator[Mapped]:
    name = str(file).encode(errors="replace").decode()
    with _opened(file) as lines:
        for number, line in enumerate(lines, start=1):
            raw = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if raw.strip():
                yield Mapped(name, number, raw.strip())


def _existing(paths: list[Path]) -> list[Path]:
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist; check the path")
    return paths


def _tell(tally: Tally, *, as_json: bool) -> None:
    if as_json:
        answer(
            {
                "read": tally.read,
                "accepted": tally.accepted,
                "duplicates": tally.duplicates,
                "conflicts": tally.conflicts,
                "rejected": len(tally.rejects),
                "rejects": tally.rejects,
            }
        )
        return
    for reject in tally.rejects[:_SHOWN]:
        where = f" {reject['field']}:" if reject["field"] else ""
        note(f"{reject['file']}:{reject['line']}:{where} {reject['reason']}")
    if len(tally.rejects) > _SHOWN:
        note(f"… and {len(tally.rejects) - _SHOWN:,} more; --json lists them all")
    say(
        f"{tally.read:,} read: {tally.accepted:,} accepted, {tally.duplicates:,} duplicates, "
        f"{tally.conflicts:,} conflicts, {len(tally.rejects):,} rejected."
    )
    if tally.rejects:
        note("The rest is recorded. Mend the lines above and import the file again; nothing counts twice.")
    if tally.conflicts:
        note(
            "A conflict is a known source and id with other content: the first stands. See tandem conflicts."
        )
    if tally.accepted:
        say("tandem wins lists the wins; tandem kpis --month YYYY-MM shows the figures of a month.")
