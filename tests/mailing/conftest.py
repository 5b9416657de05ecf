from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import databases
from tests.mailing import relay as relays
from tests.mailing.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shared.store.engine import Store
    from tests.mailing.relay import Relay


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where databases are that one test after the other uses."""
    return tmp_path_factory.mktemp("mailing")


@pytest.fixture
def store(database: str, folder: Path) -> Iterator[Store]:  # noqa: ARG001 - decides which kind
    """A database that several threads and processes may use."""
    opened = databases.opened_for_all(folder)
    yield opened
    opened.close()


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


@pytest.fixture
def relay() -> Iterator[Relay]:
    with relays.running() as running:
        yield running
