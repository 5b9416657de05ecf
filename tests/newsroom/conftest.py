from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.http.newsroom import Newsroom, running
from tests.newsroom.visiting import leave, staff

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    folder = tmp_path_factory.mktemp("newsroom")
    with running(folder / "tandem.db", mail_folder=str(folder / "mail"), deputies=("deputy",)) as newsroom:
        yield newsroom


@pytest.fixture
def newsroom(opened: Newsroom) -> Iterator[Newsroom]:
    """A newsroom with someone of every role, which has seen nothing yet."""
    opened.forget()
    opened.tries.forget()
    staff(opened)
    yield opened
    leave()
