"""A file looked at closely: how it is written, where its table is, and what stands in its columns."""

from __future__ import annotations

import glob
import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from shared.guessing import dialect
from shared.guessing.amounts import Amounts, amounts_of
from shared.guessing.days import Days, days_of, serials_of
from shared.guessing.names import roles
from shared.mapping import MappingError
from shared.mapping.model import File
from shared.mapping.readers import checked, first_names, rows
from shared.mapping.relations import Source
from shared.mapping.xlsx_rows import SUFFIXES

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = 20_000
"""Rows that are looked at."""
_NOTHING = {
    "-",
    "--",
    "null",
    "n/a",
    "#n/a",
    "na",
    "none",
    "nan",
    "k.a.",
    "00.00.0000",
    "0000-00-00",
    "00/00/0000",
}
_TOTALS = (
    "total",
    "summe",
    "gesamt",
    "somme",
    "suma",
    "grand total",
    "sous-total",
    "subtotal",
    "zwischensumme",
)


@dataclass
class Column:
    """A column with its texts, one for each row of the sample."""

    name: str
    texts: list[str]

    @cached_property
    def filled(self) -> list[str]:
        """The texts that are not empty."""
        return [text for text in self.texts if text]

    @cached_property
    def days(self) -> Days | None:
        """What it is as dates."""
        return days_of(self.filled)

    @cached_property
    def dates(self) -> Days | None:
        """What it is as dates, where its name says that it is some: plain numbers may be, too."""
        return self.days or serials_of(self.filled)

    @cached_property
    def amounts(self) -> Amounts | None:
        """What it is as numbers."""
        return amounts_of(self.filled)

    @property
    def unique(self) -> bool:
        """Whether all its texts differ."""
        return len(set(self.filled)) == len(self.filled)


@dataclass
class Table:
    """A table, with the keys that `[files.NAME]` needs to read it, and why."""

    path: Path
    keys: dict[str, Any]
    columns: dict[str, Column]
    why: dict[str, str] = field(default_factory=dict)
    partial: bool = False

    @property
    def height(self) -> int:
        """How many rows were looked at."""
        return max((len(column.texts) for column in self.columns.values()), default=0)


def table_of(path: Path) -> Table:
    """Look at a file; MappingError where it holds no table."""
    pattern = _pattern(path)
    keys, why = _sheet(path) if path.suffix in SUFFIXES else dialect.of_csv(path)
    names = first_names(File(path=pattern, **keys), path)
    if (ours := _usable(names)) != names:
        keys |= {"header": keys.get("header", 1), "columns": ours}
        why["columns"] = (
            "two names are the same, or hold signs with a meaning here; keep this order of columns"
        )
        names = ours
    spec = File(path=pattern, **keys)
    checked(names, spec, path)
    source = Source("table", spec, {})
    found = [row for row in islice(rows(source, path, names), SAMPLE + 1) if row.problem is None]
    cells = [row.cells for row in found[:SAMPLE]]
    columns = {name: Column(name, [row.get(name, "").strip() for row in cells]) for name in names if name}
    table = Table(path, keys, columns, why, len(found) > SAMPLE)
    _without_totals(table)
    _trimmed(table, cells)
    _parents(table)
    return table


def _trimmed(table: Table, cells: list[dict[str, str]]) -> None:
    """Note blanks around cells, and words that mean nothing."""
    if any(text != text.strip() for row in cells for text in row.values()):
        table.keys["trim"], table.why["trim"] = True, "blanks stand around some cells"
    odd = [t for c in table.columns.values() for kind in (c.days, c.amounts) if kind for t in kind.odd]
    said = sorted({text for text in odd if text.casefold() in _NOTHING})
    if said:
        table.keys["empty"], table.why["empty"] = said, "words that stand for nothing"
        for name, column in table.columns.items():
            table.columns[name] = Column(name, ["" if t in said else t for t in column.texts])


