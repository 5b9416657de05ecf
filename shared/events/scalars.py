"""The scalar types every payload shares: nothing is coerced, everything is bounded."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, GetPydanticSchema, StringConstraints
from pydantic_core import PydanticCustomError, core_schema

from shared.periods import Period

_UNSEEN = r"\u2028-\u202e\u2060-\u2069\ufeff"  # they break a line, reorder its text, or hide in it
_PRINTABLE = rf"^[^\x00-\x1f\x7f-\x9f{_UNSEEN}]*$"
_VISIBLE = rf"^[^\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f{_UNSEEN}]*$"
_PROSE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
_DAY = r"(19|20|21)\d\d-\d\d-\d\d"
_DATE = rf"^{_DAY}$"
_TIME = rf"^{_DAY}[Tt ]\d\d:\d\d:\d\d(\.\d{{1,9}})?([Zz]|[+-]\d\d:\d\d)$"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
_USUAL_TIME = rf"^{_DAY}T{_CLOCK}:[0-5]\d(\.\d{{1,6}})?(Z|[+-]{_CLOCK})$"
HINTS = {
    _PRINTABLE: "Characters that control, reorder or break a line are not allowed here",
    _VISIBLE: "Characters that nobody sees, such as controls and zero-width ones, are not allowed in an id",
    _PROSE: "Control characters other than tab and line break are not allowed here",
    _DATE: "Write an ISO 8601 date such as 2026-10-01 (1900 to 2199)",
    _TIME: "Write RFC 3339 with an offset, such as 2026-10-01T09:30:00+02:00 (1900 to 2199)",
    r"^[A-Z]{3}$": "Write an ISO 4217 currency such as EUR",
    "datetime_from_date_parsing": "No such time: hours run to 23, minutes, seconds to 59, offsets to 23:59",
    "too_short": "Send at least one",
}
"""What to write instead, by the pattern that did not match or by what pydantic calls the error."""
_DECIMAL = re.compile(r"-?0*[0-9]{1,12}(\.[0-9]{1,6}0*)?")
_DECIMAL_PLACES = 6
_LIMIT = 10**12
_HASHABLE = (int, str, float)
_EXACT_DIGITS = 15  # what a JSON number keeps for certain: the precision of a double


def _text(most: int, pattern: str, least: int = 0) -> StringConstraints:
    return StringConstraints(min_length=least, max_length=most, pattern=pattern)


Id = Annotated[str, _text(200, _VISIBLE, least=1)]
"""An opaque name, organisation-wide, compared exactly."""
Line = Annotated[str, _text(500, _PRINTABLE)]
"""One line of text, without control characters."""


class Personal:
    """Marks a field kept apart from the journal: a name, a contact or free text."""


Name = Annotated[str, _text(300, _PRINTABLE, least=1), Personal()]
Text = Annotated[str, _text(20_000, _PROSE), Personal()]
"""What a person wrote: line breaks allowed, no other control characters."""
Reason = Annotated[str, _text(2_000, _PROSE), Personal()]


def _plain(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(_PROSE, value):
        raise PydanticCustomError("prose", "{why}", {"why": HINTS[_PROSE]})
    return value


Anything = Annotated[Any, AfterValidator(_plain)]
"""Any value; where it is text, as a person writes it."""


def _text_of(pattern: str, schema: core_schema.CoreSchema) -> core_schema.CoreSchema:
    return core_schema.chain_schema([core_schema.str_schema(pattern=pattern), schema])


def _moment(schema: core_schema.CoreSchema, format_: str) -> GetPydanticSchema:
    return GetPydanticSchema(
        lambda _source, _handler: schema, lambda _schema, _handler: {"type": "string", "format": format_}
    )


_AWARE = core_schema.json_or_python_schema(
    _text_of(_TIME, core_schema.datetime_schema(strict=False, tz_constraint="aware")),
    _text_of(_USUAL_TIME, core_schema.no_info_plain_validator_function(datetime.fromisoformat)),
)
"""Python's own offsets, which documents get that are decoded already, compare several times as fast."""
Time = Annotated[datetime, _moment(_AWARE, "date-time")]
"""RFC 3339 with an offset."""
Date = Annotated[date, _moment(_text_of(_DATE, core_schema.date_schema(strict=False)), "date")]
"""ISO 8601, a local calendar date."""


