"""The databases that tests run on: SQLite, and PostgreSQL where TANDEM_TEST_POSTGRES_URL names one."""

from __future__ import annotations

import os
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, make_url, text

from shared import tables
from shared.store.engine import Store, put_fact
from shared.store.postgres import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL

POSTGRES = os.environ.get("TANDEM_TEST_POSTGRES_URL")
KINDS = ("sqlite", "postgresql") if POSTGRES else ("sqlite",)
SECRET = b"tests"

_numbers = count(1)
_kind: list[str] = []


@contextmanager
def using(kind: str) -> Iterator[None]:
    """Have `opened` make databases of this kind."""
    _kind.append(kind)
    try:
        yield
    finally:
        _kind.pop()
    for free in (_Lent.free[kind], _Lent.free["file"]):
        while free and not _kind:
            Store.close(free.pop())


def opened() -> Store:
    """An empty database; the same secret in each, so that their rows can be compared."""
    store = _opened()
    store.secret = SECRET
    return store


def _opened() -> Store:
    assert _kind, "the test must use the fixture `database`, so that it runs on each kind"
    if _Lent.free[_kind[-1]]:
        return _Lent.free[_kind[-1]].pop()
    return _Lent.open("sqlite://" if _kind[-1] == "sqlite" else new_schema())


def opened_for_all(folder: Path) -> Store:
    """An empty database that threads and other processes may open, too; on SQLite a file in a folder."""
    if _kind[-1] == "postgresql":
        store = _opened()
    else:
        free = _Lent.free["file"]
        store = free.pop() if free else _Lent.open(f"sqlite:///{folder}/tandem{next(_numbers)}.db")
    with store.noting() as connection:
        put_fact(connection, "secret", store.secret.hex())
    return store


def new_url(folder: Path) -> str:
    """The URL of a new database that outlives the process."""
    assert _kind, "the test must use the fixture `database`"
    return f"sqlite:///{folder}/tandem.db" if _kind[-1] == "sqlite" else new_schema()


def url_of(store: Store) -> str:
    """Where other processes find a database that was opened here."""
    return store._engine.url.render_as_string(hide_password=False)  # noqa: SLF001 - nobody else asks


class _Lent(Store):
    """A database of its own; closed, it is emptied and lent again: making one takes long."""

    free: dict[str, list[_Lent]] = {"sqlite": [], "postgresql": [], "file": []}  # noqa: RUF012 - all share it

    def close(self) -> None:
        if self._lock is not None:
            self._lock.release()
        with self._engine.begin() as connection:
            for table in tables.metadata.sorted_tables:
                connection.execute(delete(table))
            if self.dialect == "sqlite":
                connection.execute(text("DELETE FROM sqlite_sequence"))
        if self._file:
            Path(f"{self._engine.url.database}.sent").unlink(missing_ok=True)
        self.forget()
        self.free["file" if self._file else self.dialect].append(self)


def new_schema() -> str:
    """The URL of a new, empty schema on PostgreSQL, which sees no other."""
    assert POSTGRES, "asked for only where there is one"
    url, name = make_url(POSTGRES), f"test_{os.getpid()}_{next(_numbers)}"
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    engine.dispose()
    return _within(url, name).render_as_string(hide_password=False)


def _within(url: URL, schema: str) -> URL:
    return url.update_query_dict({"options": f"-csearch_path={schema}"})
