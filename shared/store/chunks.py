"""Sets of keys, as one query takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from sqlalchemy import ARRAY, ColumnElement, Connection, String, any_, func, literal, select

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

    They travel as one value, an array or JSON, so that the statement is always the same text.
    """
    if connection.dialect.name == "postgresql":
        return key == any_(literal(list(keys), ARRAY(key.type)))
    listed = func.json_each(literal(orjson.dumps(list(keys)).decode(), String)).table_valued("value")
    return key.in_(select(listed.c.value))
