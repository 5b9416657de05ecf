"""What tells a simulation from real trade: its events say so, and so does a database that began with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson
from sqlalchemy import select

from shared import tables
from shared.store.engine import fact, put_fact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

SIMULATED: Final = "simulated"
"""The fact that marks a database of invented people and trade, and the attribute that marks an event."""
REASON: Final = (
    "This is an event of a simulation, and this database holds real trade; "
    "name another database in TANDEM_DATABASE_URL"
)
_MARK: Final = b'"simulated"'


def marked(raws: Sequence[bytes]) -> list[int]:
    """Which of these events say that they are of a simulation; a word in their data says nothing."""
    return [index for index, raw in enumerate(raws) if _MARK in raw and _says_so(raw)]


def admits(connection: Connection) -> bool:
    """Whether a simulation may be recorded here: beside another, or where nothing is, which becomes one."""
    if fact(connection, SIMULATED):
        return True
    if connection.scalar(select(tables.journal.c.id).limit(1)) is not None:
        return False
    put_fact(connection, SIMULATED, "by its events")
    return True


def _says_so(raw: bytes) -> bool:
    try:
        told = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return False
    said = told.get(SIMULATED) if isinstance(told, dict) else None
    return said is True or said == "true"  # headers hold only text
