"""A row of a file, the rows it belongs to, and what a template sees of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shared.events.catalogue import Rejected
from shared.mapping.errors import CellRejected
from shared.mapping.template import Template

if TYPE_CHECKING:
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from shared.mapping.notation import Notation
    from shared.mapping.relations import Source

_UNREADABLE = re.compile("[\x00\ud800-\udfff]")
_ESCAPED = 0xDC00  # what "surrogateescape" adds to a byte it cannot decode


@dataclass(slots=True)
class Row:
    """One record: `line` is where it starts in its file, counted from 1; `problem` says it is broken."""

    source: Source
    path: Path
    line: int
    cells: dict[str, str]
    lists: dict[str, list[Any]] = field(default_factory=dict)
    problem: Rejected | None = None
    absent: bool = False

    def cell(self, column: str) -> str:
        """The text of a cell, empty where the row has none; raises Rejected for what cannot be read."""
        if self.problem is not None:
            raise Rejected("", f"{self.path.name} line {self.line}: {self.problem.reason}")
        text = self.cells.get(column, "")
        if text and ((text.isascii() and "\0" not in text) or not _UNREADABLE.search(text)):
            return text
        if text:
            raise CellRejected("", f"{self.locate(column)} {_unreadable(text)}", column, text)
        if column in self.lists:
            raise Rejected("", f"{self.locate(column)} is a list; declare it under `many` and use `each`")
        return ""

    def locate(self, column: str) -> str:
        """For people: which cell."""
        return f"column {column} of {self.path.name} line {self.line}"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a template sees: a row, the rows bound by `each`, and the mapping's time zone."""

    row: Row
    zone: ZoneInfo | None
    bound: dict[str, Row] = field(default_factory=dict)

    def cell(self, path: tuple[str, ...]) -> str:
        """The text at `path`, empty where the row it leads to is absent."""
        row, column = self._follow(path)
        return row.cell(column)

    def locate(self, path: tuple[str, ...]) -> str:
        """For people: which cell."""
        row, column = self._follow(path)
        return f"column {'.'.join(path)} (no such row)" if row.absent else row.locate(column)

    def notation(self, template: Any) -> Notation | None:
        """How the column that this text is made of writes its values, where its file says so."""
        parts = template.parts if isinstance(template, Template) else ()
        if len(parts) != 1 or isinstance(parts[0], str):
            return None
        row, column = self._follow(parts[0].path)
        return row.source.spec.notation.get(column)

    def bind(self, name: str, row: Row) -> Scope:
        """The same scope with `name` standing for `row`."""
        return Scope(self.row, self.zone, {**self.bound, name: row})

    def _follow(self, path: tuple[str, ...]) -> tuple[Row, str]:
        row = self.row
        if path[0] in self.bound:
            row, path = self.bound[path[0]], path[1:]
        while len(path) > 1 and path[0] in row.source.spec.one:
            row, path = row.source.one(row, path[0]), path[1:]
        return row, path[0] if len(path) == 1 else ".".join(path)


def _unreadable(text: str) -> str:
    if "\0" in text:
        return "holds a NUL; remove it"
    codes = [ord(character) for character in text if "\ud800" <= character <= "\udfff"]
    if all(0x80 <= code - _ESCAPED <= 0xFF for code in codes):  # noqa: PLR2004 # a byte
        return (
            f"holds the byte 0x{codes[0] - _ESCAPED:02X}, which its encoding lacks; set the file's `encoding`"
        )
    return "holds half a surrogate pair; mend the export"
