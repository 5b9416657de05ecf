"""Who waits for whom where several processes write: recorders never for each other, a replay for them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from shared.store import journal

if TYPE_CHECKING:
    from sqlalchemy import Connection

_RECORDING, _REPLAYING = 0x54616E64656D01, 0x54616E64656D02


class ReplayingError(Exception):
    """Another replay is at work; the message says what to do."""


def enter(connection: Connection) -> None:
    """Be one of those who write, until the end of the transaction; wait while a replay changes tables."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock_shared(_RECORDING)))


def settle(connection: Connection) -> int:
    """The number of an event up to which no recorder is still at work; raises ReplayingError."""
    if connection.dialect.name == "postgresql":
        if not connection.scalar(select(func.pg_try_advisory_xact_lock(_REPLAYING))):
            raise ReplayingError("Another replay is at work; wait for it to end")
        connection.execute(select(func.pg_advisory_lock(_RECORDING)))
        connection.execute(select(func.pg_advisory_unlock(_RECORDING)))
    return journal.newest(connection)


def hold(connection: Connection) -> None:
    """Wait for the recorders at work and let nobody begin before the end of the transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_RECORDING)))
