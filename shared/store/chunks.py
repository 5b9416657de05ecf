"""Sets of keys, as one query takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from sqlalchemy import ARRAY, Boolean, ColumnElement, String, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal

from shared.store import postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Dialect, Executable
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.types import TypeEngine

MOST = 1000
Key = TypeVar("Key", str, int)


def chunks(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """Yield the keys, at most a thousand at a time."""
    for start in range(0, len(keys), MOST):
        yield keys[start : start + MOST]


class _Keys(TypeDecorator[Any]):
    """Many keys as one value: JSON on SQLite, an array of their type on PostgreSQL."""

    impl = String
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """How the database takes them."""
        return dialect.type_descriptor(ARRAY(self.of) if dialect.name == "postgresql" else String())

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str]:
        """Keys to the text of that one value."""
        if dialect.name == "postgresql":
            return lambda keys: postgres.array(list(keys))
        return lambda keys: orjson.dumps(list(keys)).decode()


class Among(ColumnElement[bool]):
    """Whether a column holds one of some keys: those given, or the `keys` with which the statement is run.

    They travel as one value, so that the text of the statement is always the same.
    """

    _traverse_internals = [  # noqa: RUF012 - as SQLAlchemy wants it
        ("column", InternalTraversal.dp_clauseelement),
        ("keys", InternalTraversal.dp_clauseelement),
    ]
    inherit_cache = True
    type = Boolean()
    _is_implicitly_boolean = True  # or SQLite would read "... = 1", which no index serves

    def __init__(self, column: ColumnElement[Any], keys: Sequence[Key] | None = None) -> None:
        kind = _Keys(column.type)
        self.column = column
        self.keys = (
            bindparam("keys", type_=kind) if keys is None else bindparam("keys", keys, kind, unique=True)
        )


@compiles(Among, "sqlite")
def _on_sqlite(among: Among, compiler: SQLCompiler, **asked: Any) -> str:
    column, keys = compiler.process(among.column, **asked), compiler.process(among.keys, **asked)
    return f"{column} IN (SELECT value FROM json_each({keys}))"  # noqa: S608 - a name and a placeholder


@compiles(Among, "postgresql")
def _on_postgresql(among: Among, compiler: SQLCompiler, **asked: Any) -> str:
    column, keys = compiler.process(among.column, **asked), compiler.process(among.keys, **asked)
    return f"{column} = ANY({keys})"


def run_among(
    connection: Connection, statement: Executable, keys: Iterable[str], **more: Any
) -> Iterator[Any]:
    """Run a statement with an `Among` in it, a thousand keys at a time; yield the rows of all runs."""
    for some in chunks(sorted(keys)):
        yield from connection.execute(statement, {"keys": some, **more}).fetchall()
