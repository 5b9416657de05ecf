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
_SEEN = "INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING"
_ORDER = (
    "INSERT INTO orders VALUES (?, ?, ?) ON CONFLICT (order_id) DO UPDATE SET type = excluded.type, "
    "time = excluded.time WHERE excluded.time > orders.time"
)
_CUSTOMER = (
    "INSERT INTO customers VALUES (?, ?) ON CONFLICT (customer_id) "
    "DO UPDATE SET events = customers.events + excluded.events"
)


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
        self._sqlite = url.startswith("sqlite")
        if self._sqlite:
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
        fresh = []
        for event in events:
            cursor.execute(self._sql(_SEEN), (event.source, event.id))
            if cursor.rowcount:
                fresh.append(event)
        orders = [
            (event.data["order_id"], event.type, event.time.isoformat())
            for event in fresh
            if "order_id" in event.data
        ]
        customers = Counter(event.data["customer_id"] for event in fresh if "customer_id" in event.data)
        if orders:
            cursor.executemany(self._sql(_ORDER), orders)
        if customers:
            cursor.executemany(self._sql(_CUSTOMER), list(customers.items()))
        cursor.execute("COMMIT")

    def _sql(self, statement: str) -> str:
        return statement if self._sqlite else statement.replace("?", "%s")
