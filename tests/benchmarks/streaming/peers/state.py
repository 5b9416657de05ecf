"""The trivial state of the peers: which events came, the last of each order, how many of each customer."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Sequence

_TABLES = (
    "CREATE TABLE IF NOT EXISTS seen (source TEXT, id TEXT, PRIMARY KEY (source, id))",
    "CREATE TABLE IF NOT EXISTS orders (order_id TEXT PRIMARY KEY, type TEXT, time TEXT)",
    "CREATE TABLE IF NOT EXISTS customers (customer_id TEXT PRIMARY KEY, events INTEGER)",
)
_NEW = {
    "sqlite": "INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING",
    "postgresql": "INSERT INTO seen SELECT * FROM unnest(%s::text[], %s::text[]) ON CONFLICT DO NOTHING "
    "RETURNING source, id",
}
_ORDERS = {
    "sqlite": "INSERT INTO orders VALUES (?, ?, ?)",
    "postgresql": "INSERT INTO orders SELECT * FROM unnest(%s::text[], %s::text[], %s::text[])",
}
_LATEST = (
    " ON CONFLICT (order_id) DO UPDATE SET type = excluded.type, time = excluded.time "
    "WHERE excluded.time > orders.time"
)
_CUSTOMERS = {
    "sqlite": "INSERT INTO customers VALUES (?, ?)",
    "postgresql": "INSERT INTO customers SELECT * FROM unnest(%s::text[], %s::int[])",
}
_SUM = " ON CONFLICT (customer_id) DO UPDATE SET events = customers.events + excluded.events"


class Event(BaseModel):
    """A CloudEvent with any data."""

    specversion: str
    id: str
    source: str
    type: str
    time: datetime
    data: dict[str, Any]


class State:
    """One database, SQLite or PostgreSQL."""

    def __init__(self, url: str = os.environ.get("DATABASE", "")) -> None:
        self._kind = "sqlite" if url.startswith("sqlite") else "postgresql"
        if self._kind == "sqlite":
            self._connection: Any = sqlite3.connect(
                url.removeprefix("sqlite:///"), check_same_thread=False, isolation_level=None
            )
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                self._connection.execute(f"PRAGMA {pragma}")
        else:
            import psycopg  # noqa: PLC0415 - only for PostgreSQL

            self._connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        for table in _TABLES:
            self._connection.execute(table)

    def apply(self, events: Sequence[Event]) -> None:
        """Count each event once, in one transaction."""
        cursor = self._connection.cursor()
        cursor.execute("BEGIN")
        fresh = self._fresh(cursor, events)
        latest: dict[str, tuple[str, str, str]] = {}
        for event in sorted(fresh, key=lambda event: event.time):
            if (order_id := event.data.get("order_id")) is not None:
                latest[order_id] = (order_id, event.type, event.time.isoformat())
        customers = Counter(event.data["customer_id"] for event in fresh if "customer_id" in event.data)
        self._write(cursor, _ORDERS[self._kind] + _LATEST, list(latest.values()))
        self._write(cursor, _CUSTOMERS[self._kind] + _SUM, list(customers.items()))
        cursor.execute("COMMIT")

    def _fresh(self, cursor: Any, events: Sequence[Event]) -> list[Event]:
        """Those that come for the first time; the way that was fastest on each database."""
        if self._kind == "sqlite":
            new = _NEW["sqlite"]
            return [event for event in events if cursor.execute(new, (event.source, event.id)).rowcount]
        by_key = {(event.source, event.id): event for event in events}
        cursor.execute(_NEW["postgresql"], [list(column) for column in zip(*by_key, strict=True)])
        return [by_key[key] for key in cursor.fetchall()]

    def _write(self, cursor: Any, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows and self._kind == "sqlite":
            cursor.executemany(statement, rows)
        elif rows:
            cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
