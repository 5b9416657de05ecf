"""What tells a simulation from real trade: its events say so, and so does a database that began with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from shared import tables
from shared.events.envelope import SIMULATED
from shared.store.engine import fact, put_fact

if TYPE_CHECKING:
    from sqlalchemy import Connection

REASON: Final = (
    "This is an event of a simulation, and this database holds real trade; "
    "name another database in TANDEM_DATABASE_URL"
)


def admits(connection: Connection) -> bool:
    """Whether a simulation may be recorded here: beside another, or where nothing is, which becomes one."""
    if fact(connection, SIMULATED):
        return True
    if connection.scalar(select(tables.journal.c.id).limit(1)) is not None:
        return False
    put_fact(connection, SIMULATED, "by its events")
    return True
