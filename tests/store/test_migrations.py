"""The migrations make the tables that the code expects."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import String, inspect, select

from shared.store.engine import Store, put_fact
from shared.store.migrate import FOLDER, HEAD
from shared.tables import facts, metadata
from tests import databases

if TYPE_CHECKING:
    from pathlib import Path


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


@pytest.fixture
def url(database: str, tmp_path: Path) -> str:  # noqa: ARG001 - decides which kind
    return databases.new_url(tmp_path)


def test_migrated_tables_are_those_of_the_code(url: str) -> None:
    with closing(Store.open(url)) as store, store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@pytest.mark.parametrize("times", [1, 2])
def test_opening_again_changes_nothing(url: str, times: int) -> None:
    for _ in range(times):
        store = Store.open(url)
        secret = store.secret
        store.close()
    with closing(Store.open(url)) as again:
        assert again.secret == secret


def test_text_sorts_by_code_points_on_every_database(store: Store) -> None:
    names = ["a", "B", "b", "Ä", "ä", "A", "10", "9", "a b", "a-b", "ab", "🚚"]
    with store.writing() as connection:
        for name in names:
            put_fact(connection, name, name)
        found = connection.scalars(select(facts.c.name).where(facts.c.name.in_(names)).order_by(facts.c.name))
        assert list(found) == sorted(names)


def test_no_text_column_sorts_by_a_language(store: Store) -> None:
    with store.reading() as connection:
        found = {
            (table, column["name"], column["type"].collation)
            for table in set(inspect(connection).get_table_names()) - {"alembic_version"}
            for column in inspect(connection).get_columns(table)
            if isinstance(column["type"], String)
        }
        binary = "C" if connection.dialect.name == "postgresql" else None
    assert len(found) > len(metadata.tables)
    assert [name for name in found if name[-1] != binary] == []
