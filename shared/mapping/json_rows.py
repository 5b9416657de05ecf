"""JSON and JSON Lines as rows: nested tables become dotted columns, and numbers stay the text they were."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from shared.events.catalogue import Rejected
from shared.mapping.errors import MappingError
from shared.mapping.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shared.mapping.relations import Source

_SPACE = re.compile(r"[ \t\r\n]*")


def json_lines(source: Source, path: Path) -> Iterator[Row]:
    """Each line a row."""
    with source.spec.open(path) as stream:
        for line, text in enumerate(stream, start=1):
            if not text.isspace():
                try:
                    yield _from_json(source, path, line, _DECODER.decode(text))
                except (ValueError, RecursionError) as error:
                    yield Row(
                        source,
                        path,
                        line,
                        {},
                        problem=Rejected("", f"no JSON ({_why(error)}); mend the line"),
                    )


def json_array(source: Source, path: Path, key: str | None = None) -> Iterator[Row]:
    """Each element of the array, or of the array under `key` of an object, with the line it starts on."""
    with source.spec.open(path) as stream:
        text = stream.read()
    end = _skip(text, 0 if key is None else _value_of(key, text, path))
    if text[end : end + 1] != "[":
        where = "is no JSON array" if key is None else f"has no JSON array under `{key}`"
        raise MappingError(f"{path}: {where}; write [ … ] around its rows")
    line, seen = 1, 0
    if text[(first := _skip(text, end + 1)) : first + 1] == "]":
        return
    while text[end : end + 1] != "]":
        start = _skip(text, end + 1)
        line, seen = line + text.count("\n", seen, start), start
        try:
            value, end = _DECODER.raw_decode(text, start)
            end = _skip(text, end)
            if text[end : end + 1] not in (",", "]"):
                raise ValueError("a comma or ] is missing after this row")  # noqa: TRY301 # as the decoder's own
        except (ValueError, RecursionError) as error:
            reason = f"no JSON ({_why(error)}); mend it: what follows cannot be read"
            yield Row(source, path, line, {}, problem=Rejected("", reason))
            return
        yield _from_json(source, path, line, value)


def _value_of(key: str, text: str, path: Path) -> int:
    """Where the value of `key` begins in the object that the text is; values before it are passed over."""
    index = _skip(text, 0)
    if text[index : index + 1] != "{":
        raise MappingError(f"{path}: is no JSON object with the key `{key}`; check the file")
    try:
        while text[index : index + 1] in ("{", ","):
            name, index = _DECODER.raw_decode(text, _skip(text, index + 1))
            index = _skip(text, index)
            if text[index : index + 1] != ":":
                raise ValueError("a colon is missing after a key")  # noqa: TRY301 # as the decoder's own
            index = _skip(text, index + 1)
            if name == key:
                return index
            index = _skip(text, _DECODER.raw_decode(text, index)[1])
    except (ValueError, RecursionError) as error:
        raise MappingError(f"{path}: no JSON ({_why(error)}); check the file") from None
    raise MappingError(f"{path}: has no key `{key}`; check the file, or the mapping")


def _skip(text: str, index: int) -> int:
    match = _SPACE.match(text, index)
    return match.end() if match else index


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, at character {error.colno}"
    return str(error)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} occurs twice")
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_float=str, parse_int=str, parse_constant=str)
"""Numbers stay the text that was written, so that no digit is lost."""


def _from_json(source: Source, path: Path, line: int, value: Any) -> Row:
    if not isinstance(value, dict):
        return Row(source, path, line, {}, problem=Rejected("", "the row is no JSON object; write { … }"))
    row = Row(source, path, line, {})
    try:
        _flatten(value, "", row)
    except RecursionError:
        row.problem = Rejected("", "the row is nested too deeply; flatten it")
    return row


def _flatten(table: dict[str, Any], prefix: str, row: Row) -> None:
    for name, value in table.items():
        if isinstance(value, dict):
            _flatten(value, f"{prefix}{name}.", row)
        elif isinstance(value, list):
            row.lists[prefix + name] = value
        elif isinstance(value, bool):
            row.cells[prefix + name] = "true" if value else "false"
        elif value is not None:
            row.cells[prefix + name] = row.source.spec.clean(value)


def nested(row: Row, name: str) -> list[Row]:
    """The rows of a list inside a JSON row."""
    if row.problem is not None:
        raise row.problem
    return [_from_json(row.source, row.path, row.line, item) for item in row.lists.get(name, [])]
