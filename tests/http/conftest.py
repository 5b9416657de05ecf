from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.http.newsroom import Newsroom, running

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def database(empty: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(empty, tmp_path / "tandem.db"))


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with running(tmp_path_factory.mktemp("newsroom") / "tandem.db") as newsroom:
        yield newsroom


@pytest.fixture
def newsroom(started: Newsroom) -> Newsroom:
    """A newsroom that has seen nothing yet, but for the token of its client."""
    started.forget()
    return started
