"""The migrations make the tables that the code expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from shared.store.engine import Store
from shared.store.migrate import FOLDER, HEAD
from shared.tables import metadata

if TYPE_CHECKING:
    from pathlib import Path


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_migrated_tables_are_those_of_the_code(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/t.db")
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    store.close()


@pytest.mark.parametrize("times", [1, 2])
def test_opening_again_changes_nothing(tmp_path: Path, times: int) -> None:
    for _ in range(times):
        store = Store.open(f"sqlite:///{tmp_path}/t.db")
        secret = store.secret
        store.close()
    again = Store.open(f"sqlite:///{tmp_path}/t.db")
    assert again.secret == secret
    again.close()
