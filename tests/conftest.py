"""What all tests share: the databases they run on, and how long properties look for a counterexample."""

from __future__ import annotations

import gc
import os
import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from shared.store.engine import Store
from tests import databases

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A shell that runs the tests in the background ignores Ctrl-C, and so would all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# As `tandem` itself does: looking for cycles among all that is loaded takes longer than many a test.
gc.set_threshold(500_000, 20, 50)

_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile("default", deadline=None, max_examples=18, suppress_health_check=_SLOW)
settings.register_profile("ci", deadline=None, max_examples=400, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


LONG = (
    "commands_gallery",
    "commands_process",
    "detector",
    "replaying_meanwhile",
    "scoring",
    "simulated_year",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest come first, so that none of several workers is left with one at the end."""
    items.sort(key=lambda item: item.path.stem.removeprefix("test_") not in LONG)


@pytest.fixture(scope="session", params=databases.KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The kind of database that `databases.opened` makes: all that are there, one after the other."""
    with databases.using(request.param):
        yield request.param


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without events, to be copied; copies share its secret, so that they can be compared."""
    path = tmp_path_factory.mktemp("empty") / "tandem.db"
    Store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def store(database: str) -> Iterator[Store]:  # noqa: ARG001 - decides which kind
    """An empty database."""
    opened = databases.opened()
    yield opened
    opened.close()
