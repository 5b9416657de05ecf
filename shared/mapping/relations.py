"""Files that belong together: rows found by the key they share."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from shared.events.catalogue import Rejected
from shared.mapping.json_rows import nested
from shared.mapping.rows import Row, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shared.mapping.model import File
    from shared.mapping.template import Template

Key = tuple[str, ...]


@dataclass
class Index:
    """The rows of one file by some of its columns; `claimed` are the keys that a row has asked for."""

    columns: Key
    rows: dict[Key, list[Row]] = field(default_factory=dict)
    claimed: set[Key] = field(default_factory=set)

    def add(self, row: Row) -> None:
        """Keep a row under its key; raises Rejected where a cell of the key cannot be read."""
        whole = replace(row, problem=None)
        key = tuple(whole.cell(column) for column in self.columns)
        if all(key):
            self.rows.setdefault(key, []).append(row)
        elif row.problem is None:
            raise Rejected(
                "",
                f"{row.locate(self.columns[key.index('')])} is empty, so that no row finds this one; fill it",
            )

    def unclaimed(self) -> Iterator[tuple[Key, Row]]:
        """The whole rows no one asked for."""
        return (
            (key, row)
            for key, rows in self.rows.items()
            if key not in self.claimed
            for row in rows
            if row.problem is None
        )


@dataclass
class Source:
    """One file of the mapping with what its rows belong to."""

    name: str
    spec: File
    sources: Mapping[str, Source]
    indexes: dict[Key, Index] = field(default_factory=dict)

    def index(self, columns: Key) -> Index:
        """The index by these columns, made when first wanted."""
        return self.indexes.setdefault(columns, Index(columns))

    def one(self, row: Row, name: str) -> Row:
        """The row that `row` belongs to; raises Rejected where it is unknown or not the only one."""
        relation = self.spec.one[name]
        target = self.sources[relation.file]
        key = None if row.absent else _key(relation.on, row)
        found = [] if key is None else target.index(tuple(relation.on)).rows.get(key, [])
        if len(found) == 1:
            return found[0]
        if not found and (relation.optional or key is None):
            return Row(target, row.path, row.line, {}, absent=True)
        wanted = " and ".join(
            f"{column} {value!r}" for column, value in zip(relation.on, key or (), strict=True)
        )
        if not found:
            raise Rejected(
                "",
                f"{target.spec.label} has no row with {wanted}; add it, or write "
                f"`optional = true` for `{name}`",
            )
        lines = ", ".join(str(each.line) for each in found[:5])
        raise Rejected(
            "", f"{target.spec.label} has {len(found)} rows with {wanted} (lines {lines}); keep one"
        )

    def many(self, row: Row, name: str) -> list[Row]:
        """The rows that belong to `row`, in file order."""
        relation = self.spec.many[name]
        if relation.file is None:
            return nested(row, relation.list or "")
        key = _key(relation.on, row)
        return [] if key is None else self.sources[relation.file].index(tuple(relation.on)).rows.get(key, [])

    def took(self, row: Row) -> None:
        """Hear that a row of this file went into an event; for those who follow a mapping at work."""

    def left_out(self, row: Row) -> None:
        """Hear that a row of this file does not count; for the same."""

    def claim(self, row: Row) -> None:
        """Note which rows belong to `row`, so that those that belong to none can be told."""
        whole = replace(row, problem=None)  # a broken row is told of itself, not again for each row it names
        for relation in self.spec.many.values():
            if relation.file is None:
                continue
            with suppress(Rejected):
                if key := _key(relation.on, whole):
                    self.sources[relation.file].index(tuple(relation.on)).claimed.add(key)


def _key(on: Mapping[str, Template], row: Row) -> Key | None:
    scope = Scope(row, None)
    texts = [template.read(scope) for template in on.values()]
    return None if None in texts else tuple(text for text in texts if text is not None)
