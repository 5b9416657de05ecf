"""Changes of one person at one moment: none is lost, and nobody who was erased comes back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from shared.people.choosing import erase, prefer
from shared.people.importing import import_people
from shared.people.model import PeopleError
from shared.people.placing import place
from shared.people.reading import one
from tests import databases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from shared.store.engine import Store

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ROUNDS = 12


@pytest.fixture
def shared(database: str, tmp_path: Path) -> Iterator[Store]:  # noqa: ARG001 - decides which kind
    with closing(databases.opened_for_all(tmp_path)) as store:
        yield store


def listed(store: Store, person_id: str) -> None:
    row = f"{person_id},{person_id}@example.com,Somebody,sales"
    import_people(store, f"person_id,email,name,department\n{row}".encode(), NOW)


def at_once(*changes: Callable[[], object]) -> None:
    gate = threading.Barrier(len(changes))

    def one_of(change: Callable[[], object]) -> None:
        gate.wait(20)
        with suppress(PeopleError):  # who was erased cannot choose any more
            change()

    with ThreadPoolExecutor(len(changes)) as pool:
        list(pool.map(one_of, changes))


def test_no_choice_is_lost_beside_another(shared: Store) -> None:
    for number in range(ROUNDS):
        id_ = f"p-{number}"
        listed(shared, id_)
        at_once(
            lambda id_=id_: prefer(shared, id_, NOW, who=id_, naming="never"),
            lambda id_=id_: prefer(shared, id_, NOW, who=id_, language="de"),
            lambda id_=id_: place(
                shared, id_, NOW, who="admin", department="logistics", roles=frozenset({"editor"})
            ),
            lambda id_=id_: listed(shared, id_),
        )
        with shared.reading() as connection:
            found = one(connection, id_)
        kept = (found.naming, found.language, found.department, found.roles)
        assert kept == ("never", "de", "logistics", frozenset({"editor"}))


def test_nobody_comes_back_who_was_erased(shared: Store) -> None:
    for number in range(ROUNDS):
        id_ = f"p-{number}"
        listed(shared, id_)
        at_once(
            lambda id_=id_: erase(shared, id_, NOW, who="admin"),
            lambda id_=id_: prefer(shared, id_, NOW, who=id_, naming="named"),
            lambda id_=id_: prefer(shared, id_, NOW, who=id_, language="de"),
            lambda id_=id_: listed(shared, id_),
        )
        with shared.reading() as connection:
            found = one(connection, id_)
        assert (found.name, found.email, found.naming) == (None, None, "never")
