"""How the columns that are used write their dates and numbers: stated where certain, asked where not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from shared.guessing.days import WORDS
from shared.guessing.names import roles
from shared.mapping.moments import SERIAL

if TYPE_CHECKING:
    from shared.guessing.amounts import Reading
    from shared.guessing.days import Reading as DateReading
    from shared.guessing.guess import Guesses
    from shared.guessing.table import Column

READ = (
    "qty",
    "delivered_qty",
    "unit_price",
    "ordered_on",
    "requested_on",
    "promised_on",
    "shipped_on",
    "delivered_on",
)
"""The roles whose columns are read as dates or numbers."""


def lines(guesses: Guesses) -> list[str]:
    """A line for each column that needs one, below a heading."""
    columns = [(role, column) for role in READ if (column := guesses.column(role)) is not None]
    hint = next((_hint(column) for _, column in columns if column.days and column.days.decisive), "")
    found = [
        f"{_text(column.name)} = {said}"
        for role, column in columns
        if (said := _dates(column, hint) if roles()[role].kind == "date" else _numbers(column))
    ]
    return ["[files.table.notation]", *found] if found else []


def _hint(column: Column) -> str:
    assert column.days is not None
    return f"; {column.name} of this file is {WORDS[column.days.readings[0].first]}"


def _dates(column: Column, hint: str) -> str:
    days = column.dates
    if days is None or (len(days.readings) == 1 and not days.readings[0].formats):
        return ""
    if days.contrary:
        one, other = days.contrary
        return _text(
            f"? {one!r} is day first, {other!r} month first: mend the export, then write {{ format = … }}"
        )
    if len(days.readings) == 1:
        said = f"{days.decisive!r} decides" if days.decisive else _only(days.readings[0])
        short = f"; {days.readings[0].words}: check the century" if days.two_digit else ""
        doubt = f"; LOOK: none like {days.swapped!r} has a day over 12, as if swapped" if days.swapped else ""
        return f"{_formats(days.readings[0].formats)}  # {said}{short}{doubt}"
    ways = "; ".join(f"if {each.words}, write {_formats(each.formats)}" for each in days.readings)
    return _text(f"? {ways}{hint}")


def _only(reading: DateReading) -> str:
    if reading.formats == (SERIAL,):
        return f"a spreadsheet's own numbers of days: {reading.words}"
    return "it can be read in no other way"


def _formats(formats: tuple[str, ...]) -> str:
    several = f"[{', '.join(map(_literal, formats))}]"
    return f"{{ format = {several if formats[1:] else _literal(formats[0])} }}"


def _numbers(column: Column) -> str:
    amounts = column.amounts
    if amounts is None or amounts.plain:
        return ""
    if len(amounts.readings) == 1:
        return f"{_spelling(amounts.readings[0])}  # {amounts.readings[0].words}"
    ways = "; ".join(f"if {each.words}, write {_spelling(each)}" for each in amounts.readings)
    return _text(f"? {ways}")


def _spelling(reading: Reading) -> str:
    parts = [f"decimal = {_literal(reading.decimal)}"]
    parts += [f"thousands = {_literal(reading.thousands)}"] if reading.thousands else []
    parts += [f"strip = [{', '.join(map(_literal, reading.strip))}]"] if reading.strip else []
    return f"{{ {', '.join(parts)} }}"


def _literal(value: str) -> str:
    return f'"{value}"' if "'" in value else f"'{value}'"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
