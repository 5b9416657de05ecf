"""Tables of a SQLite file as rows; the file is only read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from shared.events.catalogue import Rejected
from shared.mapping.errors import MappingError
from shared.mapping.rows import Row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from shared.mapping.relations import Source

SUFFIXES = (".sqlite", ".sqlite3", ".db")


def table_rows(source: Source, path: Path, columns: Collection[str]) -> Iterator[Row]:
    """Each row of the file's `table`, in the order it was written; `line` is its number in the table."""
    table = '"{}"'.format((source.spec.table or "").replace('"', '""'))
    names = [str(each[1]) for each in selected(path, f"PRAGMA table_info({table})")]
    if not names:
        raise MappingError(f"{path}: has no table {table}; write one of {', '.join(_tables(path))}")
    if unknown := sorted(set(columns) - set(names)):
        raise MappingError(f"{path}: {table} has no column `{unknown[0]}`; write one of {', '.join(names)}")
    for line, cells in enumerate(selected(path, f"SELECT * FROM {table}"), start=1):  # noqa: S608 # the name is quoted
        row = Row(source, path, line, {})
        for name, cell in zip(names, cells, strict=True):
            if isinstance(cell, bytes):
                row.problem = Rejected("", f"{row.locate(name)} holds bytes; export it as text")
            elif cell is not None:
                row.cells[name] = source.spec.clean(str(cell))
        yield row


def _tables(path: Path) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name"
    return [str(name) for (name,) in selected(path, query)]


def selected(path: Path, query: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a query; MappingError where the file or the query is none of SQLite's."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
            yield from connection.execute(query)
    except sqlite3.Error as error:
        raise MappingError(f"{path}: cannot be read as SQLite ({error}); check the file") from None
