"""CSV, JSON and JSON Lines as rows of text; a broken row says so and the rest go on."""

from __future__ import annotations

import csv
import json
import re
from collections import deque
from typing import IO, TYPE_CHECKING, Any

from shared.events.catalogue import Rejected
from shared.mapping.errors import MappingError
from shared.mapping.rows import Row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from shared.mapping.model import File
    from shared.mapping.relations import Source

_SPACE = re.compile(r"[ \t\r\n]*")


def rows(source: Source, path: Path, columns: Collection[str]) -> Iterator[Row]:
    """The rows of a file, in its order; of a CSV only `columns`."""
    match path.suffix:
        case ".jsonl" | ".ndjson":
            return _json_lines(source, path)
        case ".json":
            return _json_array(source, path)
    return _csv(source, path, columns)


def header(spec: File, path: Path) -> list[str] | None:
    """The names of a CSV's columns; None for JSON, whose rows say their own."""
    if path.suffix.endswith(("json", "jsonl")):
        return None
    if spec.columns:
        return spec.columns
    with _open(spec, path) as stream:
        first = next(_records(_Lines(stream), spec.separator), None)
    if first is None or isinstance(first[1], Rejected):
        raise MappingError(f"{path}: line 1 names no columns; put their names there, or write `columns`")
    names = [name.strip() for name in first[1]]
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice is not None:
        raise MappingError(f"{path}: line 1 names the column {twice!r} twice; rename one")
    return names


def nested(row: Row, name: str) -> list[Row]:
    """The rows of a list inside a JSON row."""
    if row.problem is not None:
        raise row.problem
    return [_from_json(row.source, row.path, row.line, item) for item in row.lists.get(name, [])]


class _Lines:
    """Physical lines, which can be taken back as far as the second line of the current record."""

    def __init__(self, stream: IO[str]) -> None:
        self.number = 0
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


def _open(spec: File, path: Path) -> IO[str]:
    encoding = "utf-8-sig" if spec.encoding == "utf-8" else spec.encoding
    try:
        return path.open(encoding=encoding, errors="surrogateescape", newline="\n")
    except OSError as error:
        raise MappingError(f"{path}: cannot be read ({error.strerror}); check the path") from None


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
        if cells:
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


def _csv(source: Source, path: Path, columns: Collection[str]) -> Iterator[Row]:
    names = header(source.spec, path) or []
    wanted = [(index, name) for index, name in enumerate(names) if name in columns]
    with _open(source.spec, path) as stream:
        records = _records(_Lines(stream), source.spec.separator)
        if not source.spec.columns:
            next(records, None)
        for line, cells in records:
            yield _row(source, path, line, cells, wanted=wanted, width=len(names))


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
    if len(cells) != width:
        more = "more" if len(cells) > width else "fewer"
        problem = Rejected(
            "",
            f"the row has {len(cells)} cells, {more} than the {width} columns; "
            f"quote cells that hold {source.spec.separator!r}, or add what is missing",
        )
    named = {name: _clean(cells[index], source.spec) for index, name in wanted if index < len(cells)}
    return Row(source, path, line, named, problem=problem)


def _clean(text: str, spec: File) -> str:
    if spec.trim:
        text = text.strip()
    return "" if text in spec.empty else text


def _json_lines(source: Source, path: Path) -> Iterator[Row]:
    with _open(source.spec, path) as stream:
        for line, text in enumerate(stream, start=1):
            if not text.isspace():
                try:
                    yield _from_json(source, path, line, _DECODER.decode(text))
                except (ValueError, RecursionError) as error:
                    yield Row(
                        source,
                        path,
                        line,
                        {},
                        problem=Rejected("", f"no JSON ({_why(error)}); mend the line"),
                    )


def _json_array(source: Source, path: Path) -> Iterator[Row]:
    """Each element of the array, with the line it starts on."""
    with _open(source.spec, path) as stream:
        text = stream.read()
    end = _skip(text, 0)
    if text[end : end + 1] != "[":
        raise MappingError(f"{path}: is no JSON array; write [ … ] around its rows")
    line, seen = 1, 0
    if text[(first := _skip(text, end + 1)) : first + 1] == "]":
        return
    while text[end : end + 1] != "]":
        start = _skip(text, end + 1)
        line, seen = line + text.count("\n", seen, start), start
        try:
            value, end = _DECODER.raw_decode(text, start)
            end = _skip(text, end)
            if text[end : end + 1] not in (",", "]"):
                raise ValueError("a comma or ] is missing after this row")  # noqa: TRY301 # as the decoder's own
        except (ValueError, RecursionError) as error:
            reason = f"no JSON ({_why(error)}); mend it: what follows cannot be read"
            yield Row(source, path, line, {}, problem=Rejected("", reason))
            return
        yield _from_json(source, path, line, value)


def _skip(text: str, index: int) -> int:
    match = _SPACE.match(text, index)
    return match.end() if match else index


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, at character {error.colno}"
    return str(error)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} occurs twice")
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_float=str, parse_int=str, parse_constant=str)
"""Numbers stay the text that was written, so that no digit is lost."""


def _from_json(source: Source, path: Path, line: int, value: Any) -> Row:
    if not isinstance(value, dict):
        return Row(source, path, line, {}, problem=Rejected("", "the row is no JSON object; write { … }"))
    row = Row(source, path, line, {})
    try:
        _flatten(value, "", row)
    except RecursionError:
        row.problem = Rejected("", "the row is nested too deeply; flatten it")
    return row


def _flatten(table: dict[str, Any], prefix: str, row: Row) -> None:
    for name, value in table.items():
        if isinstance(value, dict):
            _flatten(value, f"{prefix}{name}.", row)
        elif isinstance(value, list):
            row.lists[prefix + name] = value
        elif isinstance(value, bool):
            row.cells[prefix + name] = "true" if value else "false"
        elif value is not None:
            row.cells[prefix + name] = _clean(value, row.source.spec)
