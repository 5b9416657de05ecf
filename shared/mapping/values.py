"""The kinds of value a mapping can write; each reads one JSON value from a row, None to leave it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Discriminator, Field, PrivateAttr, RootModel, Tag

from shared.events.catalogue import Rejected
from shared.mapping.dates import Date, Datetime
from shared.mapping.errors import under
from shared.mapping.filters import Conditions, Filter, all_hold, looked_at
from shared.mapping.leaves import Constant, Fixed, Text, misread
from shared.mapping.numbers import Integer, Number
from shared.mapping.section import Section

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.mapping.rows import Scope
    from shared.mapping.template import Column


class Map(Section):
    """A code of the source put into the words of the contract."""

    map: Text
    to: dict[str, Fixed]
    otherwise: Fixed | None = Field(default=None, alias="else")

    def children(self) -> Iterable[tuple[str, Value]]:
        """The text to look up and what it may come to."""
        yield "map", self.map
        yield from self.outcomes()

    def outcomes(self) -> Iterable[tuple[str, Value]]:
        """What it may come to."""
        yield from ((f"to.{name}", value) for name, value in self.to.items())
        if self.otherwise is not None:
            yield "else", self.otherwise

    def read(self, scope: Scope) -> Any:
        """The outcome for this row's text."""
        text = self.map.read(scope)
        if text is None:
            return None
        found = self.to.get(text, self.otherwise)
        if found is None:
            raise misread(self.map, scope, text, "no key of `to`", "add it there, or write `else`")
        return found.read(scope)


class If(Section):
    """One of two values, as the row is."""

    conditions: Annotated[Conditions, Field(alias="if", min_length=1)]
    then: Value
    otherwise: Value | None = Field(default=None, alias="else")

    def children(self) -> Iterable[tuple[str, Value]]:
        """What it may come to."""
        yield "then", self.then
        if self.otherwise is not None:
            yield "else", self.otherwise

    def tested(self) -> Iterable[tuple[str, Column]]:
        """The columns it looks at."""
        return ((f"if.{name}", column) for name, column in looked_at(self.conditions))

    def read(self, scope: Scope) -> Any:
        """The value for this row."""
        chosen = self.then if all_hold(self.conditions, scope) else self.otherwise
        return None if chosen is None else chosen.read(scope)


class First(Section):
    """The first of several values that is not left out, nor an empty list."""

    first: Annotated[list[Value], Field(min_length=1)]

    def children(self) -> Iterable[tuple[str, Value]]:
        """The alternatives."""
        return ((f"first.{index}", value) for index, value in enumerate(self.first))

    def read(self, scope: Scope) -> Any:
        """The first that this row has."""
        found = (value.read(scope) for value in self.first)
        return next((each for each in found if each is not None and each != []), None)


class Each(Filter):
    """A list with one item for each related row."""

    each: Annotated[str, Field(min_length=1)]
    make: Value
    once_per: Text | None = None
    _needed: bool = PrivateAttr(default=False)

    def need(self) -> None:
        """Let an empty list be an error."""
        self._needed = True

    def children(self) -> Iterable[tuple[str, Value]]:
        """The item, and what it is made once of."""
        yield "make", self.make
        if self.once_per is not None:
            yield "once_per", self.once_per

    def read(self, scope: Scope) -> list[Any]:
        """The items, in file order."""
        items: list[Any] = []
        made: set[str | None] = set()
        for row in scope.row.source.many(scope.row, self.each):
            bound = scope.bind(self.each, row)
            try:
                item = self.make.read(bound) if self.admits(bound) and self._first(bound, made) else None
            except Rejected as rejected:
                raise under(len(items), rejected) from None
            if item is not None:
                items.append(item)
                row.source.took(row)
        if self._needed and not items:
            raise Rejected("", f"no {self.each} goes with this row; add one, or narrow `when`")
        return items

    def _first(self, bound: Scope, made: set[str | None]) -> bool:
        """Whether this row is the first of its text; without `once_per` each one is."""
        if self.once_per is None:
            return True
        text, before = self.once_per.read(bound), len(made)
        made.add(text)
        return len(made) > before


class Items(RootModel[list["Value"]]):
    """A list written out; an item that is left out is not in it."""

    def children(self) -> Iterable[tuple[str, Value]]:
        """The items."""
        return ((str(index), value) for index, value in enumerate(self.root))

    def read(self, scope: Scope) -> list[Any]:
        """The items this row has."""
        found = (_within(index, value, scope) for index, value in enumerate(self.root))
        return [item for item in found if item is not None]


class Object(RootModel[dict[str, "Value"]]):
    """A JSON object; left out whole if it lacks a field it `needs`."""

    _needs: frozenset[str] = PrivateAttr(default=frozenset())

    def need(self, names: Iterable[str]) -> None:
        """Let the object go without a trace where one of these fields is left out."""
        self._needs = frozenset(names)

    def children(self) -> Iterable[tuple[str, Value]]:
        """The fields."""
        return self.root.items()

    def read(self, scope: Scope) -> dict[str, Any] | None:
        """The fields this row has."""
        found = {
            name: item
            for name, value in self.root.items()
            if (item := _within(name, value, scope)) is not None
        }
        return found if self._needs <= found.keys() else None


def _within(name: str | int, value: Value, scope: Scope) -> Any:
    try:
        return value.read(scope)
    except Rejected as rejected:
        raise under(name, rejected) from None


KINDS = {kind.__name__.lower(): kind for kind in (Date, Datetime, Number, Integer, Map, If, First, Each)}
"""What a table is, by the key that only this kind has."""


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return next((f"<{name}>" for name in KINDS if name in value), "<object>")
    if isinstance(value, list):
        return "<list>"
    return "<text>" if isinstance(value, str) else "<constant>"


Value = Annotated[
    Annotated[Text, Tag("<text>")]
    | Annotated[Constant, Tag("<constant>")]
    | Annotated[Date, Tag("<date>")]
    | Annotated[Datetime, Tag("<datetime>")]
    | Annotated[Number, Tag("<number>")]
    | Annotated[Integer, Tag("<integer>")]
    | Annotated[Map, Tag("<map>")]
    | Annotated[If, Tag("<if>")]
    | Annotated[First, Tag("<first>")]
    | Annotated[Each, Tag("<each>")]
    | Annotated[Items, Tag("<list>")]
    | Annotated[Object, Tag("<object>")],
    Discriminator(_kind),
]
"""Anything that can stand where the contract wants a value."""

for _model in (If, First, Each, Items, Object):
    _model.model_rebuild()
