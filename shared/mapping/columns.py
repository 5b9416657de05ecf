"""The columns that a mapping reads, and those without which nothing is read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shared.mapping.template import Template
from shared.mapping.values import Object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.mapping.model import File
    from shared.mapping.template import Column
    from shared.mapping.values import Value


class WrongKeyError(ValueError):
    """A key path of the mapping and what is wrong there."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")


Hop = tuple[str, str]
"""A file and one of its relations."""


@dataclass
class Columns:
    """The columns a mapping reads: file -> column -> the key path that first names it."""

    files: Mapping[str, File]
    used: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    needed: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Those of a file without which no row of it can be read."""

    def use(self, path: str, column: Column, file: str, bound: Mapping[str, str]) -> set[Hop]:
        """Follow a column to its file; the relations on the way. Raises WrongKeyError where there is none."""
        file, names, hops = self.place(column, file, bound)
        if not names:
            raise WrongKeyError(
                path, f"`{column.name}` is a row; write one of its columns, `{column.name}.column`"
            )
        if len(names) > 1 and names[0] in self.files[file].many:
            raise WrongKeyError(
                path, f'`{names[0]}` is many rows; read them in a list with each = "{names[0]}"'
            )
        self.used[file].setdefault(".".join(names), path)
        return hops

    def need(self, value: Value, file: str) -> None:
        """Note the columns of a file without which a value of each of its rows is an error."""
        if isinstance(value, Template):
            for column in value.columns:
                place, names, hops = self.place(column, file, {})
                if not (column.optional or hops):
                    self.needed[place].add(".".join(names))
        elif isinstance(value, Object):
            for _, child in value.children():
                self.need(child, file)

    def place(
        self, column: Column, file: str, bound: Mapping[str, str]
    ) -> tuple[str, tuple[str, ...], set[Hop]]:
        """The file that a column stands in, its name there, and the relations on the way."""
        names, hops = column.path, set()
        if names[0] in bound:
            file, names = bound[names[0]], names[1:]
        while names and names[0] in self.files[file].one:
            hops.add((file, names[0]))
            file, names = self.files[file].one[names[0]].file, names[1:]
        return file, names, hops
