"""Replaying: what the journal says, whatever stood before; all of it at once, or nothing."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import String, delete, insert, select, update

from shared import tables
from shared.recording import record
from shared.replaying import replay
from shared.rules import DEFAULTS, Rules
from tests import make, seen
from tests.test_recording_oracle import as_ofs
from tests.worlds import worlds

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.store.engine import Store

Json = dict[str, Any]
pytestmark = pytest.mark.usefixtures("database")
FEWER = settings(max_examples=settings().max_examples // 3)
"""Each example opens two databases."""
YEAR = [
    make.registered(first_won_at=make.at("02-20")),
    *make.win(),
    *make.win("SO-2"),
    make.returned(2, make.at("03-13")),
    make.assessed("changed_mind", make.at("03-14")),
    make.feedback("nps", make.at("03-20"), 9, loose=True),
    make.intervened(make.at("03-08"), make.OPERATIONS),
    make.held(make.at("03-08")),
    make.shipped(100, make.at("03-09")),
    make.event("product.registered", make.at("01-02"), {"product_id": "P-1", "name": "Valve"}),
    make.invoiced(make.at("03-12"), freight="40.00"),
    make.drafted(make.at("03-20")),
    make.forecast(100, make.at("01-20")),
    make.demand(90, make.at("04-02")),
    make.event(
        "product.registered", make.at("01-10"), {"product_id": "P-1", "name": "Kit", "family": "Kits"}
    ),
]


def again(store: Store, as_of: datetime = make.LATER, rules: Rules = DEFAULTS) -> tuple[int, int]:
    done = replay(store, as_of=as_of, rules=rules)
    return done.removed, done.written


def dump(store: Store) -> dict[str, list[str]]:
    with store.reading() as connection:
        return seen.dump(connection)


@pytest.fixture
def year(store: Store) -> Store:
    record(store, make.raw(YEAR), as_of=make.LATER, rules=DEFAULTS)
    assert all(dump(store).values()), "every projection has rows"
    return store


@FEWER
@given(worlds(), as_ofs, as_ofs, st.integers(1, 4), st.randoms(use_true_random=False))
def test_replaying_gives_what_recording_gives(
    events: list[Json], as_of: datetime, built_at: datetime, step: int, dice: Any
) -> None:
    """Whatever the batches, as of whichever instant they were recorded: the rows are the same."""
    told = list(events)
    dice.shuffle(told)
    with closing(seen.opened()) as store, closing(seen.recorded(events, as_of, DEFAULTS)) as fresh:
        while told:
            size = dice.choice((1, 3, 30))
            batch, told = told[:size], told[size:]
            record(store, make.raw(batch), as_of=built_at, rules=DEFAULTS)
        stood = dump(store)
        done = replay(store, as_of=as_of, rules=DEFAULTS, step=step)
        assert list(seen.differences(dump(store), dump(fresh))) == []
        assert (done.removed, done.written) == counted(stood, dump(fresh))


def counted(before: dict[str, list[str]], after: dict[str, list[str]]) -> tuple[int, int]:
    told = list(seen.differences(before, after))
    return sum(one.startswith("-") for one in told), sum(one.startswith("+") for one in told)


def test_whatever_was_damaged_is_mended(year: Store) -> None:
    stood = dump(year)
    count = sum(len(stood[table.name]) for table in tables.PROJECTIONS)
    for damage, found in ((add, (len(tables.PROJECTIONS), 0)), (spoil, (count, count)), (empty, (0, count))):
        with year.writing() as connection:
            for table in tables.PROJECTIONS:
                damage(connection, table)
        assert again(year) == found, damage
        assert dump(year) == stood
    assert all(stood[table.name] for table in tables.PROJECTIONS)


def add(connection: Connection, table: Any) -> None:
    """A row that nothing tells of."""
    keys = list(table.primary_key.columns)
    key = next((c for c in keys if isinstance(c.type, String)), keys[0])
    other = "made up" if isinstance(key.type, String) else make.LATER
    one = dict(connection.execute(select(table).limit(1)).mappings().one())
    connection.execute(insert(table).values({**one, key.name: other}))


def spoil(connection: Connection, table: Any) -> None:
    texts = [column for column in table.columns if isinstance(column.type, String)]
    others = [c for c in texts[::-1] if not c.primary_key or table is tables.drafts]
    wrong = {others[0]: "wrong"} if others else {next(c for c in table.columns if not c.primary_key): -1}
    connection.execute(update(table).values(wrong))


def empty(connection: Connection, table: Any) -> None:
    connection.execute(delete(table))


def test_replaying_judges_by_the_rules_of_now(year: Store) -> None:
    strict = Rules(min_order_value=make.Decimal(10**6))
    again(year, rules=strict)
    fresh = seen.recorded(YEAR, make.LATER, strict)
    assert dump(year)["wins"] == dump(fresh)["wins"] == []
    fresh.close()


def test_an_empty_journal_has_nothing_to_replay(store: Store) -> None:
    done = replay(store, as_of=make.LATER, rules=DEFAULTS)
    assert (done.events, done.orders, done.removed, done.written) == (0, 0, 0, 0)


def test_what_fails_on_the_way_changes_nothing(year: Store) -> None:
    with year.writing() as connection:
        connection.execute(delete(tables.wins))
    stood = dump(year)

    def fail(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replay(year, as_of=make.LATER, rules=DEFAULTS, advance=fail)
    assert dump(year) == stood
    assert again(year) == (0, 2)


def test_recording_goes_on_from_what_was_replayed(year: Store) -> None:
    with year.writing() as connection:
        connection.execute(delete(tables.order_lines))
    again(year)
    more = [
        make.returned(100, make.at("03-15"), name="RT-2"),
        make.assessed("quality", make.at("03-16"), name="RT-2"),
    ]
    record(year, make.raw(more), as_of=make.LATER, rules=DEFAULTS)
    fresh = seen.recorded([*YEAR, *more], make.LATER, DEFAULTS)
    assert list(seen.differences(dump(year), dump(fresh))) == []
    fresh.close()
