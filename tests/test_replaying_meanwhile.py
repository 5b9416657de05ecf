"""Replaying while others record and read: nothing is lost, and nobody sees half of it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from shared import tables
from shared.recording import record
from shared.replaying import replay
from shared.rules import DEFAULTS
from shared.store import recorders
from shared.store.engine import Store
from tests import databases, make, seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection

Json = dict[str, Any]
ORDERS = 12


@pytest.fixture
def url(database: str, tmp_path: Path) -> str:
    assert database
    return databases.new_url(tmp_path)


@pytest.fixture
def stores(url: str, database: str) -> Iterator[tuple[Store, Store]]:
    """Two processes' views of one database; on SQLite only one writes, with several threads."""
    one = Store.open(url)
    one.secret = databases.SECRET
    other = Store.open(url) if database == "postgresql" else one
    other.secret = databases.SECRET
    yield one, other
    for store in {one, other}:
        store.close()


@contextmanager
def beside(*work: Callable[[], None]) -> Iterator[None]:
    """Do the work in threads of its own, each over and over; raise what went wrong there."""
    done, wrong = threading.Event(), []

    def over_and_over(one: Callable[[], None]) -> None:
        try:
            while not done.wait(0.001):  # which lets the others go on
                one()
        except Exception as error:  # noqa: BLE001 - told to the test
            wrong.append(error)

    threads = [threading.Thread(target=over_and_over, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    yield
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_what_is_recorded_meanwhile_is_in(stores: tuple[Store, Store]) -> None:
    one, other = stores
    orders = [make.win(f"SO-{number}", f"C-{number % 7}") for number in range(ORDERS)]
    complaints = [make.feedback("complaint", make.at("03-20"), order_id=f"SO-{n}", customer_id=f"C-{n % 7}")
                  for n in range(0, ORDERS, 3)]  # fmt: skip
    batches = [*orders, *([complaint] for complaint in complaints)]
    record(one, make.raw(batches.pop(0)), as_of=make.LATER, rules=DEFAULTS)
    replayed = 0

    def replaying() -> None:
        nonlocal replayed
        replay(other, as_of=make.LATER, rules=DEFAULTS, step=3)
        replayed += 1

    told: list[Json] = list(orders[0])
    with beside(replaying, grows(other)):
        for batch in batches:
            record(one, make.raw(batch), as_of=make.LATER, rules=DEFAULTS)
            told += batch
    assert replayed > 0
    fresh = seen.recorded(told, make.LATER, DEFAULTS)
    with one.reading() as mine, fresh.reading() as theirs:
        assert list(seen.differences(seen.dump(mine), seen.dump(theirs))) == []
    fresh.close()


def grows(store: Store) -> Callable[[], None]:
    """Look at orders and wins: there are never fewer than before, and as many of the one as of the other."""
    most = 0

    def look() -> None:
        nonlocal most
        with store.reading() as connection:
            orders, wins = (count(connection, table) for table in (tables.orders, tables.wins))
        assert orders == wins >= most
        most = orders

    return look


def count(connection: Connection, table: Any) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def test_only_one_replays_at_a_time(stores: tuple[Store, Store], database: str) -> None:
    if database != "postgresql":
        pytest.skip("on SQLite the lock of the writer sees to it")
    one, other = stores
    record(one, make.raw(make.win()), as_of=make.LATER, rules=DEFAULTS)

    def meanwhile(_: int) -> None:
        with pytest.raises(recorders.ReplayingError, match="Another replay is at work"):
            replay(other, as_of=make.LATER, rules=DEFAULTS)

    assert replay(one, as_of=make.LATER, rules=DEFAULTS, advance=meanwhile).events == 5
