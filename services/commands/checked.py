"""What `tandem mapping check` found, for people."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from services.commands.context import heading, say
from shared.checking import Report

_SHOWN = 10
_PARTS = 4


def show(report: Report, files: Sequence[Path], zone: str | None) -> None:
    """Print a report."""
    if report.questions:
        _list("Questions to answer in the mapping first", _questions(report))
        return
    if report.columns_missing:
        _list("Columns that the files do not have", _missing(report))
        _unused(report)
        return
    for file, rows in _by_file(report.sample).items():
        heading(f"{file}, its first {'row' if len(rows) == 1 else f'{len(rows)} rows'}")
        for row in rows:
            _row(row)
    _list(f"Refused: {len(report.rejects):,}", _refused(report))
    _list(f"Left out: {report.rows['left_out']:,}", _left_out(report))
    _list("Events", _events(report))
    _unused(report)
    _list("Look at this", iter(report.doubts))
    _list("What this source cannot say", iter(report.silences))
    _summary(report, files, zone)


def _by_file(sample: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found = defaultdict(list)
    for row in sample:
        found[row["file"]].append(row)
    return found


def _row(row: dict[str, Any]) -> None:
    lead = f"  line {row['line']:<5} "
    for event in row["became"]:
        kind = event["type"].removeprefix("tandem.").removesuffix(".v1").replace(".", " ").replace("_", " ")
        say(f"{lead}{kind}  {event['time']}  {event['id']}")
        for text in _fields(event["data"]):
            say(f"{' ' * 13}{text}")
        lead = " " * len(lead)
    if whole := row["part_of"]:
        more = f" and {len(whole) - _PARTS:,} more" if len(whole) > _PARTS else ""
        say(f"{lead}part of {', '.join(whole[:_PARTS])}{more}")
    for reason in row["refused"]:
        say(f"{lead}REFUSED  {reason}")
    if not (row["became"] or row["part_of"] or row["refused"]):
        say(f"{lead}left out")


def _fields(data: dict[str, Any]) -> Iterator[str]:
    """The fields of an event: the plain ones in a line, each row of a list in one of its own."""
    plain = [f"{name} {value}" for name, value in data.items() if not isinstance(value, list | dict)]
    plain += [f"{name} ({_pairs(value)})" for name, value in data.items() if isinstance(value, dict)]
    yield " · ".join(plain)
    for name, value in data.items():
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield f"{name}.{index}: {_pairs(item) if isinstance(item, dict) else item}"


def _pairs(value: dict[str, Any]) -> str:
    return " · ".join(f"{name} {each}" for name, each in value.items())


def _list(title: str, lines: Iterator[str]) -> None:
    first = next(lines, None)
    if first is None:
        return
    heading(title)
    say(f"  {first}")
    for line in lines:
        say(f"  {line}")


def _questions(report: Report) -> Iterator[str]:
    for question in report.questions:
        yield f"{question['key']}: {question['asks']}"


def _missing(report: Report) -> Iterator[str]:
    for each in report.columns_missing:
        similar = f"; did you mean {each['similar']!r}?" if each["similar"] else ""
        yield f"{each['file']}: no column {each['column']!r}, which {each['used_by']} reads{similar}"


def _refused(report: Report) -> Iterator[str]:
    for each in report.rejects[:_SHOWN]:
        field = f" {each['field']}:" if each["field"] else ""
        yield f"{each['file']}:{each['line']}:{field} {each['reason']}"
        yield f"    do: {each['fix']}"
    if len(report.rejects) > _SHOWN:
        yield f"… and {len(report.rejects) - _SHOWN:,} more; --json lists them all"


def _left_out(report: Report) -> Iterator[str]:
    if report.left_out:
        named = ", ".join(f"{Path(each['file']).name}:{each['line']}" for each in report.left_out)
        more = " …" if report.rows["left_out"] > len(report.left_out) else ""
        yield f"{named}{more}: no event of the mapping means these rows"


def _events(report: Report) -> Iterator[str]:
    for kind, spread in report.events.items():
        yield f"{kind:<36} {spread['count']:>9,}  {spread['first'][:10]} to {spread['last'][:10]}"


def _unused(report: Report) -> None:
    for title, unused in (
        ("Columns not used", report.columns_unused),
        ("Activities not read", report.activities_unused),
    ):
        _list(title, (f"{file}: {', '.join(names)}" for file, names in unused.items() if names))


def _summary(report: Report, files: Sequence[Path], zone: str | None) -> None:
    rows = report.rows
    share = "" if rows["share"] is None else f" ({rows['share']} %)"
    heading("Result")
    say(
        f"  {rows['read']:,} rows read: {rows['mapped']:,} went into events{share}, "
        f"{rows['refused']:,} refused, {rows['left_out']:,} left out."
    )
    if report.first and report.last:
        say(f"  The first event is of {report.first}, the last of {report.last}.")
    say("  Nothing was recorded. This records them:")
    command = ["tandem", "import", *map(str, files), "--format", report.mapping]
    say(f"  {shlex.join([*command, '--zone', zone] if zone else command)}")
