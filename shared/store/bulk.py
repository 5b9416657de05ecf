"""Writing many rows at once: the statement is compiled once, the rest is the driver's."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    LargeBinary,
    Table,
    TypeDecorator,
    delete,
    insert,
)
from sqlalchemy.dialects import sqlite

from shared.store import postgres
from shared.store.chunks import Among, chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Delete

    Convert = Callable[[Any], Any]
    Stored = tuple[Any, ...]
    """A row as the database keeps it: a value for each column, but for a number it gives itself."""


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns."""
    if not rows:
        return
    names = tuple(column.name for column in table.columns if column.name in rows[0])
    columns = _converters(table, names, connection.dialect)
    values = [
        tuple([row[name] if convert is None else convert(row[name]) for name, convert in columns])
        for row in rows
    ]
    _insert(connection, table, names, values)


def insert_stored(connection: Connection, table: Table, rows: Sequence[Stored]) -> None:
    """Insert rows as the database keeps them."""
    if rows:
        _insert(connection, table, _written(table), rows)


def _insert(connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[Stored]) -> None:
    if connection.dialect.name == "postgresql":
        postgres.copy(connection, table, names, rows)
    else:
        connection.exec_driver_sql(_inserting(table, names, connection.dialect), list(rows))


def upsert_stored(
    connection: Connection, table: Table, rows: Sequence[Stored], *, adding: bool = False
) -> None:
    """Insert rows as the database keeps them, or put them in the place of those of the same key.

    Or add to what those have; each key comes once then.
    """
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    if connection.dialect.name == "postgresql":
        postgres.upsert(connection, table, _written(table), keys, rows, adding=adding)
    else:
        connection.exec_driver_sql(_upserting(table, connection.dialect, adding=adding), list(rows))


@lru_cache(maxsize=64)
def _inserting(table: Table, names: tuple[str, ...], dialect: Dialect) -> str:
    compiled = insert(table).compile(dialect=dialect, column_keys=list(names))
    assert compiled.positiontup == list(names), "both are in the order of the table"
    return str(compiled)


@lru_cache(maxsize=64)
def _upserting(table: Table, dialect: Dialect, *, adding: bool) -> str:
    statement = sqlite.insert(table)
    keys = [column.name for column in table.primary_key]
    other: dict[str, ColumnElement[Any]] = {
        name: table.c[name] + statement.excluded[name] if adding else statement.excluded[name]
        for name in _written(table)
        if name not in keys
    }
    upsert = statement.on_conflict_do_update(index_elements=keys, set_=other)
    return str(upsert.compile(dialect=dialect, column_keys=list(_written(table))))


def _written(table: Table) -> tuple[str, ...]:
    """The columns of a stored row, in their order."""
    return tuple(column.name for column in table.columns if column is not table.autoincrement_column)


@lru_cache(maxsize=64)
def _deleting(column: Column[Any]) -> Delete:
    return delete(column.table).where(Among(column))


@lru_cache(maxsize=64)
def _converters(
    table: Table, names: tuple[str, ...], dialect: Dialect
) -> tuple[tuple[str, Convert | None], ...]:
    """Each value's name and conversion."""
    return tuple((name, _converter(table.c[name], dialect)) for name in names)


def _converter(column: Column[Any], dialect: Dialect) -> Convert | None:
    """How a value becomes what the driver takes; None where it is that already."""
    kind = column.type
    if isinstance(kind, TypeDecorator):
        return partial(kind.process_bind_param, dialect=dialect)
    if isinstance(kind, Boolean | LargeBinary):
        return None
    return kind.dialect_impl(dialect).bind_processor(dialect)


def delete_rows(connection: Connection, column: Column[Any], keys: Iterable[str]) -> None:
    """Take out the rows in which a column holds one of these keys."""
    statement = _deleting(column)
    for some in chunks(sorted(keys)):
        connection.execute(statement, {"keys": some})


def replace(
    connection: Connection, table: Table, column: str, keys: Iterable[str], rows: Sequence[dict[str, Any]]
) -> None:
    """Take out the rows of these keys and put in the new ones."""
    delete_rows(connection, table.c[column], keys)
    insert_rows(connection, table, rows)
