"""What is special about PostgreSQL: how it opens, what is said when it cannot, and what a reader sees."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url, select, text

from shared import tables
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store.engine import Store, StoreError
from shared.store.postgres import array
from shared.store.shadow import cast_empty_shadow
from tests import databases, make
from tests.recorders import processes

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(not databases.POSTGRES, reason="TANDEM_TEST_POSTGRES_URL is not set")


@pytest.fixture(params=["postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    with databases.using(request.param), closing(databases.opened()) as opened:
        yield opened


def refused(url: str) -> str:
    with pytest.raises(StoreError) as raised:
        Store.open(url)
    said = str(raised.value)
    assert "\n" not in said
    assert "secret" not in said
    return said


def test_each_wrong_part_of_the_url_is_named_with_what_to_change(store: Store) -> None:
    right = make_url(databases.url_of(store)).set(password="secret")
    with closing(socket.socket()) as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = right.set(port=nobody.getsockname()[1]).render_as_string(hide_password=False)
        assert "check host and port in TANDEM_DATABASE_URL" in refused(away)
    absent = right.set(database="absent").render_as_string(hide_password=False)
    assert 'database "absent" does not exist; create the database' in refused(absent)
    nobody_known = right.set(username="nobody_known").render_as_string(hide_password=False)
    assert 'role "nobody_known" does not exist; check the user' in refused(nobody_known)
    option = right.update_query_dict({"colour": "blue"}).render_as_string(hide_password=False)
    assert "colour" in refused(option)


@pytest.mark.parametrize("name", ["postgres", "postgresql", "postgresql+psycopg"])
def test_each_usual_name_of_postgresql_opens_it(store: Store, name: str) -> None:
    url = make_url(databases.url_of(store)).set(drivername=name)
    with closing(Store.open(url.render_as_string(hide_password=False))) as again:
        assert again._engine.dialect.driver == "psycopg"  # noqa: SLF001 - nobody else asks


def test_several_processes_may_open_a_new_database_at_once(store: Store) -> None:
    del store
    with databases.using("postgresql"), processes(3) as pool:
        url = databases.new_schema()
        assert len(set(pool.map(secret_of, [url] * 6))) == 1


def secret_of(url: str) -> bytes:
    with closing(Store.open(url)) as store:
        return store.secret


def test_a_reader_sees_one_state_while_others_write(store: Store) -> None:
    with store.reading() as connection:
        before = connection.scalars(select(tables.orders.c.order_id)).all()
        record(store, make.raw(make.win()), as_of=make.LATER, rules=DEFAULTS)
        assert connection.scalars(select(tables.orders.c.order_id)).all() == before == []


def test_statements_prepared_before_find_the_shadows(store: Store) -> None:
    record(store, make.raw(make.win()), as_of=make.LATER, rules=DEFAULTS)
    with store.reading() as connection:
        for _ in range(12):  # psycopg prepares what is asked again and again
            assert connection.scalars(select(tables.orders.c.order_id)).all() == ["SO-1"]
        cast_empty_shadow(connection)
        assert connection.scalars(select(tables.orders.c.order_id)).all() == []
        connection.rollback()
        assert connection.scalars(select(tables.orders.c.order_id)).all() == ["SO-1"]


def test_a_commit_is_on_disk_before_it_is_acknowledged(store: Store) -> None:
    with store.writing() as connection:
        assert connection.scalar(text("SHOW synchronous_commit")) == "on"
        assert connection.scalar(text("SHOW transaction_isolation")) == "read committed"


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


def test_any_values_arrive_as_the_array_they_are() -> None:
    with databases.using("postgresql"), closing(databases.opened()) as store, store.reading() as connection:

        @given(st.lists(TEXTS | st.none()), st.lists(st.integers(-(2**63), 2**63 - 1) | st.none()))
        def arrive(texts: list[str | None], numbers: list[int | None]) -> None:
            told = {"texts": array(texts), "numbers": array(numbers)}
            query = text("SELECT CAST(:texts AS varchar[]), CAST(:numbers AS bigint[])")
            assert tuple(connection.execute(query, told).one()) == (texts, numbers)

        arrive()
