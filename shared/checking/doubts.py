"""Columns whose values could be read in another way too, or not in the way the mapping says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.guessing.amounts import amounts_of
from shared.guessing.days import days_of
from shared.mapping import moments
from shared.mapping.dates import Date, Datetime
from shared.mapping.numbers import Number
from shared.mapping.template import Template
from shared.mapping.values import Each

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shared.guessing import amounts, days
    from shared.mapping.columns import Columns
    from shared.mapping.model import MappingFile
    from shared.mapping.template import Column

Values = dict[tuple[str, str], dict[str, int]]
"""Texts of each column of each file, with the line of the first."""


def doubts(spec: MappingFile, columns: Columns, values: Values) -> list[str]:
    """One sentence for each column that is read as a date or number and could mean something else."""
    found: dict[str, None] = {}
    for file, column, reader in _readers(spec, columns):
        texts = values.get((file, column), {})
        notation = spec.files[file].notation.get(column)
        said = _dates(column, reader, notation, texts) if isinstance(reader, Date | Datetime) else None
        if isinstance(reader, Number):
            said = _numbers(column, reader, notation, texts)
        if said:
            found[said] = None
    return list(found)


def _readers(spec: MappingFile, columns: Columns) -> Iterator[tuple[str, str, Any]]:
    """Each date and number that is read of one column: its file, the column and the value."""
    for rule in spec.events:
        for value in (each for each in (rule.time, rule.data) if each is not None):
            yield from _within(value, rule.file, {}, columns)


def _within(
    value: Any, file: str, bound: Mapping[str, str], columns: Columns
) -> Iterator[tuple[str, str, Any]]:
    if isinstance(value, Each):
        bound = {**bound, value.each: columns.files[file].many[value.each].file or file}
    for _, child in value.children():
        if isinstance(child, Template) and (column := _alone(child)):
            where, names, _ = columns.place(column, file, bound)
            yield where, ".".join(names), value
        yield from _within(child, file, bound, columns)


def _alone(template: Template) -> Column | None:
    return template.columns[0] if len(template.parts) == len(template.columns) == 1 else None


def _dates(column: str, reader: Any, notation: Any, texts: dict[str, int]) -> str | None:
    days = days_of(texts)
    if days is None:
        return None
    said = reader.format or getattr(notation, "format", None)
    formats = (said,) if isinstance(said, str) else tuple(said or moments.ISO)
    unread = [
        text for text in texts if text not in days.odd and not moments.moment(text, formats or moments.ISO)
    ]
    if unread or (not said and any(reading.formats for reading in days.readings)):
        return f"{column} is not written as {' or '.join(formats)}: {_to_write(days)}"
    others = [reading for reading in days.readings if set(reading.formats) != set(formats)]
    if said and others and len(days.readings) > 1:
        example = others[0].example
        meant = moments.moment(example, formats)
        assert meant is not None
        return (
            f"{column} is read as {' or '.join(formats)}, so that {example!r} is {_day(meant)}; no value "
            f"rules out {' or '.join(others[0].formats)}, by which it is {_day(others[0].day)}. Compare one "
            "with its source"
        )
    if days.swapped:
        return (
            f"{column}: of the dates written like {days.swapped!r} none has a day over 12, but others "
            "have. A spreadsheet may have swapped day and month in them; compare one with its source"
        )
    return None


def _to_write(days: days.Days) -> str:
    if days.contrary:
        return f"{days.contrary[0]!r} is day first and {days.contrary[1]!r} month first; mend the export"
    return "; ".join(
        f"if {reading.words}, write format = {_toml(reading.formats)}" for reading in days.readings
    )


def _toml(formats: tuple[str, ...]) -> str:
    quoted = [f'"{each}"' for each in formats]
    return quoted[0] if len(quoted) == 1 else f"[{', '.join(quoted)}]"


def _day(at: Any) -> str:
    return f"{at.day} {at:%B} {at.year}"


def _numbers(column: str, reader: Number, notation: Any, texts: dict[str, int]) -> str | None:
    amounts = amounts_of(texts)
    spelling = notation if notation is not None and not reader.spells else reader
    if amounts is None:
        return None
    numbers = [text for text in texts if text not in amounts.odd]
    if any(spelling.number_in(text) is None for text in numbers):
        return f"{column} is not written so: {_to_spell(amounts)}"
    example = amounts.readings[0].example
    if len(amounts.readings) > 1:
        others = [r for r in amounts.readings if r.value != spelling.number_in(example)]
        return (
            f"{column} is read so that {example!r} is {spelling.number_in(example)}; no value rules out "
            f"that it is {others[0].value}. Compare one with its source"
        )
    return None


def _to_spell(amounts: amounts.Amounts) -> str:
    return "; ".join(
        f'if {reading.words}, write decimal = "{reading.decimal}", thousands = "{reading.thousands}"'
        + (f", strip = {list(reading.strip)}" if reading.strip else "")
        for reading in amounts.readings
    )