def _parents(table: Table) -> None:
    """Find the columns that are written once for several rows: the first of them begins a group."""
    key = max(table.columns.values(), key=lambda each: roles()["order_id"].score(each.name), default=None)
    if key is None or not key.texts or not key.texts[0] or not roles()["order_id"].score(key.name):
        return
    below = [at for at, text in enumerate(key.texts) if not text]
    parents = [
        column.name
        for column in table.columns.values()
        if column is not key and column.filled and not any(column.texts[at] for at in below)
    ]
    if not below or len(parents) == len(table.columns) - 1:
        return
    table.keys["fill_down"] = [key.name, *parents]
    table.why["fill_down"] = f"{len(below):,} rows leave these empty, as they go on with the order above"
    for name in table.keys["fill_down"]:
        table.columns[name] = Column(name, _filled(key.texts, table.columns[name].texts))


def _filled(key: list[str], texts: list[str]) -> list[str]:
    found: list[str] = []
    for begins, text in zip(key, texts, strict=True):
        found.append(text if begins or not found else found[-1])
    return found


def _pattern(path: Path) -> str:
    """The file's name, for `path`."""
    if path.suffix not in (*SUFFIXES, ".csv", ".tsv", ".txt"):
        raise MappingError(f"{path}: is no table; save it as .csv or .xlsx")
    return glob.escape(path.name)


def _usable(names: list[str]) -> list[str]:
    """The names without what a template cannot hold, and each of them once."""
    found: list[str] = []
    for name in names:
        plain = re.sub(r"[{}]|\?+$|^\.+", "", re.sub(r"\.{2,}", ".", name)).strip()
        again = sum(each == plain or each.startswith(f"{plain} (") for each in found) if plain else 0
        found.append(f"{plain} ({again + 1})" if again else plain)
    return found


def _sheet(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """The sheet and the line whose cells name the most roles."""
    from shared.mapping import xlsx_rows  # noqa: PLC0415 - only spreadsheets need it

    best: tuple[float, str, int] = (0, "", 0)
    sheets = xlsx_rows.titles(path)
    for title in sheets:
        for line, cells in islice(xlsx_rows.records(path, title), dialect.LOOKED_AT):
            score = likeness([xlsx_rows.text(cell) for cell in cells])
            best = max(best, (score, title, -line))
    if not best[0]:
        raise MappingError(f"{path}: no sheet has a line that names columns; put one above the table")
    keys: dict[str, Any] = {"sheet": best[1]} if len(sheets) > 1 else {}
    why = {"sheet": f"the sheets are {', '.join(sheets)}"} if keys else {}
    if best[2] != -1:
        keys["header"], why["header"] = -best[2], "the line that names the columns"
    return keys, why


def likeness(cells: list[str]) -> float:
    """How much a line looks like the names of columns; 0 where it cannot be."""
    names = [cell for cell in cells if cell.strip()]
    values = sum(bool(days_of([name]) or amounts_of([name])) for name in names)
    if len(names) < 2 or 3 * values > len(names):  # noqa: PLR2004 # a table has columns, most of them with names
        return 0
    known = sum(max(role.score(name) for role in roles().values()) for name in names)
    return known + len(names) / 1000


def _without_totals(table: Table) -> None:
    """Take rows out that sum the others up."""
    totals = {
        name: sorted(filter(_sums, set(column.filled)))
        for name, column in list(table.columns.items())[:4]
        if any(map(_sums, column.filled[-3:]))
    }
    if not totals:
        return
    table.keys["unless"] = {name: _pattern_of(said) for name, said in totals.items()}
    table.why["unless"] = "a line that sums the others up is no order"
    drop = {
        at
        for name, said in totals.items()
        for at, text in enumerate(table.columns[name].texts)
        if text in said
    }
    table.columns = {
        name: Column(name, [text for at, text in enumerate(column.texts) if at not in drop])
        for name, column in table.columns.items()
    }


def _sums(text: str) -> bool:
    """Whether a cell is the label of a sum."""
    return text.casefold().startswith(_TOTALS)


def _pattern_of(labels: list[str]) -> list[str] | dict[str, str]:
    """The labels; of sums for each order, such as `Total 4711`, how they begin."""
    words = {label[: len(word)] for label in labels for word in _TOTALS if label.casefold().startswith(word)}
    return {"like": f"{words.pop()}*"} if len(labels) > len(words) == 1 else labels
