"""How a CSV is written: its encoding, what stands between cells, and the line that names the columns."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from shared.mapping import MappingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOOKED_AT = 40
"""Lines among which the names of the columns are sought."""
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_BLOCK = 1 << 20
_NAMES = {"utf-8": "utf-8-sig", "utf-16": "utf-16"}


def of_csv(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """The keys that `[files.NAME]` needs for this file, and why."""
    from shared.guessing.table import likeness  # noqa: PLC0415 - it looks at tables of any kind

    encoding, why = _encoding(path)
    lines = _lines(path, encoding)
    separator = _separator(lines, path)
    keys: dict[str, Any] = {}
    if encoding != "utf-8":
        keys["encoding"] = encoding
    if separator != ("\t" if path.suffix == ".tsv" else ","):
        keys["delimiter"] = separator
    starts = [(likeness(cells), -line) for line, cells in _records(lines, separator)]
    score, line = max(starts, default=(0, -1))
    if not score:
        raise MappingError(f"{path}: no line names the columns; put one above the table")
    if line != -1:
        keys["header"] = -line
    if short := _short(_records(lines, separator), -line):
        keys["short"] = True
    reasons = {
        "encoding": why,
        "delimiter": f"a {_SEPARATORS[separator]} stands between cells",
        "header": "the line that names the columns",
        "short": f"line {short} lacks its last cells, as spreadsheets save empty ones: is that so?",
    }
    return keys, {name: reasons[name] for name in keys}


def _short(records: list[tuple[int, list[str]]], header: int) -> int:
    """The first line of the table that ends before its last column, though it is no label; 0 without one."""
    width = next(len(cells) for line, cells in records if line == header)
    return next((line for line, cells in records if line > header and 2 * len(cells) > width > len(cells)), 0)


def _encoding(path: Path) -> tuple[str, str]:
    """The encoding in which the whole file can be read, and how one sees that."""
    with _opened(path) as file:
        start = file.read(_BLOCK)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "its byte order mark says so"
    if b"\0" in start:
        raise MappingError(f"{path}: is no text that can be told; save it as UTF-8")
    for encoding in ("utf-8", "windows-1252", "iso-8859-1"):
        if _readable(path, encoding):
            break
    return (
        encoding,
        ""
        if encoding == "utf-8"
        else f"it is no UTF-8; so it reads {_word(path, encoding)!r}: is that right?",
    )


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise MappingError(f"{path}: cannot be read ({error.strerror}); check the path") from None


def _readable(path: Path, encoding: str) -> bool:
    """Whether every byte of the file has a meaning in this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with _opened(path) as file:
            while block := file.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _word(path: Path, encoding: str) -> str:
    """The first cell with a letter that is not ASCII, for a person to recognise."""
    with path.open(encoding=encoding, newline="\n") as stream:
        line = next(line for line in stream if not line.isascii())
    return next(cell for cell in re.split(r'[;,\t|\r\n"]', line) if not cell.isascii())


def _lines(path: Path, encoding: str) -> list[str]:
    with path.open(encoding=_NAMES.get(encoding, encoding), newline="\n", errors="surrogateescape") as stream:
        return list(islice(stream, 500))


def _separator(lines: list[str], path: Path) -> str:
    """What divides the most lines into the same number of cells, of two or more."""
    scores = {}
    for separator in _SEPARATORS:
        widths = Counter(len(cells) for _, cells in _records(lines, separator))
        width, times = max(
            widths.items(), key=lambda each: (each[1] * (each[0] > 1), each[0]), default=(1, 0)
        )
        scores[separator] = times * (width > 1), width
    best = max(scores, key=lambda each: scores[each])
    if not scores[best][0]:
        raise MappingError(f"{path}: no comma, semicolon, tab or bar divides its lines into columns")
    return best


def _records(lines: list[str], separator: str) -> list[tuple[int, list[str]]]:
    """The rows among these lines, each with the line it starts on."""
    reader = csv.reader(lines, delimiter=separator)
    found, start = [], 1
    try:
        for cells in reader:
            if any(cells):
                found.append((start, cells))
            start = reader.line_num + 1
    except csv.Error:
        pass  # what cannot be read is told at import
    return found
