"""From bytes to one JSON object: what is no JSON, or says a thing twice, is refused by its field."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import orjson

from shared.intake import INTAKE

_ID_NAMES = frozenset({"id", "source", "type", "merged_into", "lot", "uom"})
_ID_ENDINGS = ("_id", "_ids")
_MOST_OF_A_PATH = 200
_MOST_BYTES_OF_AN_ID = 600
"""PostgreSQL indexes some 2,700 bytes; a receipt is found by four ids."""
_RARE = re.compile(rb"[\xf0-\xf4]")
"""Characters of four bytes: only of these can 200 have more than 600 bytes."""
_WHOLE = re.compile(rb"\.0[,}\]]")
_EXACT = 2**53
"""Below, a double holds every whole number."""
Path = tuple[str | int, ...]


class Rejected(ValueError):  # noqa: N818 - a verdict on one input, not a fault
    """An event that cannot be read: which field, and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field = field
        self.reason = reason


def decode(raw: bytes, most_bytes: int = INTAKE.event_most_bytes) -> dict[str, Any]:
    """Read the JSON object; raises Rejected where there is none."""
    if len(raw) > most_bytes:
        raise Rejected(
            "", f"The event has {len(raw)} bytes; the most is {most_bytes} (TANDEM_EVENT_MOST_BYTES)"
        )
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise _diagnosed(raw, f"Not JSON: {error}") from None
    if not isinstance(document, dict):
        raise Rejected("", "Not a JSON object; an event is one object")
    return document


def canonical(raw: bytes, document: dict[str, Any]) -> bytes:
    """`raw`, decoded to `document`, with its keys in order; raises Rejected for a key twice and twin ids."""
    try:
        text = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        raise Rejected("", "Nested too deep; no event needs more than a few levels") from None
    if _WHOLE.search(text):
        text = orjson.dumps(_whole(document), option=orjson.OPT_SORT_KEYS)
    # A key that was there twice has left a colon behind, unless colons were escaped.
    if raw.count(b":") != text.count(b":") or (b"\\" in raw and b"\\u003" in raw):
        _refuse_twice(raw)
    if not text.isascii() and (_RARE.search(text) or not unicodedata.is_normalized("NFC", text.decode())):
        _check_ids(document)
    return text


def without_nulls(value: Any) -> Any:
    """The same without the fields that are null: they say no more than fields that are not there."""
    if isinstance(value, dict):
        return {key: without_nulls(below) for key, below in value.items() if below is not None}
    return [without_nulls(below) for below in value] if isinstance(value, list) else value


def _whole(value: Any) -> Any:
    """The same with 100 for 100.0: to JSON they are one number, and writers differ."""
    if isinstance(value, dict):
        return {key: _whole(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_whole(below) for below in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT else value


def _diagnosed(raw: bytes, otherwise: str) -> Rejected:
    """Say where it is that a text stops being JSON, or that JSON says what nothing can hold."""
    try:
        text = raw.decode("utf-8", "surrogateescape")
        document = json.loads(text, parse_int=_Number, parse_float=_Number, parse_constant=_Constant)
    except (ValueError, RecursionError):
        return Rejected("", otherwise)
    for path, value in _walk(document):
        if isinstance(value, _Constant):
            return Rejected("", f"Not JSON: {value} at {named(path)}; send a number")
        if isinstance(value, _Number) and not math.isfinite(float(value)):
            return Rejected(named(path), "No double holds this number; send one below 1e308")
        if isinstance(value, str) and not _is_utf8(value):
            if _is_utf8(raw):
                return Rejected(named(path), "Half a surrogate pair is no text; send both halves")
            return Rejected("", f"Not JSON: the bytes at {named(path)} are no UTF-8")
    return Rejected("", otherwise)


class _Number(str):
    """A number as it was written."""

    __slots__ = ()


class _Constant(str):
    """NaN, Infinity or -Infinity."""

    __slots__ = ()


def _is_utf8(value: str | bytes) -> bool:
    try:
        value.encode() if isinstance(value, str) else value.decode()
    except UnicodeError:
        return False
    return True


class _Object(dict[str, Any]):
    """An object, with the first key that it holds twice."""

    twice: str | None = None


def _refuse_twice(raw: bytes) -> None:
    for path, value in _walk(json.loads(raw, object_pairs_hook=_object, parse_int=_Number)):
        if isinstance(value, _Object) and value.twice is not None:
            reason = "The key stands there twice; nobody can tell which one counts, so send it once"
            raise Rejected(named((*path, value.twice)), reason)


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        found.twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value] # adds as it goes
    return found


def _check_ids(document: dict[str, Any]) -> None:
    """Ids are compared exactly, so letters in another composition would be another id; indexes bound them."""
    for path, value in _walk(document):
        name = next((part for part in reversed(path) if isinstance(part, str)), "")
        if not isinstance(value, str) or not (name in _ID_NAMES or name.endswith(_ID_ENDINGS)):
            continue
        if not unicodedata.is_normalized("NFC", value):
            reason = "Ids are compared exactly; write their letters composed (Unicode NFC)"
            raise Rejected(named(path), reason)
        if len(value.encode()) > _MOST_BYTES_OF_AN_ID:
            raise Rejected(named(path), f"An id has at most {_MOST_BYTES_OF_AN_ID} bytes in UTF-8")


def _walk(document: Any) -> Iterator[tuple[Path, Any]]:
    """Every value and key with its path, in the order of the text; deep documents need no deep stack."""
    waiting: list[tuple[Path, Any]] = [((), document)]
    while waiting:
        path, value = waiting.pop()
        yield path, value
        if isinstance(value, dict):
            yield from (((*path, key), key) for key in value)
            waiting += [((*path, key), below) for key, below in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [((*path, number), below) for number, below in reversed(list(enumerate(value)))]


def named(path: Path) -> str:
    """A path for people and databases: whatever the keys hold, it is one short printable line."""
    text = ".".join(map(str, path)).encode("utf-8", "backslashreplace").decode()
    return "".join(each if each.isprintable() else "\ufffd" for each in text)[:_MOST_OF_A_PATH]
