"""A place that one process at a time takes, until it leaves or dies; then another may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Text, cast, func, select
from sqlalchemy.exc import DBAPIError

from shared.store.lock import LockedError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from shared.store.engine import Store

RELAYING = 0x54616E64656D04
"""Whoever sends what waits in the outbox."""


class Seat:
    """On SQLite the process that writes has it; on PostgreSQL a session, which ends with its process."""

    def __init__(self, store: Store, number: int) -> None:
        self._store = store
        self._number = number
        self._session: Connection | None = None

    def taken(self) -> bool:
        """Take it, or keep it; False while another process has it, or where it was lost just now."""
        try:
            self._store.claim()
        except LockedError:
            return False
        if self._store.dialect != "postgresql":
            return True
        return self._kept() if self._session is not None else self._took()

    def leave(self) -> None:
        """Let another have it."""
        if self._session is not None:
            self._session.invalidate()  # ends the database's session, and its locks with it
            self._session.close()
            self._session = None

    def _took(self) -> bool:
        session = self._store.session()
        here = func.hashtextextended(cast(func.current_schema(), Text), self._number)
        try:
            locked = session.scalar(select(func.pg_try_advisory_lock(here)))
        except DBAPIError:
            session.close()
            raise
        if locked:
            self._session = session
        else:
            session.close()
        return bool(locked)

    def _kept(self) -> bool:
        assert self._session is not None, "asked by its holder only"
        try:
            self._session.scalar(select(1))
        except DBAPIError:
            self.leave()
        return self._session is not None
