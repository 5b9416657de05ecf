"""Sets of keys, as one query takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from sqlalchemy import ColumnElement, Connection, String, func, literal, select

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST = 1000
Key = TypeVar("Key", str, int)


def chunks(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """Yield the keys, at most a thousand at a time."""
    for start in range(0, len(keys), MOST):
        yield keys[start : start + MOST]


def among(connection: Connection, key: ColumnElement[Any], keys: Sequence[Key]) -> ColumnElement[bool]:
    """Whether a column holds one of these keys.

    On SQLite they travel as one JSON value, so that the statement is always the same text.
    """
    if connection.dialect.name != "sqlite":
        return key.in_(keys)
    listed = func.json_each(literal(orjson.dumps(list(keys)).decode(), String)).table_valued("value")
    return key.in_(select(listed.c.value))