def _decimal(value: Any) -> Decimal:
    """Read a JSON number or a decimal string, exactly, or say why not."""
    kind = type(value)
    if kind is int and -_LIMIT < value < _LIMIT:
        return Decimal(value)
    text = value if kind is str else _written(value) if kind is float else ""
    if not _DECIMAL.fullmatch(text):
        raise PydanticCustomError("decimal", "{why}", {"why": _no_decimal(value)})
    if kind is float and len(text.strip("-").strip("0.")) > _EXACT_DIGITS + 1:
        raise PydanticCustomError("decimal", "More digits than JSON keeps; send a decimal string")
    return Decimal(text) + 0  # -0 becomes 0


def _written(value: float) -> str:
    """A float as a person writes it: 0.00001, not 1e-05."""
    text = repr(value)
    return f"{Decimal(text):f}" if "e" in text else text


def _no_decimal(value: Any) -> str:
    try:
        number = Decimal(value if isinstance(value, str) else repr(value))
    except ArithmeticError:
        return 'Write a JSON number or a decimal string such as "12.5"'
    if not number.is_finite():
        return "NaN and infinity are no numbers here"
    if abs(number) >= _LIMIT:
        return "Must be below 1000000000000"
    if abs(number.as_tuple().exponent) > _DECIMAL_PLACES:  # type: ignore[arg-type] # finite by now
        return "At most 6 decimals"
    return 'Write a JSON number or a decimal string such as "12.5"'


def _quantity(value: Any) -> Decimal:
    number = _decimal(value)
    if number < 0:
        raise PydanticCustomError("decimal", "Must be 0 or more")
    return number


def _positive_quantity(value: Any) -> Decimal:
    number = _decimal(value)
    if number <= 0:
        raise PydanticCustomError("decimal", "Must be more than 0")
    return number


def _share(value: Any) -> Decimal:
    number = _quantity(value)
    if number > 100:  # noqa: PLR2004 - percent
        raise PydanticCustomError("decimal", "Must be 100 percent or less")
    return number


def _decimal_string(value: Any) -> Decimal:
    if not isinstance(value, str):
        raise PydanticCustomError("decimal", 'Money is a decimal string such as "12.50"')
    return _decimal(value)


def _scalar(read: Any, json_schema: dict[str, Any]) -> GetPydanticSchema:
    known = lru_cache(maxsize=16_384, typed=True)(read)  # quantities and prices come again and again

    def remember(value: Any) -> Any:
        return known(value) if type(value) in _HASHABLE else read(value)

    schema = core_schema.no_info_plain_validator_function(
        remember, serialization=core_schema.to_string_ser_schema()
    )
    return GetPydanticSchema(lambda _s, _h: schema, lambda _s, _h: json_schema)


_NUMBER = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+(\.\d{1,6})?$"}]}
_STRING = {"type": "string", "pattern": r"^-?\d+(\.\d{1,6})?$"}
Number = Annotated[Decimal, _scalar(_decimal, _NUMBER)]
"""A decimal of either sign, at most 6 decimals, below 10^12."""
Quantity = Annotated[Decimal, _scalar(_quantity, _NUMBER)]
"""A decimal of 0 or more."""
PositiveQuantity = Annotated[Decimal, _scalar(_positive_quantity, _NUMBER)]
Share = Annotated[Decimal, _scalar(_share, _NUMBER)]
"""Percent of a whole: 0 to 100."""
Amount = Annotated[Decimal, _scalar(_decimal_string, _STRING)]
"""Money as a decimal string, in the currency that stands beside it."""
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""ISO 4217."""


@lru_cache(maxsize=1024)
def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):
        raise PydanticCustomError("zone", "No IANA time zone; write one such as Europe/Berlin") from None
    return value


Zone = Annotated[str, _text(64, _PRINTABLE, least=1), AfterValidator(_zone)]
"""An IANA time zone."""


@lru_cache(maxsize=4096)
def _period(value: str) -> str:
    try:
        Period.parse(value)
    except ValueError as error:
        raise PydanticCustomError("period", "{why}", {"why": str(error)}) from None
    return value


PeriodName = Annotated[str, AfterValidator(_period)]
"""A month as 2026-10 or an ISO week as 2026-W43."""
