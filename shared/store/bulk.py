"""Writing many rows at once: the statement is compiled once, the rest is the driver's."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Column, Connection, Dialect, Table, TypeDecorator, delete, insert

from shared.store.chunks import among, chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Convert = Callable[[Any], Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns."""
    if not rows:
        return
    if not connection.dialect.positional:
        connection.execute(insert(table), rows)
        return
    sql, columns = _statement(table, tuple(rows[0]), connection.dialect)
    values = [
        tuple([row[name] if convert is None else convert(row[name]) for name, convert in columns])
        for row in rows
    ]
    connection.exec_driver_sql(sql, values)


@lru_cache(maxsize=64)
def _statement(
    table: Table, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, tuple[tuple[str, Convert | None], ...]]:
    """The statement, and each value's name and conversion in the order of its placeholders."""
    compiled = insert(table).compile(dialect=dialect, column_keys=list(names))
    assert compiled.positiontup is not None, "asked of positional dialects only"
    return str(compiled), tuple((name, _converter(table.c[name], dialect)) for name in compiled.positiontup)


def _converter(column: Column[Any], dialect: Dialect) -> Convert | None:
    """How a value becomes what the driver takes; None where it is that already."""
    kind = column.type
    if isinstance(kind, TypeDecorator):
        return partial(kind.process_bind_param, dialect=dialect)
    return None if isinstance(kind, Boolean) else kind.dialect_impl(dialect).bind_processor(dialect)


def replace(
    connection: Connection, table: Table, column: str, keys: Iterable[str], rows: Sequence[dict[str, Any]]
) -> None:
    """Take out the rows of these keys and put in the new ones."""
    for some in chunks(sorted(keys)):
        connection.execute(delete(table).where(among(connection, table.c[column], some)))
    insert_rows(connection, table, rows)
