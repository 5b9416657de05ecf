"""A mapping at work: rows in, events out, file by file and row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from shared.events.catalogue import Rejected, parse
from shared.mapping.errors import CellRejected, MappingError, under
from shared.mapping.logs import Logs
from shared.mapping.moments import zone_named
from shared.mapping.readers import header, rows
from shared.mapping.relations import Source
from shared.mapping.rows import Scope
from shared.mapping.template import Template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from shared.mapping.columns import Columns
    from shared.mapping.model import File, MappingFile, Rule, Snapshot
    from shared.mapping.rows import Row


_ALONE = "; if these are several columns, write their `delimiter`; if it is a title, write `header`"


class Mapped(NamedTuple):
    """An event as structured JSON, or why there is none; `line` is where the row it is made from starts."""

    file: str
    line: int
    event: bytes | Rejected


@dataclass
class Run:
    """One pass over a set of files."""

    name: str
    spec: MappingFile
    columns: Columns
    paths: dict[str, list[Path]]
    exported_at: datetime | None = None
    sources: dict[str, Source] = field(default_factory=dict)
    told: set[tuple[Path, str | None, int]] = field(default_factory=set)
    heard: set[Path] = field(default_factory=set)

    def __post_init__(self) -> None:
        for name, spec in self.spec.files.items():
            self.sources[name] = self._source(name, spec)
        self._check_headers()
        self._logs().check_types()
        if self.spec.snapshot is not None and self.exported_at is None:
            self.exported_at = self._exported_at(self.spec.snapshot)
        for spec in self.spec.files.values():
            for target, on in spec.joins():
                self.sources[target].index(tuple(on))

    def _source(self, name: str, spec: File) -> Source:
        return Source(name, spec, self.sources)

    def _logs(self) -> Logs:
        sources = [source for source in self.sources.values() if source.spec.activities]
        return Logs(self.name, sources, self.paths, self.columns.needed)

    def _exported_at(self, snapshot: Snapshot) -> datetime:
        """When a snapshot was made: as its first row says, else when its newest file was written."""
        if snapshot.exported_at is None or snapshot.file is None:
            written = [path.stat().st_mtime for paths in self.paths.values() for path in paths]
            if not written:
                raise MappingError(
                    f"{self.name}: there is no file to say when it was exported; check the paths"
                )
            return datetime.fromtimestamp(int(max(written)), UTC)
        row = next(self._rows(self.sources[snapshot.file]), None)
        zone = zone_named(self.spec.timezone) if self.spec.timezone else None
        try:
            found = None if row is None else snapshot.exported_at.instant(Scope(row, zone))
        except Rejected as rejected:
            raise MappingError(f"{self.name}: snapshot.exported_at: {rejected.reason}") from None
        if found is None:
            problem = f"no row of {self.spec.files[snapshot.file].path} says it; pass --exported-at"
            raise MappingError(f"{self.name}: snapshot.exported_at: {problem}")
        return found

    def events(self) -> Iterator[Mapped]:
        """Broken rows of the files that others refer to, then every event, then rows no one referred to."""
        for source in self.sources.values():
            if source.indexes:
                yield from self._index(source)
        for source in self.sources.values():
            yield from self._stream(source)
        for source in self.sources.values():
            yield from self._left_over(source)
        self._logs().check_heard(self.heard)

    def _rows(self, source: Source) -> Iterator[Row]:
        for path in self.paths[source.name]:
            for row in rows(source, path, self.columns.used[source.name]):
                self.heard.add(path)
                yield row

    def _index(self, source: Source) -> Iterator[Mapped]:
        for row in self._rows(source):
            yield from self._broken(row)
            for index in source.indexes.values():
                try:
                    index.add(row)
                except Rejected as rejected:
                    yield _rejected(row, rejected)

    def _making(self, rule: Rule) -> Making:
        at = None if self.exported_at is None else self.exported_at.isoformat()
        return Making(rule, self.spec, otherwise_at=at)

    def _stream(self, source: Source) -> Iterator[Mapped]:
        rules = [self._making(rule) for rule in self.spec.events if rule.file == source.name]
        if not rules and not source.spec.many:
            return
        for row in self._rows(source):
            source.claim(row)
            if row.problem is None:
                yield from (mapped for rule in rules for mapped in self._make(rule, row))
            else:
                yield from self._broken(row)

    def _broken(self, row: Row) -> Iterator[Mapped]:
        """A row that cannot be read, once, however many rules and relations look at it."""
        place = (row.path, row.source.spec.table, row.line)
        if row.problem is not None and place not in self.told:
            self.told.add(place)
            yield _rejected(row, row.problem)

    def _make(self, rule: Making, row: Row) -> Iterator[Mapped]:
        return rule.make(row)

    def _left_over(self, source: Source) -> Iterator[Mapped]:
        for other in self.sources.values():
            for relation in other.spec.many.values():
                if relation.file != source.name or relation.optional:
                    continue
                for key, row in source.index(tuple(relation.on)).unclaimed():
                    wanted = " and ".join(f"{c} {v!r}" for c, v in zip(relation.on, key, strict=True))
                    yield _rejected(
                        row,
                        Rejected(
                            "",
                            f"no row of {other.spec.label} goes with {wanted}; add it "
                            "there, or take this row out",
                        ),
                    )

    def _names(self, name: str, path: Path) -> list[str] | None:
        """The columns of a table; None for logs, databases and JSON, whose rows say their own."""
        return header(self.spec.files[name], path)

    def _check_headers(self) -> None:
        for name, paths in self.paths.items():
            for path in paths:
                names = self._names(name, path)
                for column, where in self.columns.used[name].items():
                    if names is not None and column not in names:
                        raise MappingError(
                            f"{self.name}: {where}: {path} has no column `{column}`; write one of "
                            f"{', '.join(names)}{_ALONE * (len(names) == 1)}"
                        )


@dataclass
class Making:
    """A rule at work; it remembers what it was to make once."""

    rule: Rule
    spec: MappingFile
    zone: ZoneInfo | None = None
    otherwise_at: str | None = None
    made: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.zone = zone_named(self.spec.timezone) if self.spec.timezone else None

    def make(self, row: Row) -> Iterator[Mapped]:
        """The events of this row, or why there is none; nothing where the rule does not mean it."""
        try:
            scopes = self._scopes(row)
        except Rejected as rejected:
            yield _rejected(row, rejected)
            return
        for scope in scopes:
            try:
                if self._due(scope):
                    for related in scope.bound.values():
                        related.source.took(related)
                    yield Mapped(str(row.path), row.line, self._event(scope))
            except Rejected as rejected:
                yield _rejected(row, rejected)

    def _scopes(self, row: Row) -> list[Scope]:
        scope = Scope(row, self.zone)
        if self.rule.for_each is None:
            return [scope]
        name = self.rule.for_each
        return [scope.bind(name, each) for each in row.source.many(row, name)]

    def _due(self, scope: Scope) -> bool:
        if not self.rule.admits(scope):
            return False
        if self.rule.once_per is None:
            return True
        key = self.rule.once_per.read(scope)
        if key is None or key in self.made:
            return False
        self.made.add(key)
        return True

    def _event(self, scope: Scope) -> bytes:
        event = {
            "specversion": "1.0",
            "id": self._part("id", scope),
            "source": self.spec.source,
            "type": self.rule.type,
            "time": self._part("time", scope) if self.rule.time is not None else self.otherwise_at,
            "data": self._part("data", scope),
        }
        raw = orjson.dumps(event)
        try:
            parse(raw)
        except Rejected as rejected:
            raise self._explained(rejected, event) from None
        return raw

    def _part(self, name: str, scope: Scope) -> Any:
        try:
            part = getattr(self.rule, name).read(scope)
        except Rejected as rejected:
            raise under(name, rejected) from None
        if part is None:
            raise Rejected(name, "all it is made from is empty; fill a cell, or narrow `when`")
        return part

    def _explained(self, rejected: Rejected, event: dict[str, Any]) -> Rejected:
        """The contract's reason, with the value and the columns it came from."""
        value: Any = event
        origin: Any = None
        for index, step in enumerate(rejected.field.split(".")):
            value = _step(value, step)
            origin = getattr(self.rule, step, None) if index == 0 else _origin(origin, step)
        reason = rejected.reason.rstrip(".")
        if value is not None and not isinstance(value, dict | list):
            reason += f"; it is {value!r}"
        names = ", ".join(sorted(_columns(origin)))
        if not names:
            return Rejected(rejected.field, f"{reason}; mend the mapping")
        reason += f"; mend column {names}, or the mapping"
        return CellRejected(rejected.field, reason, names, str("" if value is None else value))


def _rejected(row: Row, rejected: Rejected) -> Mapped:
    return Mapped(str(row.path), row.line, rejected)


def _step(value: Any, step: str) -> Any:
    if isinstance(value, list):
        return value[int(step)] if step.isdigit() and int(step) < len(value) else None
    return value.get(step) if isinstance(value, dict) else None


def _origin(origin: Any, step: str) -> Any:
    children = dict(origin.children()) if origin is not None else {}
    return children.get("make") if "make" in children and step.isdigit() else children.get(step)


def _columns(origin: Any) -> set[str]:
    if isinstance(origin, Template):
        return {column.name for column in origin.columns}
    return set().union(*(_columns(child) for _, child in origin.children())) if origin is not None else set()
