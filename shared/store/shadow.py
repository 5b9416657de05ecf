"""Projections as of another instant: temporary tables of the same names, in front of the real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import MetaData, insert, select

from shared import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SCHEMAS = {"sqlite": ("main", "temp"), "postgresql": ("public", "pg_temp")}


def cast_shadow(connection: Connection) -> None:
    """Copy the projections to temporary tables, which every later query of the transaction then sees.

    They go with the transaction's rollback.
    """
    real, temporary = _SCHEMAS[connection.dialect.name]
    here, there = MetaData(), MetaData()
    for table in tables.PROJECTIONS:
        shadow = table.to_metadata(there, schema=temporary)
        shadow.create(connection)
        source = table.to_metadata(here, schema=real)
        columns = [column.name for column in table.columns]
        connection.execute(insert(shadow).from_select(columns, select(source)))
