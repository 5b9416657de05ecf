"""The leaves of every value: text with columns, and constants."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import PlainValidator, RootModel
from pydantic_core import PydanticCustomError

from shared.mapping import numerals
from shared.mapping.errors import CellRejected
from shared.mapping.template import Template

if TYPE_CHECKING:
    from shared.events.catalogue import Rejected
    from shared.mapping.rows import Scope

Text = Annotated[Template, PlainValidator(Template.parse)]
"""A template."""


def _constant(value: Any) -> Any:
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        raise PydanticCustomError("constant", "has no offset; write one such as 2026-10-01T00:00:00Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal) and not value.is_finite():
        raise PydanticCustomError("constant", "is no number")
    if isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal):
        return numerals.plain(value)
    raise PydanticCustomError("constant", "write text, a number, true, false, a date or a table")


class Constant(RootModel[Annotated[Any, PlainValidator(_constant)]]):
    """The same for every row; text without columns is one too."""

    def children(self) -> tuple[()]:
        """None."""
        return ()

    def read(self, _scope: Scope) -> Any:
        """The value."""
        return self.root


Fixed = Annotated[
    Any, PlainValidator(lambda value: Template.parse(value) if isinstance(value, str) else Constant(value))
]
"""A text or a constant."""


def misread(template: Any, scope: Scope, text: str, what: str, fix: str) -> Rejected:
    """A verdict on a cell: where it is, what it holds, what that is not, and what to do."""
    columns = template.columns if isinstance(template, Template) else ()
    where = " and ".join(scope.locate(column.path) for column in columns) or "the mapping"
    names = " and ".join(column.name for column in columns)
    return CellRejected("", f"{where} holds {_short(text)}, {what}; {fix}", names, text)


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")  # noqa: PLR2004 # a line of a report
