"""The kinds of value a mapping can write; each reads one JSON value from a row, None to leave it out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Discriminator, Field, PlainValidator, PrivateAttr, RootModel, Tag
from pydantic_core import PydanticCustomError

from shared.events.catalogue import Rejected
from shared.mapping import moments, numerals
from shared.mapping.errors import under
from shared.mapping.section import Section
from shared.mapping.template import Column, Template

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

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

    def children(self) -> Iterable[tuple[str, Value]]:
        """None."""
        return ()

    def read(self, _scope: Scope) -> Any:
        """The value."""
        return self.root


def _checked(problem: Any) -> AfterValidator:
    def check(text: str) -> str:
        if why := problem(text):
            raise PydanticCustomError("format", "{why}", {"why": why})
        return text

    return AfterValidator(check)


Fixed = Annotated[
    Any, PlainValidator(lambda value: Template.parse(value) if isinstance(value, str) else Constant(value))
]
"""A text or a constant."""
Format = Annotated[str, _checked(moments.format_problem)]
Clock = Annotated[str, _checked(moments.clock_problem)]
Days = Annotated[int, Field(ge=-3650, le=3650)]


class _Moment(Section):
    format: Format | list[Format] | None = None
    zone: Text | None = None
    plus_days: Days = 0

    def _source(self) -> Template:
        raise NotImplementedError

    def children(self) -> Iterable[tuple[str, Value]]:
        """The text to read, and the zone if one is given."""
        yield type(self).__name__.lower(), self._source()
        if self.zone is not None:
            yield "zone", self.zone

    @property
    def _formats(self) -> tuple[str, ...]:
        if self.format is None:
            return moments.ISO
        return (self.format,) if isinstance(self.format, str) else tuple(self.format)

    def _moment(self, scope: Scope) -> dt.datetime | None:
        template = self._source()
        text = template.read(scope)
        if text is None:
            return None
        found = moments.moment(text, self._formats)
        if found is None:
            raise _misread(
                template,
                scope,
                text,
                f"no date in the format {' or '.join(self._formats)}",
                "mend it, or `format`",
            )
        return self._later(found, scope)

    def _later(self, found: dt.datetime, scope: Scope) -> dt.datetime:
        try:
            return found + dt.timedelta(days=self.plus_days)
        except OverflowError:
            raise _misread(
                self._source(), scope, found.isoformat(), "outside the calendar", "mend it"
            ) from None

    def _zone(self, scope: Scope) -> ZoneInfo | None:
        if self.zone is None:
            return None
        name = self.zone.read(scope)
        zone = None if name is None else moments.zone_named(name)
        if zone is None and name is not None:
            raise _misread(self.zone, scope, name, "no IANA time zone", "write one such as Europe/Berlin")
        return zone


class Date(_Moment):
    """A calendar date, or the month or week it lies in; a time with an offset is first put into `zone`."""

    date: Text
    period: str | None = Field(default=None, pattern="^(month|week)$")

    def _source(self) -> Template:
        return self.date

    def read(self, scope: Scope) -> str | None:
        """`2026-10-01`; with `period`, `2026-10` or `2026-W40`."""
        found = self._moment(scope)
        if found is None:
            return None
        if found.tzinfo is not None and (zone := self._zone(scope) or scope.zone):
            found = found.astimezone(zone)
        day = found.date()
        if self.period == "month":
            return f"{day:%Y-%m}"
        if self.period == "week":
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02}"
        return day.isoformat()


class Datetime(_Moment):
    """An instant; one without an offset is the local time of `zone`, else of the mapping's `timezone`."""

    datetime: Text
    at: Clock | None = None

    def _source(self) -> Template:
        return self.datetime

    def read(self, scope: Scope) -> str | None:
        """`2026-10-01T09:30:00+02:00`."""
        found = self._moment(scope)
        if found is None:
            return None
        if self.at is not None:
            found = dt.datetime.combine(found, moments.clock(self.at), found.tzinfo)
        return (found if found.tzinfo else self._local(found, scope)).isoformat()

    def _local(self, wall: dt.datetime, scope: Scope) -> dt.datetime:
        zone = self._zone(scope) or scope.zone
        if zone is None:
            raise _misread(
                self.datetime,
                scope,
                wall.isoformat(),
                "a time without a zone",
                "write `zone` beside it, or `timezone` at the top of the mapping",
            )
        aware = moments.local(wall, zone)
        if aware is None:
            raise _misread(
                self.datetime,
                scope,
                wall.isoformat(),
                f"a time that {zone.key} skipped, as its clocks went forward",
                "mend it, or `zone`",
            )
        return aware


class Number(Section):
    """A decimal in a declared notation, with the little arithmetic that prices need."""

    number: Operand
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    decimal: Annotated[str, Field(min_length=1, max_length=1)] = "."
    thousands: Annotated[str, Field(max_length=1)] = ""
    strip: str | list[str] = Field(default_factory=list)
    times: Operand | None = None
    divided_by: Operand | None = None
    discount: Operand | None = None

    def children(self) -> Iterable[tuple[str, Value]]:
        """The number and what it is reckoned with."""
        for name in ("number", "times", "divided_by", "discount"):
            if (operand := getattr(self, name)) is not None:
                yield name, operand

    def read(self, scope: Scope) -> str | None:
        """A decimal string; rounding is half up."""
        number = self.value(scope)
        return None if number is None else numerals.plain(number)

    def value(self, scope: Scope) -> Decimal | None:
        """The number itself; None where a column it may lack is empty."""
        values = {}
        for name, operand in self.children():
            if (value := self._operand(operand, scope)) is None:
                return None
            values[name] = value
        try:
            return self._rounded(_reckon(**values))
        except (DecimalException, ZeroDivisionError):
            raise Rejected(
                "", f"cannot reckon with {', '.join(f'{k} {v}' for k, v in values.items())}; mend the cells"
            ) from None

    def _rounded(self, number: Decimal) -> Decimal:
        if self.decimals is None:
            return number
        return number.quantize(Decimal(1).scaleb(-self.decimals), context=numerals.EXACT)

    def _operand(self, operand: Any, scope: Scope) -> Decimal | None:
        if isinstance(operand, Number):
            return operand.value(scope)
        text = operand.read(scope)
        if text is None:
            return None
        symbols = (self.strip,) if isinstance(self.strip, str) else tuple(self.strip)
        found = numerals.decimal(str(text), self.decimal, self.thousands, symbols)
        if found is None:
            raise _misread(
                operand,
                scope,
                text,
                "no number in the declared notation",
                "mend it, or `decimal`, `thousands`, `strip`",
            )
        return found


