"""Where projections that are made anew lie until they are done; what lies there outlives a restart.

On SQLite that is a file beside the database. On PostgreSQL it is a schema, whose tables are not logged: a
server that crashed empties all of them, and the work begins anew.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import func, select, text

from shared.store import recorders
from shared.store.shadow import IN_FRONT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import Connection

    from shared.store.engine import Store

_ENDING = ".anew"


class Place(Protocol):
    """What lies there is found by queries on a connection to it."""

    def connected(self) -> AbstractContextManager[Connection]:
        """Yield a connection; what it does not commit is let go."""

    def clear(self) -> None:
        """Remove all that lies there."""


@contextmanager
def place(store: Store) -> Iterator[Place | None]:
    """Yield where it lies, None where there can be no such place; raises ReplayingError."""
    if store.dialect == "postgresql":
        with closing(store.detached()) as connection:
            recorders.take(connection)
            yield _schema(connection)
    else:
        file = store.beside(_ENDING)
        yield None if file is None else _File(store, file)


class _File:
    def __init__(self, store: Store, path: Path) -> None:
        self._store, self._path = store, path

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        engine = self._store.behind(self._path)
        try:
            with engine.connect() as connection:
                yield connection.execution_options(**{IN_FRONT: True})
        finally:
            engine.dispose()

    def clear(self) -> None:
        for ending in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)


class _Schema:
    def __init__(self, connection: Connection, name: str) -> None:
        self._connection, self._name = connection, name

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        self._connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {self._name}"))
        self._connection.commit()
        try:
            yield self._connection.execution_options(**{IN_FRONT: True})
        finally:
            self._connection.rollback()

    def clear(self) -> None:
        self._connection.execute(text(f"DROP SCHEMA IF EXISTS {self._name} CASCADE"))
        self._connection.commit()


def _schema(connection: Connection) -> Place | None:
    """One of the database's own schema, in front of it; None where the user may create none."""
    may = func.has_database_privilege(func.current_database(), "CREATE")
    own, allowed = connection.execute(select(func.current_schema(), may)).one()
    if not allowed:
        return None
    name = f"tandem_anew_{blake2b(own.encode(), digest_size=8).hexdigest()}"
    path = func.concat(f"{name}, ", func.current_setting("search_path"))
    connection.execute(select(func.set_config("search_path", path, False)))  # noqa: FBT003 - for the session
    connection.commit()
    return _Schema(connection, name)
