"""CSV as rows; a broken record says so and the next line begins the next one."""

from __future__ import annotations

import csv
from collections import deque
from itertools import islice
from typing import IO, TYPE_CHECKING

from shared.events.catalogue import Rejected
from shared.mapping.rows import Row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from shared.mapping.model import File
    from shared.mapping.relations import Source


def csv_rows(
    source: Source,
    path: Path,
    names: Sequence[str],
    columns: Collection[str],
    only: tuple[str, Collection[str]] | None = None,
) -> Iterator[Row]:
    """The rows of a CSV, with the cells of `columns`; `only` are a column and the texts it must hold."""
    column, texts = (names.index(only[0]), only[1]) if only else (0, ())
    wanted = [(index, name) for index, name in enumerate(names) if name in columns]
    with source.spec.open(path) as stream:
        records = _records(_Lines(stream, (source.spec.header or 1) - 1), source.spec.separator)
        _, header = (0, None) if source.spec.headless else next(records, (0, None))
        for line, cells in records:
            if cells == header or (only and isinstance(cells, list) and not _meant(cells, column, texts)):
                continue  # the names again, as where exports were put together, are no row
            yield _row(source, path, line, cells, wanted=wanted, width=len(names))


def _meant(cells: list[str], column: int, texts: Collection[str]) -> bool:
    return len(cells) <= column or cells[column] in texts


def _row(
    source: Source,
    path: Path,
    line: int,
    cells: list[str] | Rejected,
    *,
    wanted: list[tuple[int, str]],
    width: int,
) -> Row:
    if isinstance(cells, Rejected):
        return Row(source, path, line, {}, problem=cells)
    problem = None
    if len(cells) > width or (len(cells) < width and not source.spec.short):
        more = "more" if len(cells) > width else "fewer"
        problem = Rejected(
            "",
            f"the row has {len(cells)} cells, {more} than the {width} columns; "
            f"quote cells that hold {source.spec.separator!r}, or add what is missing"
            + (", or write `short = true` where the last ones may be" if more == "fewer" else ""),
        )
    named = {name: source.spec.clean(cells[index]) for index, name in wanted if index < len(cells)}
    return Row(source, path, line, named, problem=problem)


def first_cells(spec: File, path: Path) -> list[str] | None:
    """The cells of the line that names the columns, None where no such line can be read."""
    with spec.open(path) as stream:
        first = next(_records(_Lines(stream, (spec.header or 1) - 1), spec.separator), None)
    return None if first is None or isinstance(first[1], Rejected) else first[1]


class _Lines:
    """Physical lines, which can be taken back as far as the second line of the current record."""

    def __init__(self, stream: IO[str], skip: int = 0) -> None:
        self.number = sum(1 for _ in islice(stream, skip))
        self._stream = stream
        self._again: deque[str] = deque()
        self._record: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._stream)
        self.number += 1
        self._record.append(line)
        return line

    def start(self) -> int:
        """Begin a record; the number of its first line."""
        self._record.clear()
        return self.number + 1

    def retry(self) -> int:
        """Keep only the first line of a broken record and hand out the rest again; how many it had."""
        count = len(self._record)
        self._again.extendleft(reversed(self._record[1:]))
        self.number -= max(count - 1, 0)
        return count


def _records(lines: _Lines, separator: str) -> Iterator[tuple[int, list[str] | Rejected]]:
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        start = lines.start()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield start, _broken(str(error), lines.retry())
            continue
        if any(cells):  # a line of separators alone says nothing
            yield start, cells


def _broken(why: str, lines: int) -> Rejected:
    if "unexpected end" in why or "field limit" in why or lines > 1:
        return Rejected(
            "",
            'a quote (") opens a cell here and does not close it; close it, '
            "or double the quotes inside a cell",
        )
    if "new-line" in why:
        return Rejected("", "a carriage return stands in a cell without quotes; quote the cell")
    return Rejected("", f"no CSV row ({why}); double the quotes inside a cell")
