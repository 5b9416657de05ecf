"""Writers of one SQLite database, in threads and processes, one after the other."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from shared import tables
from shared.store.engine import Store, put_fact
from shared.store.lock import BusyError, Turn

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("of", ["the same", "another"])
def test_whoever_waits_too_long_is_told(tmp_path: Path, of: str) -> None:
    """Another `Turn` opens the file for itself, as another process would."""
    database = tmp_path / "tandem.db"
    first = Turn(database, patience=0.05)
    second = first if of == "the same" else Turn(database, patience=0.05)
    with first.taken(), pytest.raises(BusyError, match="try again"), second.taken():
        pytest.fail("two have the turn")
    with second.taken():
        pass


def test_a_turn_ends_with_an_error(tmp_path: Path) -> None:
    turn = Turn(tmp_path / "tandem.db", patience=0.05)
    with pytest.raises(ZeroDivisionError), turn.taken():
        raise ZeroDivisionError
    with turn.taken():
        pass


def test_many_threads_of_two_stores_lose_no_write(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/tandem.db"
    stores = [Store.open(url), Store.open(url)]

    def note(number: int) -> None:
        for again in range(5):
            with stores[number % 2].noting() as connection:
                put_fact(connection, f"{number}-{again}", "written")

    threads = [threading.Thread(target=note, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with stores[0].reading() as connection:
        facts = [name for name, value in connection.execute(tables.facts.select()) if value == "written"]
    assert len(facts) == 40
    for store in stores:
        store.close()
