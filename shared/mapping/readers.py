"""The rows of a file, whatever its format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.mapping import xlsx_rows
from shared.mapping.csv_rows import csv_rows, first_cells
from shared.mapping.errors import MappingError
from shared.mapping.json_rows import json_array, json_lines
from shared.mapping.narrowing import narrowed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from shared.mapping.model import File
    from shared.mapping.relations import Source
    from shared.mapping.rows import Row


def rows(source: Source, path: Path, columns: Collection[str]) -> Iterator[Row]:
    """The rows of a file that count, in its order; of a table only `columns`."""
    return narrowed(_read(source, path, columns), source)


def _read(source: Source, path: Path, columns: Collection[str]) -> Iterator[Row]:
    match path.suffix:
        case ".jsonl" | ".ndjson":
            return json_lines(source, path)
        case ".json":
            return json_array(source, path)
    names = header(source.spec, path) or []
    read = xlsx_rows.xlsx_rows if path.suffix in xlsx_rows.SUFFIXES else csv_rows
    return read(source, path, names, columns)


def header(spec: File, path: Path) -> list[str] | None:
    """The names of a table's columns; None for JSON, whose rows say their own."""
    if path.suffix.endswith(("json", "jsonl")):
        return None
    if spec.columns:
        return spec.columns
    line = spec.header or 1
    if path.suffix in xlsx_rows.SUFFIXES:
        names = xlsx_rows.header(path, spec.sheet, line)
    else:
        names = first_cells(spec, path)
    if names is None:
        raise MappingError(
            f"{path}: line {line} names no columns; put their names there, or write `header` or `columns`"
        )
    return _checked([" ".join(name.split()) for name in names], spec, path, line)


def _checked(names: list[str], spec: File, path: Path, line: int) -> list[str]:
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
