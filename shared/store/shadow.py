"""Projections apart from those that stand: temporary tables of the same names, in front of the real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import JSON, MetaData, Text, and_, cast, delete, exists, func, insert, select, text

from shared import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Column, ColumnElement, Connection, Table


IN_FRONT = "in_front"
"""The option of a connection on which the shadows are a database of their own, in front of the real one."""


class Exchanged(NamedTuple):
    """How many rows went, and how many came in their places; a row that changed is one of each."""

    removed: int
    written: int


def cast_shadow(connection: Connection, of: Sequence[Table] = tables.REBUILT) -> None:
    """Copy projections to temporary tables, which every later query of the transaction then sees.

    They go with the transaction's rollback.
    """
    for real, shadow in _created(connection, of):
        columns = [column.name for column in real.columns]
        connection.execute(insert(shadow).from_select(columns, select(real)))
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"ANALYZE {shadow}"))


def cast_empty_shadow(connection: Connection) -> None:
    """The same without any rows, to be filled anew; in front those that are there already stay."""
    _created(connection, tables.REBUILT)


def take_over(connection: Connection) -> Exchanged:
    """Make the real projections what their shadows are, and let the shadows go.

    Only rows that differ are touched; readers see all of it with the commit, or nothing.
    """
    removed = written = 0
    connection = connection.execution_options(preserve_rowcount=True)
    for real, shadow in _pairs(connection, tables.REBUILT):
        counts = real.name != tables.agenda.name
        same = select(1).select_from(shadow).where(_same(real, shadow))
        gone = connection.execute(delete(real).where(~exists(same.correlate(real)))).rowcount
        there = select(1).select_from(real).where(_same_key(real, shadow))
        missing = select(shadow).where(~exists(there.correlate(shadow)))
        columns = [column.name for column in real.columns]
        came = connection.execute(insert(real).from_select(columns, missing)).rowcount
        removed, written = removed + gone * counts, written + came * counts
        if not is_in_front(connection):
            shadow.drop(connection)
    return Exchanged(removed, written)


def is_in_front(connection: Connection) -> bool:
    """Whether the shadows are a database of their own."""
    return bool(connection.get_execution_options().get(IN_FRONT))


def _created(connection: Connection, of: Sequence[Table]) -> list[tuple[Table, Table]]:
    """Each projection with its shadow, which is new and empty."""
    pairs = _pairs(connection, of)
    if connection.dialect.name == "postgresql":
        create = "UNLOGGED TABLE IF NOT EXISTS" if is_in_front(connection) else "TABLE"
        for real, shadow in pairs:  # like the real one, collations included
            like = connection.dialect.identifier_preparer.format_table(real)
            connection.execute(text(f"CREATE {create} {shadow} (LIKE {like} INCLUDING ALL)"))
        if is_in_front(connection):
            return pairs
        # Said aloud, so that statements prepared before are looked at again and find the shadows.
        path = func.concat("pg_temp, ", func.current_setting("search_path"))
        connection.execute(select(func.set_config("search_path", path, True)))  # noqa: FBT003 - for this transaction
    else:
        for _, shadow in pairs:
            shadow.create(connection, checkfirst=is_in_front(connection))
    return pairs


def _pairs(connection: Connection, of: Sequence[Table]) -> list[tuple[Table, Table]]:
    """Each projection with its shadow."""
    real, temporary = ("standing", "main") if is_in_front(connection) else ("main", "temp")
    if connection.dialect.name == "postgresql":
        searched = connection.scalars(select(func.unnest(func.current_schemas(False)))).all()  # noqa: FBT003 - no implicit ones
        shadows = [searched[0]] if is_in_front(connection) else []
        real = next(name for name in searched if name not in shadows and not name.startswith("pg_temp"))
        temporary = shadows[0] if shadows else "pg_temp"
    here, there = MetaData(), MetaData()
    return [
        (table.to_metadata(here, schema=real), table.to_metadata(there, schema=temporary)) for table in of
    ]


def _same(one: Table, other: Table) -> ColumnElement[bool]:
    rest = [column for column in one.columns if not column.primary_key]
    pairs = [(_comparable(column), _comparable(other.c[column.name])) for column in rest]
    return and_(_same_key(one, other), *(mine.is_not_distinct_from(theirs) for mine, theirs in pairs))


def _same_key(one: Table, other: Table) -> ColumnElement[bool]:
    return and_(*(column == other.c[column.name] for column in one.primary_key.columns))


def _comparable(column: Column[object]) -> ColumnElement[object]:
    """JSON as its text, which is all that can be compared of it."""
    return cast(column, Text) if isinstance(column.type, JSON) else column
