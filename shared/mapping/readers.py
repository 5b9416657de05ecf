"""The rows of a file, whatever its format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.events.catalogue import Rejected
from shared.mapping import xlsx_rows
from shared.mapping.csv_rows import csv_rows, first_cells
from shared.mapping.errors import MappingError
from shared.mapping.json_rows import json_array, json_lines, nested
from shared.mapping.narrowing import narrowed
from shared.mapping.ocel import ocel_rows
from shared.mapping.rows import Row
from shared.mapping.sqlite_rows import SUFFIXES, table_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from shared.mapping.model import File
    from shared.mapping.relations import Source


def rows(source: Source, path: Path, columns: Collection[str]) -> Iterator[Row]:
    """The rows of a file that count, in its order, or those of a list in each; of a table only `columns`."""
    found = _read(source, path, columns)
    if (name := source.spec.rows) is not None:
        found = (row for whole in found for row in _within(whole, name))
    return narrowed(found, source)


def _read(source: Source, path: Path, columns: Collection[str]) -> Iterator[Row]:
    if source.spec.activities:
        return ocel_rows(source, path, columns)
    if source.spec.table is not None:
        return table_rows(source, path, columns)
    match path.suffix:
        case suffix if suffix in SUFFIXES:
            raise MappingError(f"{path}: is a database; write the `table` of files.{source.name}")
        case ".jsonl" | ".ndjson":
            return json_lines(source, path)
        case ".json" | ".jsonocel":
            return json_array(source, path, source.spec.at)
    names = header(source.spec, path) or []
    read = xlsx_rows.xlsx_rows if path.suffix in xlsx_rows.SUFFIXES else csv_rows
    return read(source, path, names, columns)


def header(spec: File, path: Path) -> list[str] | None:
    """The names of a table's columns; None for JSON, logs and databases, whose rows say their own."""
    if spec.activities or path.suffix.endswith(("json", "jsonl", *SUFFIXES)):
        return None
    if spec.columns:
        return spec.columns
    return checked(first_names(spec, path), spec, path)


def first_names(spec: File, path: Path) -> list[str]:
    """The names that stand in the table itself, each on one line."""
    line = spec.header or 1
    if path.suffix in xlsx_rows.SUFFIXES:
        names = xlsx_rows.header(path, spec.sheet, line)
    else:
        names = first_cells(spec, path)
    if names is None:
        raise MappingError(
            f"{path}: line {line} names no columns; put their names there, or write `header` or `columns`"
        )
    return [" ".join(name.split()) for name in names]


def checked(names: list[str], spec: File, path: Path) -> list[str]:
    """The names, if they can be read and none occurs twice."""
    line = spec.header or 1
    if not all(name.isprintable() for name in names):
        raise MappingError(
            f"{path}: line {line} is not readable as {spec.encoding}; save it so, or set `encoding`"
        )
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice is not None:
        raise MappingError(
            f"{path}: line {line} names the column {twice!r} twice; rename one, or write `columns` and "
            f"`header = {line}`"
        )
    return names


def _within(whole: Row, name: str) -> Iterator[Row]:
    """The rows of a list, each with the columns of the record around it."""
    if whole.problem is not None:
        yield whole
        return
    if name not in whole.lists and name in whole.cells:
        problem = Rejected("", f"{whole.locate(name)} is no list; write another name as `rows`")
        yield Row(whole.source, whole.path, whole.line, {}, problem=problem)
        return
    around = {key: each for key, each in whole.lists.items() if key != name}
    for row in nested(whole, name):
        row.cells = whole.cells | row.cells
        row.lists = around | row.lists if row.lists else around
        yield row