class Integer(Section):
    """A whole number, as JSON's own."""

    integer: Text

    def children(self) -> Iterable[tuple[str, Value]]:
        """The text to read."""
        yield "integer", self.integer

    def read(self, scope: Scope) -> int | None:
        """The number; `12.0` is 12, `12.5` is none."""
        text = self.integer.read(scope)
        if text is None:
            return None
        found = numerals.decimal(text)
        if found is None or found != found.to_integral_value() or abs(found) >= 10**15:  # exact in JSON
            raise _misread(self.integer, scope, text, "no whole number", "mend it")
        return int(found)


class Map(Section):
    """A code of the source put into the words of the contract."""

    map: Text
    to: dict[str, Fixed]
    otherwise: Fixed | None = Field(default=None, alias="else")

    def children(self) -> Iterable[tuple[str, Value]]:
        """The text to look up; the outcomes are checked apart."""
        yield "map", self.map

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
            raise _misread(self.map, scope, text, "no key of `to`", "add it there, or write `else`")
        return found.read(scope)


class First(Section):
    """The first of several values that is not left out."""

    first: Annotated[list[Value], Field(min_length=1)]

    def children(self) -> Iterable[tuple[str, Value]]:
        """The alternatives."""
        return ((f"first.{index}", value) for index, value in enumerate(self.first))

    def read(self, scope: Scope) -> Any:
        """The first that this row has."""
        return next((found for value in self.first if (found := value.read(scope)) is not None), None)


Condition = bool | str | list[str]
Conditions = dict[Annotated[str, Field(min_length=1)], Condition]


class Filter(Section):
    """`when` all hold and `unless` none does; true: not empty, false: empty, text: equal to one of them."""

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


class Each(Filter):
    """A list with one item for each related row."""

    each: Annotated[str, Field(min_length=1)]
    make: Value

    def children(self) -> Iterable[tuple[str, Value]]:
        """The item."""
        yield "make", self.make

    def read(self, scope: Scope) -> list[Any]:
        """The items, in file order."""
        items: list[Any] = []
        for row in scope.row.source.many(scope.row, self.each):
            bound = scope.bind(self.each, row)
            try:
                item = self.make.read(bound) if self.admits(bound) else None
            except Rejected as rejected:
                raise under(len(items), rejected) from None
            if item is not None:
                items.append(item)
        return items


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


_KINDS = {kind.__name__.lower(): kind for kind in (Date, Datetime, Number, Integer, Map, First, Each)}
"""What a table is, by the key that only this kind has."""


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return next((f"<{name}>" for name in _KINDS if name in value), "<object>")
    if isinstance(value, list):
        return "<list>"
    return "<text>" if isinstance(value, str) else "<constant>"


def _within(name: str | int, value: Value, scope: Scope) -> Any:
    try:
        return value.read(scope)
    except Rejected as rejected:
        raise under(name, rejected) from None


def _holds(name: str, want: Condition, scope: Scope) -> bool:
    text = scope.cell(tuple(name.split(".")))
    if isinstance(want, bool):
        return bool(text) is want
    return text == want if isinstance(want, str) else text in want


def _reckon(
    number: Decimal,
    times: Decimal = Decimal(1),
    divided_by: Decimal = Decimal(1),
    discount: Decimal = Decimal(0),
) -> Decimal:
    exact = numerals.EXACT
    if times == divided_by == 1 and not discount:
        return number
    return exact.divide(exact.multiply(exact.multiply(number, times), 1 - discount), divided_by)


def _misread(template: Any, scope: Scope, text: str, what: str, fix: str) -> Rejected:
    columns = template.columns if isinstance(template, Template) else ()
    where = " and ".join(scope.locate(column.path) for column in columns) or "the mapping"
    return Rejected("", f"{where} holds {_short(text)}, {what}; {fix}")


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")  # noqa: PLR2004 # a line of a report


Operand = Annotated[
    Annotated[Text, Tag("<text>")]
    | Annotated[Constant, Tag("<constant>")]
    | Annotated[Number, Tag("<number>")],
    Discriminator(_kind),
]
Value = Annotated[
    Annotated[Text, Tag("<text>")]
    | Annotated[Constant, Tag("<constant>")]
    | Annotated[Date, Tag("<date>")]
    | Annotated[Datetime, Tag("<datetime>")]
    | Annotated[Number, Tag("<number>")]
    | Annotated[Integer, Tag("<integer>")]
    | Annotated[Map, Tag("<map>")]
    | Annotated[First, Tag("<first>")]
    | Annotated[Each, Tag("<each>")]
    | Annotated[Items, Tag("<list>")]
    | Annotated[Object, Tag("<object>")],
    Discriminator(_kind),
]
"""Anything that can stand where the contract wants a value."""

for _model in (Number, First, Each, Items, Object):
    _model.model_rebuild()
