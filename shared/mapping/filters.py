"""Which rows are meant."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from shared.mapping.section import Section
from shared.mapping.template import Column

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.mapping.rows import Scope


def _column(name: str) -> str:
    if Column.parse(name).optional:
        raise PydanticCustomError("column", "needs no ? here; write the column alone")
    return name


class Like(Section):
    """A text of which parts are open: * stands for any, ? for one character."""

    like: str


Condition = bool | str | list[str] | Like
Conditions = dict[Annotated[str, AfterValidator(_column)], Condition]


class Filter(Section):
    """`when` all hold and `unless` none does; true: not empty, false: empty, text: equal."""

    when: Conditions = Field(default_factory=dict)
    unless: Conditions = Field(default_factory=dict)

    def admits(self, scope: Scope) -> bool:
        """Whether this row is meant."""
        return all(_holds(name, want, scope) for name, want in self.when.items()) and not any(
            _holds(name, want, scope) for name, want in self.unless.items()
        )

    def tested(self) -> Iterable[tuple[str, Column]]:
        """The columns it looks at."""
        for key in ("when", "unless"):
            yield from ((f"{key}.{name}", Column.parse(name)) for name in getattr(self, key))


def _holds(name: str, want: Condition, scope: Scope) -> bool:
    text = scope.cell(tuple(name.split(".")))
    if isinstance(want, bool):
        return bool(text) is want
    if isinstance(want, Like):
        return fnmatchcase(text, want.like)
    return text == want if isinstance(want, str) else text in want
