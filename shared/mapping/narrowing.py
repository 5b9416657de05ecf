"""Which rows of a file count, and the cells that a row takes from the one above it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from shared.events.catalogue import Rejected
from shared.mapping.rows import Row, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.mapping.model import File
    from shared.mapping.relations import Source


def narrowed(rows: Iterator[Row], source: Source) -> Iterator[Row]:
    """The rows with what `fill_down` carries, if the file's own `when` and `unless` admit them."""
    spec = source.spec
    if spec.fill_down:
        rows = _filled(rows, spec.fill_down)  # first: a row that does not count may still begin an order
    return _counting(rows, source) if spec.when or spec.unless else rows


def _counting(rows: Iterator[Row], source: Source) -> Iterator[Row]:
    for row in rows:
        if _counts(row, source.spec):
            yield row
        else:
            source.left_out(row)


def _counts(row: Row, spec: File) -> bool:
    """Whether a row is meant; a broken one of which nothing can be read is, so that it is told of."""
    if row.problem is None:
        try:
            return spec.admits(Scope(row, None))
        except Rejected as rejected:
            row.problem = rejected
            return True
    return not row.cells or spec.admits(Scope(replace(row, problem=None), None))


@dataclass(slots=True)
class _Above:
    """The row that began the current group: its cells, or why they are not known."""

    cells: dict[str, str] | None
    why: str


def _filled(rows: Iterator[Row], columns: list[str]) -> Iterator[Row]:
    above = _Above(None, "no row above it has one")
    for row in rows:
        if row.problem is not None:
            above = _Above(None, f"line {row.line}, which may begin it, is broken")
        elif row.cells.get(columns[0]):
            above = _Above({name: row.cells.get(name, "") for name in columns}, "")
        elif above.cells is not None:
            row.cells |= above.cells
        else:
            row.problem = Rejected("", f"column {columns[0]} is empty and {above.why}; mend that first")
        yield row
