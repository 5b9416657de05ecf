from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared.store.engine import Store
from tests import databases
from tests.mailing import relay as relays
from tests.mailing.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.mailing.relay import Relay


@pytest.fixture
def store(database: str, tmp_path: Path) -> Iterator[Store]:  # noqa: ARG001 - decides which kind
    """A database that several threads and processes may use."""
    opened = Store.open(databases.new_url(tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


@pytest.fixture
def relay() -> Iterator[Relay]:
    with relays.running() as running:
        yield running
