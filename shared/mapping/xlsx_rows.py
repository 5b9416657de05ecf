"""Sheets of a spreadsheet as rows: dates as ISO text, numbers as the digits that the program shows."""

from __future__ import annotations

import datetime as dt
import warnings
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from shared.events.catalogue import Rejected
from shared.mapping.errors import MappingError
from shared.mapping.rows import Row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from shared.mapping.relations import Source

SUFFIXES = (".xlsx", ".xlsm")
_HALF_SECOND = dt.timedelta(microseconds=500_000)


@contextmanager
def _book(path: Path) -> Iterator[Any]:
    """An open workbook; MappingError where there is none."""
    from openpyxl import load_workbook  # noqa: PLC0415 - only those who read spreadsheets wait for it
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - the same

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions, which we do not read
        try:
            book = load_workbook(path, read_only=True, data_only=True)
        except OSError as error:
            raise MappingError(f"{path}: cannot be read ({error.strerror}); check the path") from None
        except (BadZipFile, InvalidFileException, KeyError, ValueError):
            raise MappingError(f"{path}: is no .xlsx workbook; save it as one, without a password") from None
        try:
            yield book
        finally:
            book.close()


def titles(path: Path) -> list[str]:
    """The names of its sheets."""
    with _book(path) as book:
        return [sheet.title for sheet in book.worksheets]


def _chosen(book: Any, path: Path, name: str | None) -> Any:
    """The sheet of this name, or the only one."""
    sheets = {each.title: each for each in book.worksheets}
    if name is None and len(sheets) == 1:
        return next(iter(sheets.values()))
    if name not in sheets:
        said = "which `sheet`" if name is None else f"no sheet {name!r}"
        raise MappingError(f"{path}: {said}? write sheet = one of {', '.join(map(repr, sheets))}")
    return sheets[name]


def records(path: Path, name: str | None) -> Iterator[tuple[int, list[Any]]]:
    """Each row that is not empty: its number in the sheet, and its cells."""
    with _book(path) as book:
        found = _chosen(book, path, name)
        found.reset_dimensions()  # what a file says of its own size may be wrong
        for number, cells in enumerate(found.iter_rows(), start=1):
            if any(cell.value not in (None, "") for cell in cells):
                yield number, list(cells)


def header(path: Path, name: str | None, line: int) -> list[str] | None:
    """The texts of the row with this number."""
    first = next((cells for number, cells in records(path, name) if number >= line), None)
    return None if first is None else without_tail([" ".join(text(cell).split()) for cell in first])


def xlsx_rows(source: Source, path: Path, names: Sequence[str], columns: Collection[str]) -> Iterator[Row]:
    """The rows below the header, with the cells of `columns`."""
    wanted = [(index, name) for index, name in enumerate(names) if name in columns]
    spec = source.spec
    first = spec.header or 1
    found = (record for record in records(path, spec.sheet) if record[0] >= first)
    top = [] if spec.headless else [cell.value for cell in next(found, (0, []))[1]]
    for number, cells in found:
        if top and [cell.value for cell in cells] == top:
            continue  # the names again, as where exports were put together, are no row
        row = Row(source, path, number, {})
        if any(cell.value not in (None, "") for cell in cells[len(names) :]):
            row.problem = Rejected("", f"a cell stands right of the {len(names)} columns; name its column")
        for index, name in wanted:
            if index < len(cells):
                _keep(row, name, cells[index])
        yield row


def _keep(row: Row, name: str, cell: Any) -> None:
    if getattr(cell, "data_type", "") == "e":
        row.problem = Rejected("", f"column {name} holds the error {cell.value}; mend the formula")
    row.cells[name] = row.source.spec.clean(text(cell))


def text(cell: Any) -> str:
    """What a cell says."""
    value = cell.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(f"{value:.15g}"), "f")  # the digits that spreadsheets keep
    if isinstance(value, dt.datetime):
        value = (value + _HALF_SECOND).replace(microsecond=0)
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    return "" if value is None else str(value)


def without_tail(names: list[str]) -> list[str]:
    """The names without the empty ones at the end."""
    while names and not names[-1]:
        names.pop()
    return names
