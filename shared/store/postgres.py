"""PostgreSQL, set up to behave as SQLite does: durable, compared by code points, one snapshot a read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import URL, Connection, Engine, Table

DRIVER = "postgresql+psycopg"
_NAMES = ("postgres", "postgresql", DRIVER)
_DEFAULTS = {"application_name": "tandem", "connect_timeout": "10"}
_MIGRATING = 0x74616E64656D  # "tandem": the advisory lock of whoever creates or changes tables
_SESSION = """
    SELECT set_config(name, value, false) FROM (VALUES
        ('jit', 'off'),
        ('tcp_keepalives_idle', '60'), ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '6'),
        ('synchronous_commit', replace(current_setting('synchronous_commit'), 'off', 'on'))
    ) AS wanted (name, value)
"""
"""A commit must survive power loss; a client that vanished must not hold its locks for hours."""
_ADVICE = (
    ("password", "check user and password in TANDEM_DATABASE_URL"),
    ("pg_hba.conf", "check user, host and sslmode in TANDEM_DATABASE_URL, or allow them in pg_hba.conf"),
    ("role ", "check the user in TANDEM_DATABASE_URL"),
    ("database ", "create the database, or name another in TANDEM_DATABASE_URL"),
    ("no schema", "create the schema, or name another in the search_path of TANDEM_DATABASE_URL"),
    ("permission denied", "grant the user CREATE on the schema and TEMPORARY on the database"),
    ("failed:", "check host and port in TANDEM_DATABASE_URL, and that PostgreSQL runs there"),
)


def is_postgres(url: URL) -> bool:
    """Whether a URL names a PostgreSQL database for the driver that Tandem uses."""
    return url.drivername in _NAMES


def connect(url: URL) -> Engine:
    """Make an engine; nothing is connected yet."""
    defaults = {name: value for name, value in _DEFAULTS.items() if name not in url.query}
    engine = create_engine(
        url.set(drivername=DRIVER),
        connect_args={**defaults, "client_encoding": "utf8"},
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
    )
    event.listen(engine, "connect", _prepare)
    return engine


def readers(engine: Engine) -> Engine:
    """The same engine for reading: all queries of a transaction see one snapshot."""
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _prepare(connection: Any, _record: Any) -> None:
    connection.execute(_SESSION)
    connection.commit()


def begin_migrating(connection: Connection) -> str | None:
    """Wait until no other process changes tables; say what is wrong with the database, if anything."""
    encoding = connection.scalar(text("SELECT current_setting('server_encoding')"))
    if encoding != "UTF8":
        return f"it stores text as {encoding}; create it with ENCODING 'UTF8' TEMPLATE template0"
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
    return None


def collate_by_code_points(connection: Connection) -> None:
    """Have every text column sort as on SQLite, whatever language the database sorts by."""
    query = """
        SELECT format('ALTER TABLE %I ALTER COLUMN %I TYPE %s COLLATE "C"',
                      c.relname, a.attname, format_type(a.atttypid, a.atttypmod))
        FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_collation l ON l.oid = a.attcollation
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND l.collname <> 'C'
          AND NOT a.attisdropped AND c.relname <> 'alembic_version'
    """
    for statement in connection.scalars(text(query)).all():
        connection.execute(text(statement))


def copy(connection: Connection, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert many rows, two to three times as fast as row by row."""
    quote = connection.dialect.identifier_preparer.quote
    sql = f"COPY {quote(table.name)} ({', '.join(map(quote, names))}) FROM STDIN"
    failure = connection.dialect.loaded_dbapi.Error
    cursor = connection.connection.cursor()
    try:
        with cursor.copy(sql) as into:
            for row in rows:
                into.write_row(row)
    except failure as error:
        raise DBAPIError.instance(sql, None, error, failure, dialect=connection.dialect) from None
    finally:
        cursor.close()


def upsert(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    keys: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    adding: bool = False,
) -> None:
    """Insert many rows in one statement, or put them in place of those of the same key; the last counts.

    Or add to what those have, of which each key comes once.
    """
    quote = connection.dialect.identifier_preparer.quote
    places = [names.index(key) for key in keys]
    last = {tuple(row[place] for place in places): row for row in rows}
    types = [table.c[name].type.compile(connection.dialect) for name in names]
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    plus = f"{quote(table.name)}.%s + " if adding else ""
    others = [quote(name) for name in names if name not in keys]
    other = ", ".join(f"{name} = {plus and plus % name}excluded.{name}" for name in others)
    connection.exec_driver_sql(
        f"INSERT INTO {quote(table.name)} ({', '.join(map(quote, names))}) SELECT * FROM unnest({arrays}) "  # noqa: S608 - names of ours
        f"ON CONFLICT ({', '.join(map(quote, keys))}) DO UPDATE SET {other}",
        tuple(array(column) for column in zip(*last.values(), strict=True)),
    )


def array(values: Sequence[str | int | None]) -> str:
    """Values as PostgreSQL writes an array, which is JSON but for its brackets and most escapes.

    psycopg would look at each of them in Python.
    """
    text = orjson.dumps(values).decode()[1:-1]
    if "\\" in text:
        text = ",".join(map(_element, values))
    return f"{{{text}}}"


def _element(value: str | int | None) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return orjson.dumps(value).decode()


def cannot_open(url: URL, error: DBAPIError) -> str:
    """Say in one line why, and what to change; never the password."""
    said = " ".join(str(error.orig).split())
    if url.password:
        said = said.replace(str(url.password), "***")
    advice = next((told for sign, told in _ADVICE if sign in said), "check TANDEM_DATABASE_URL")
    said = said.rpartition("FATAL: ")[2].removeprefix("connection failed: ").strip().rstrip(".?")
    where = f"{url.database or url.username} at {url.host or 'the local socket'}"
    return f"The PostgreSQL database {where} cannot be opened: {said}; {advice}"
