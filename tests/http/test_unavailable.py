"""While the database takes nothing: 503, nothing half-done, and no restart needed afterwards."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from shared.store.engine import Store
from tests import make
from tests.http.newsroom import running

if TYPE_CHECKING:
    from pathlib import Path

    import httpx


def check_unavailable(answer: httpx.Response) -> None:
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert "Nothing of the request was recorded; send it again" in answer.json()["detail"]


def test_a_table_that_is_away(database: Path) -> None:
    with running(database) as newsroom, closing(sqlite3.connect(database)) as other:
        newsroom.send(make.placed(name="a"))
        other.execute("ALTER TABLE wins RENAME TO gone")
        other.commit()
        check_unavailable(newsroom.send(make.confirmed(name="b"), *make.win("SO-2")))
        assert newsroom.ids == ["a"]
        other.execute("ALTER TABLE gone RENAME TO wins")
        other.commit()
        assert newsroom.send(make.confirmed(name="b")).json()["accepted"] == 1


def test_a_database_file_that_was_removed(database: Path) -> None:
    with running(database) as newsroom:
        newsroom.send(make.placed(name="a"))
        database.unlink()
        check_unavailable(newsroom.send(make.confirmed()))


def test_a_database_that_another_process_records_into(database: Path) -> None:
    """It has the lock file open for itself, as another process would."""
    other = Store.open(f"sqlite:///{database}")
    other.claim()
    with running(database) as newsroom:
        check_unavailable(newsroom.send(make.placed(name="a")))
        other.close()
        assert newsroom.send(make.placed(name="a")).json()["accepted"] == 1


@pytest.mark.skipif(not os.environ.get("TANDEM_TEST_SLOW"), reason="waits 10 s for a lock (TANDEM_TEST_SLOW)")
def test_a_database_that_a_stranger_has_locked(database: Path) -> None:
    with running(database) as newsroom, closing(sqlite3.connect(database, isolation_level=None)) as other:
        newsroom.send(make.placed(name="a"))
        other.execute("BEGIN IMMEDIATE")
        check_unavailable(newsroom.send(make.confirmed(name="b")))
        assert newsroom.client.get("/ready").status_code == 200
        other.execute("ROLLBACK")
        assert newsroom.ids == ["a"]
        assert newsroom.send(make.confirmed(name="b")).json()["accepted"] == 1


def test_health_and_readiness(database: Path) -> None:
    with running(database) as newsroom:
        assert newsroom.client.get("/health").json() == {"status": "ok"}
        assert newsroom.client.get("/ready").json() == {"status": "ok", "database": "ok"}
