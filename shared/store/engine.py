"""The database, opened: one engine, one way to read and one to write."""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, create_engine, event, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from shared import tables
from shared.store import postgres, recorders
from shared.store.bulk import upsert_stored
from shared.store.chunks import Among, run_among
from shared.store.hot import Hot
from shared.store.lock import Turn, WriterLock
from shared.store.migrate import upgrade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from sqlalchemy import URL


class StoreError(Exception):
    """The database cannot be used; the message says what to change."""


_ATTACH = "ATTACH DATABASE ? AS standing"


class Store:
    """One database; writing on SQLite is for one process at a time."""

    def __init__(self, engine: Engine, lock: WriterLock | None, file: Path | None = None) -> None:
        self._engine = engine
        self._readers = postgres.readers(engine) if engine.dialect.name == "postgresql" else engine
        self._lock = lock
        self._file = file
        self._identity = _identity(file)
        self._turn: Callable[[], AbstractContextManager[None]] = (
            Turn(file).taken if engine.dialect.name == "sqlite" else nullcontext
        )
        self._hot = Hot()
        with self.reading() as tx:
            self.secret = bytes.fromhex(fact(tx, "secret") or "")

    @classmethod
    def open(cls, url: str) -> Store:
        """Open the database at an SQLAlchemy URL and bring its tables up to date; raises StoreError."""
        try:
            parsed = make_url(url)
            engine = _engine(parsed)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError):
            raise StoreError(
                "TANDEM_DATABASE_URL names no database that can be opened; write such as sqlite:///tandem.db "
                "or postgresql://user:password@host/database"
            ) from None
        file = Path(parsed.database) if parsed.database and _is_file(parsed) else None
        lock = WriterLock(parsed.database) if file else None
        try:
            with engine.begin() as connection:
                if engine.dialect.name == "postgresql":
                    _check(parsed, postgres.begin_migrating(connection))
                upgrade(connection)
                if fact(connection, "secret") is None:
                    put_fact(connection, "secret", secrets.token_hex(32))
        except DBAPIError as error:
            engine.dispose()
            raise StoreError(_cannot_open(parsed, error)) from None
        return cls(engine, lock, file)

    def close(self) -> None:
        """Give back the connections and the lock."""
        self._engine.dispose()
        if self._lock is not None:
            self._lock.release()

    @property
    def hot(self) -> Hot:
        """What is kept in memory; where others may write, too, as one transaction may use it."""
        return self._hot.beside_others() if self.dialect == "postgresql" else self._hot

    def forget(self) -> None:
        """Forget what is kept in memory: the database was put back or emptied behind it."""
        self._hot.clear()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection in a transaction that writes nothing."""
        with self._readers.connect() as connection:
            yield connection

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    def beside(self, ending: str) -> Path | None:
        """A file beside that of the database, where it is one."""
        return self._file.with_name(self._file.name + ending) if self._file else None

    def session(self) -> Connection:
        """Return a connection outside any transaction, for a lock that its holder keeps; close it."""
        return self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def detached(self) -> Connection:
        """Return a connection that nobody uses after it is closed, whatever was set on it."""
        connection = self._engine.connect()
        connection.detach()
        return connection

    def claim(self) -> None:
        """Become the one process that records, until closed; raises LockedError."""
        if self._lock is not None:
            self._lock.acquire()

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[Connection]:
        """Yield a connection in a transaction that commits all or nothing; raises LockedError, StoreError.

        On PostgreSQL others may be writing beside it, unless it is `alone`; on SQLite it always is.
        """
        self.claim()
        with self._turn():
            try:
                with self._transaction(beside=not alone) as connection:
                    recorders.enter(connection, alone=alone)
                    yield connection
            except BaseException:
                self.forget()
                raise

    @contextmanager
    def noting(self) -> Iterator[Connection]:
        """The same for rows that no event decides, such as tokens: also while another process records."""
        with self._turn(), self._transaction() as connection:
            yield connection

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Be the only one who writes to the file of an SQLite database; raises BusyError, StoreError."""
        with self._turn():
            self._check_file()
            yield

    def behind(self, file: Path) -> Engine:
        """An engine on another SQLite file, behind which this database is attached as `standing`."""
        engine = _engine(make_url(f"sqlite:///{file}"))
        event.listen(engine, "connect", lambda connection, _: connection.execute(_ATTACH, [str(self._file)]))
        return engine

    @contextmanager
    def _transaction(self, *, beside: bool = False) -> Iterator[Connection]:
        self._check_file()
        options = {"writes": True, "beside": beside and self._engine.dialect.name == "postgresql"}
        with self._engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    def _check_file(self) -> None:
        if _identity(self._file) != self._identity:
            raise StoreError(
                f"The database file {self._file} was removed or replaced while Tandem used it; "
                "put it back and start Tandem again"
            )


def fact(connection: Connection, name: str) -> str | None:
    """Read what the database knows of itself."""
    return facts(connection, [name]).get(name)


def facts(connection: Connection, names: Sequence[str]) -> dict[str, str]:
    """The same of several things; what it does not know is left out."""
    return {row[0]: row[1] for row in run_among(connection, _FACTS, names)}


_FACTS = select(tables.facts.c.name, tables.facts.c.value).where(Among(tables.facts.c.name))


def put_fact(connection: Connection, name: str, value: str) -> None:
    """Write it."""
    put_facts(connection, {name: value})


def put_facts(connection: Connection, known: dict[str, str]) -> None:
    """Write several."""
    upsert_stored(connection, tables.facts, list(known.items()))


def _identity(file: Path | None) -> tuple[int, int] | None:
    """What tells a file from another of its name; a commit to a removed file would be lost."""
    try:
        found = file.stat() if file else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None


def _is_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")


def _check(url: URL, wrong: str | None) -> None:
    if wrong:
        raise StoreError(f"The PostgreSQL database {url.database} cannot be used: {wrong}")


def _cannot_open(url: URL, error: DBAPIError) -> str:
    if postgres.is_postgres(url):
        return postgres.cannot_open(url, error)
    return f"The database {url} cannot be opened: {error.orig}; check its path and rights"


def _engine(url: URL) -> Engine:
    if postgres.is_postgres(url):
        return postgres.connect(url)
    if url.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise ArgumentError(f"Tandem keeps its tables in SQLite or PostgreSQL, not in {url.drivername}")
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


# As sqlite3 takes them anyhow, but only after it has looked in three places for how to adapt each value.
sqlite3.register_adapter(bool, int)
sqlite3.register_adapter(bytes, bytes)
sqlite3.register_adapter(type(None), lambda _: None)


def _prepare(connection: Any, _record: Any) -> None:
    """Durable before fast: an event is acknowledged after the commit, so a commit must survive power loss."""
    connection.isolation_level = None  # Tandem says BEGIN itself, below
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA cache_size=-65536")
    connection.execute("PRAGMA wal_autocheckpoint=20000")  # pages: a large import copies hot ones less often


def _begin(connection: Connection) -> None:
    """Take the write lock at the start, so that two writers wait instead of failing half-way."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
