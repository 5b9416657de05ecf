"""Which rows are meant."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, Discriminator, Field, PrivateAttr, Tag, model_validator
from pydantic_core import PydanticCustomError

from shared.mapping.dates import Date, Datetime
from shared.mapping.leaves import Text
from shared.mapping.section import Section
from shared.mapping.template import Column, Template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shared.mapping.rows import Scope


def _column(name: str) -> str:
    if Column.parse(name).optional:
        raise PydanticCustomError("column", "needs no ? here; write the column alone")
    return name


class Like(Section):
    """A text of which parts are open: * stands for any, ? for one character."""

    like: str


def _moment_kind(value: Any) -> str:
    return "<datetime>" if isinstance(value, dict) and "datetime" in value else "<date>"


Moment = Annotated[
    Annotated[Date, Tag("<date>")] | Annotated[Datetime, Tag("<datetime>")], Discriminator(_moment_kind)
]


class Limit(Section):
    """A day or an instant that the column's own lies after, or not after; it is read in the same way."""

    after: Moment | None = None
    until: Moment | None = None
    _asked: dict[str, Date | Datetime] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.after is None) == (self.until is None):
            raise PydanticCustomError("limit", "write either `after` or `until`")
        return self

    @property
    def moment(self) -> Date | Datetime:
        """What the column is held against."""
        found = self.after or self.until
        assert found is not None
        return found

    def holds(self, name: str, scope: Scope) -> bool:
        """Whether both are known and stand in this order."""
        column, limit = self._column(name).instant(scope), self.moment.instant(scope)
        if column is None or limit is None:
            return False
        return (column > limit) is (self.after is not None)

    def _column(self, name: str) -> Date | Datetime:
        if name not in self._asked:
            self._asked[name] = self.moment.of(Template((Column.parse(f"{name}?"),)))
        return self._asked[name]


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "<like>" if "like" in value else "<limit>"
    if isinstance(value, list):
        return "<list>"
    return "<text>" if isinstance(value, str) else "<bool>"


Condition = Annotated[
    Annotated[bool, Tag("<bool>")]
    | Annotated[Text, Tag("<text>")]
    | Annotated[list[str], Tag("<list>")]
    | Annotated[Like, Tag("<like>")]
    | Annotated[Limit, Tag("<limit>")],
    Discriminator(_kind),
]
Conditions = dict[Annotated[str, AfterValidator(_column)], Condition]


class Filter(Section):
    """`when` all hold and `unless` none does.

    True: not empty, false: empty, text: equal to it (columns may stand in it) or to one of several.
    """

    when: Conditions = Field(default_factory=dict)
    unless: Conditions = Field(default_factory=dict)

    def admits(self, scope: Scope) -> bool:
        """Whether this row is meant."""
        return all_hold(self.when, scope) and not any(
            _holds(name, want, scope) for name, want in self.unless.items()
        )

    def tested(self) -> Iterable[tuple[str, Column]]:
        """The columns it looks at."""
        for key in ("when", "unless"):
            yield from ((f"{key}.{name}", column) for name, column in looked_at(getattr(self, key)))


def looked_at(conditions: Conditions) -> Iterator[tuple[str, Column]]:
    """The columns that conditions look at, each with the key that names it."""
    for name, want in conditions.items():
        yield name, Column.parse(name)
        texts = [text for _, text in want.moment.children()] if isinstance(want, Limit) else [want]
        yield from ((name, c) for text in texts if isinstance(text, Template) for c in text.columns)


def all_hold(conditions: Conditions, scope: Scope) -> bool:
    """Whether every one of them is true of this row."""
    return all(_holds(name, want, scope) for name, want in conditions.items())


def _holds(name: str, want: bool | Template | list[str] | Like | Limit, scope: Scope) -> bool:  # noqa: FBT001 # one kind of condition
    if isinstance(want, Limit):
        return want.holds(name, scope)
    text = scope.cell(tuple(name.split(".")))
    if isinstance(want, bool):
        return bool(text) is want
    if isinstance(want, Like):
        return fnmatchcase(text, want.like)
    return text == want.read(scope) if isinstance(want, Template) else text in want
