"""Where projections are made anew, apart from those that stand.

They lie in front of the database: queries find projections there, and all else in what stands. They are
filled in short transactions, between which others write. Where there is no place for them, they are
temporary tables of one transaction.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import Column, MetaData, String, Table, delete, insert, select, text
from sqlalchemy.exc import DatabaseError

from shared import tables
from shared.store import recorders
from shared.store.bench_places import place
from shared.store.shadow import cast_empty_shadow, is_in_front, take_over

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from sqlalchemy import Connection

    from shared.store.bench_places import Place
    from shared.store.engine import Store
    from shared.store.shadow import Exchanged

    Notes = dict[str, Any]

_NOTES = Table("notes", MetaData(), Column("body", String, nullable=False))
"""What is noted of the work itself, in one row."""
_CREATE = {
    "sqlite": "CREATE TABLE IF NOT EXISTS notes (body VARCHAR NOT NULL)",
    "postgresql": "CREATE UNLOGGED TABLE IF NOT EXISTS notes (body VARCHAR NOT NULL)",
}
"""As the projections are made that it tells of: what empties these must empty it."""


class Bench:
    """A connection on which queries find the projections that are being made."""

    def __init__(self, store: Store, connection: Connection, notes: Notes) -> None:
        self._store = store
        self.connection = connection
        self.notes = notes
        """Where the work was left; but for the key empty where it begins."""
        self._is_alone = False

    def keep(self, notes: Notes) -> None:
        """Keep what is made so far, with notes to go on from, where that can be kept; let others write."""
        if is_in_front(self.connection) and not self._is_alone:
            anchor = _digest(self.connection, notes["until"])
            self.connection.execute(delete(_NOTES))
            body = orjson.dumps({**self.notes, **notes, "anchor": anchor}).decode()
            self.connection.execute(insert(_NOTES), {"body": body})
            self.connection.commit()

    @contextmanager
    def noting(self) -> Iterator[Connection]:
        """Yield a connection to note how the work goes, for all to see at once; raises BusyError."""
        only = self._is_alone or (self._store.dialect == "sqlite" and not is_in_front(self.connection))
        with nullcontext(self.connection) if only else self._store.noting() as connection:
            yield connection

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else write from here to the end."""
        self._is_alone = True
        if not is_in_front(self.connection):
            recorders.hold(self.connection)
            yield
            return
        with self._store.turn():
            self.connection.commit()
            self.connection.execution_options(writes=True)
            recorders.hold(self.connection)
            yield
            self.connection.commit()

    def exchange(self) -> Exchanged:
        """Put what was made in the place of what stands."""
        return take_over(self.connection)


@contextmanager
def opened(store: Store, key: str | None) -> Iterator[Bench]:
    """Yield the bench that was left under this key, else an empty one; raises ReplayingError.

    What breaks off the body leaves it for the next time, unless there is no key to find it by.
    """
    with place(store) as lies:
        if lies is None:
            with store.noting() as connection:
                cast_empty_shadow(connection)
                yield Bench(store, connection, {})
            return
        if key is None or not _goes_on(lies, key):
            lies.clear()
        try:
            with lies.connected() as connection:
                cast_empty_shadow(connection)
                yield Bench(store, connection, _notes(connection) or {"key": key})
        except BaseException:
            if key is None:
                lies.clear()
            raise
        lies.clear()


def remove(store: Store) -> None:
    """Clear whatever was left; where somebody is at work on it, nothing was."""
    with suppress(recorders.ReplayingError), place(store) as lies:
        if lies is not None:
            lies.clear()


def _goes_on(lies: Place, key: str) -> bool:
    """Whether there is work of this key, on a journal that still begins as it did."""
    try:
        with lies.connected() as connection:
            notes = _notes(connection)
            return notes.get("key") == key and notes["anchor"] == _digest(connection, notes["until"])
    except DatabaseError:
        return False  # no database at all


def _notes(connection: Connection) -> Notes:
    connection.execute(text(_CREATE[connection.dialect.name]))
    found = connection.scalar(select(_NOTES.c.body))
    return dict(orjson.loads(found)) if found else {}


def _digest(connection: Connection, number: int) -> str:
    """Of the event of this number; a journal that was put back from a backup has another, or none."""
    event = tables.journal.c
    found = connection.scalar(select(event.digest).where(event.seq == number))
    return "" if found is None else found.hex()
