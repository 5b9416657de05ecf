"""A mapping at work, followed row by row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from shared.events.catalogue import Rejected
from shared.mapping.ocel import activities
from shared.mapping.relations import Source
from shared.mapping.run import Making, Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.mapping import Mapped
    from shared.mapping.model import File
    from shared.mapping.rows import Row

Place = tuple[str, int]
"""A file and a line."""
_MOST_VALUES = 5_000


@dataclass
class Fate:
    """What became of one row: its events, those it is only a part of, and why others were refused."""

    became: list[bytes] = field(default_factory=list)
    part_of: list[bytes] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@dataclass
class Trace:
    """Which rows were read, went into events or were refused; of the first `most` of each file, how."""

    most: int
    rows: set[Place] = field(default_factory=set)
    mapped: set[Place] = field(default_factory=set)
    refused: set[Place] = field(default_factory=set)
    sample: dict[Place, Fate] = field(default_factory=dict)
    values: defaultdict[tuple[str, str], dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    touched: set[Place] = field(default_factory=set)
    _shown: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def read(self, row: Row) -> None:
        """Note a row and some of its values."""
        self._note(_place(row))
        for name, text in row.cells.items():
            values = self.values[row.source.name, name]
            if text and len(values) < _MOST_VALUES:
                values.setdefault(text, row.line)

    def end(self, mapped: Mapped) -> None:
        """Note what became of a row and of those that went into the same event."""
        place = (mapped.file, mapped.line)
        self._note(place)
        if isinstance(mapped.event, Rejected):
            self.refused.add(place)
            if fate := self.sample.get(place):
                fate.refused.append(mapped.event.reason)
            return
        self.mapped |= {place, *self.touched}
        for each in sorted({place, *self.touched} & self.sample.keys()):
            events = self.sample[each].became if each == place else self.sample[each].part_of
            events.append(mapped.event)
        self.touched.clear()

    def _note(self, place: Place) -> None:
        if place not in self.rows:
            self.rows.add(place)
            self._shown[place[0]] += 1
            if self._shown[place[0]] <= self.most:
                self.sample[place] = Fate()


class TracedSource(Source):
    """A file that tells which of its rows are used."""

    trace: Trace

    def one(self, row: Row, name: str) -> Row:
        """The row that `row` belongs to, noted."""
        found = super().one(row, name)
        if not found.absent:
            self.trace.touched.add(_place(found))
        return found

    def took(self, row: Row) -> None:
        """Note a row of a list."""
        self.trace.touched.add(_place(row))

    def left_out(self, row: Row) -> None:
        """Note a row that does not count."""
        self.trace.read(row)


@dataclass
class TracedRun(Run):
    """One pass over the files, with its trace; columns that are missing are noted, not raised."""

    trace: Trace = field(default_factory=lambda: Trace(0))
    missing: list[tuple[str, str, str, str]] = field(default_factory=list)
    unused: dict[str, list[str]] = field(default_factory=dict)

    @property
    def unheard(self) -> dict[str, list[str]]:
        """Of each log the activities that no file of the mapping reads."""
        logs = [source for source in self.sources.values() if source.spec.activities]
        heard = {name for source in logs for name in source.spec.heard}
        each = {path: source for source in logs for path in self.paths[source.name]}
        return {
            str(path): [name for name in activities(source, path) if name not in heard]
            for path, source in each.items()
        }

    def _source(self, name: str, spec: File) -> Source:
        source = TracedSource(name, spec, self.sources)
        source.trace = self.trace
        return source

    def _rows(self, source: Source) -> Iterator[Row]:
        for row in super()._rows(source):
            self.trace.read(row)
            yield row

    def _make(self, rule: Making, row: Row) -> Iterator[Mapped]:
        self.trace.touched.clear()
        yield from super()._make(rule, row)

    def _check_headers(self) -> None:
        for name, paths in self.paths.items():
            used = self.columns.used[name]
            for path in paths:
                names = self._names(name, path)
                if names is None:
                    continue
                self.unused[str(path)] = [each for each in names if each and each not in used]
                for column, where in used.items():
                    if column not in names:
                        near = get_close_matches(column, names, 1, 0.6)
                        self.missing.append((str(path), column, where, *near, "")[:4])  # type: ignore[arg-type] # four texts


def _place(row: Row) -> Place:
    return str(row.path), row.line
