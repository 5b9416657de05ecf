"""A newsroom on loopback, in a thread of the test, with a database file of its own."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx

from services.newsroom.server import Server
from shared import tables
from shared.settings import Settings
from shared.store import tokens
from shared.store.engine import Store
from tests.make import raw

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI
    from sqlalchemy import Table

    from services.newsroom.web.tries import Tries

Json = dict[str, Any]

EVENT = {"content-type": "application/cloudevents+json"}
BATCH = {"content-type": "application/cloudevents-batch+json"}
OWN = "everything"
PATIENCE = 30
PLAIN_HTTP = False
"""For clients: they need not load the certificates of the world, which takes longer than most calls."""


@dataclass(frozen=True)
class Newsroom:
    """A running newsroom, with a client that has a token for everything."""

    store: Store
    url: str
    client: httpx.Client
    app: FastAPI
    settings: Settings

    @property
    def tries(self) -> Tries:
        """How often someone tried to sign in."""
        found: Tries = self.app.state.tries
        return found

    def post(self, content: bytes, headers: Json | None = None) -> httpx.Response:
        return self.client.post("/v1/events", content=content, headers=headers or {})

    def send(self, *events: Json) -> httpx.Response:
        """Post events as a batch."""
        return self.post(array(*events), BATCH)

    def token(self, name: str, **more: Any) -> str:
        wanted = {"scopes": ["events:write"], "sources": [], "now": datetime.now(UTC), **more}
        return tokens.create(self.store, name, **wanted)

    def forget(self) -> None:
        """Empty the database, but for the client's own token, so that tests may share a server."""
        with self.store.writing() as connection:
            for table in set(tables.metadata.sorted_tables) - {tables.facts, tables.tokens}:
                connection.execute(table.delete())
            connection.execute(tables.tokens.delete().where(tables.tokens.c.name != OWN))
        self.store.hot.clear()
        self.app.state.called.forget()

    def rows(self, table: Table) -> list[Json]:
        with self.store.reading() as connection:
            return [dict(row) for row in connection.execute(table.select()).mappings()]

    @property
    def ids(self) -> list[str]:
        """The ids in the journal."""
        return sorted(row["id"] for row in self.rows(tables.journal))

    @property
    def letters(self) -> list[Json]:
        return self.rows(tables.dead_letters)


def array(*events: Json) -> bytes:
    return b"[" + b",".join(raw(list(events))) + b"]"


@contextmanager
def running(database: Path, **settings: Any) -> Iterator[Newsroom]:
    store = Store.open(f"sqlite:///{database}")
    told = Settings(**{"mail_folder": str(database.parent / "mail"), **settings})
    server = Server(told, store, "127.0.0.1", 0)
    for kept in (server.app.state.tallies, server.app.state.nearly, server.app.state.called):
        kept.patience = PATIENCE
    thread = threading.Thread(target=lambda: asyncio.run(server.run_until_stopped()))
    thread.start()
    try:
        deadline = time.monotonic() + PATIENCE
        while not server.started:
            assert time.monotonic() < deadline, "it does not start"
            time.sleep(0.005)
        with httpx.Client(base_url=server.url, timeout=PATIENCE, verify=PLAIN_HTTP) as client:
            newsroom = Newsroom(store, server.url, client, server.app, told)
            client.headers["authorization"] = f"Bearer {newsroom.token(OWN, scopes=list(tokens.SCOPES))}"
            yield newsroom
    finally:
        server.stop()
        thread.join(PATIENCE)
        store.close()
    assert not thread.is_alive()
