"""Several processes on one PostgreSQL: the same rows as one process makes, whoever comes when."""

from __future__ import annotations

import random
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from shared import tables
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store.engine import Store, fact
from tests import databases, make, seen
from tests.recorders import Work, processes, together
from tests.test_recording_oracle import as_ofs
from tests.worlds import worlds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import ProcessPoolExecutor


Json = dict[str, Any]
pytestmark = pytest.mark.skipif(not databases.POSTGRES, reason="TANDEM_TEST_POSTGRES_URL is not set")
PROCESSES = 3


@pytest.fixture(scope="module", params=["postgresql"])
def pool(request: pytest.FixtureRequest) -> Iterator[ProcessPoolExecutor]:
    with databases.using(request.param), processes(PROCESSES) as started:
        yield started


def everything(store: Store) -> dict[str, list[str]]:
    """Every row that does not depend on who came first."""
    apart = (tables.journal, tables.links, tables.texts, tables.names, *tables.PROJECTIONS)
    with store.reading() as connection:
        return {
            table.name: sorted(
                repr(tuple(row))
                for row in connection.execute(select(*(c for c in table.columns if c.name != "seq")))
            )
            for table in apart
        }


def trading(dice: random.Random) -> list[Json]:
    """Customers in groups with orders of one instant, corrected, and of two customers; known in a minute."""
    events: list[Json] = []
    for number in range(24):
        customer, other = f"C-{number % 8}", f"C-{(number + 1) % 8}"
        told = make.win(f"SO-{number}", customer)
        if number % 3 == 0:
            told[-1]["data"]["customer_id"] = other
        if number % 5 == 0:
            told.append(make.corrected(told[0], customer_id=other))
        if number % 7 == 0:
            told.append(make.retracted(dice.choice(told), make.at("03-20")))
        events += [*told, make.feedback("nps", make.at("03-12"), 9, loose=True, customer_id=customer)]
    for number in range(8):
        group = {"parent_id": f"C-{number - 2}"} if number > 5 else {}
        events.append(make.registered(f"C-{number}", history_from="2020-01-01", **group))
    events += [make.merged("C-5", into="C-3"), make.merged("C-1", into="C-2")]
    events += [make.forecast(10 * n, make.at("01-20"), product_id=f"P-{n % 3}") for n in range(9)]
    for event in events:
        event["data"]["recorded_at"] = moment(dice).isoformat()
    return events


def moment(dice: random.Random) -> datetime:
    return make.instant("04-20") + timedelta(seconds=dice.uniform(0, 59))


@pytest.mark.parametrize("seed", range(2))
def test_no_update_is_lost(pool: ProcessPoolExecutor, seed: int) -> None:
    dice = random.Random(seed)
    events = trading(dice)
    told = [*events, *events[::4]]
    dice.shuffle(told)
    instants = sorted(moment(dice) for _ in range(40))
    with closing(databases.opened()) as store:
        works = [
            Work(databases.url_of(store), make.raw(told[n::PROCESSES]), (1, 2, 4), instants, DEFAULTS, seed)
            for n in range(PROCESSES)
        ]
        assert sum(together(pool, works)) == len(events)
        with store.reading() as connection:
            noted = datetime.fromisoformat(fact(connection, "projected_at") or "")
        assert noted in instants
        with closing(seen.recorded(events, noted, DEFAULTS)) as one:
            assert list(seen.differences(everything(one), everything(store))) == []


@settings(max_examples=settings().max_examples // 4)
@given(worlds(), as_ofs, as_ofs, st.booleans(), st.integers(0, 10**6), st.data())
def test_processes_end_where_one_does(
    pool: ProcessPoolExecutor,
    events: list[Json],
    as_of: datetime,
    before: datetime,
    moving: bool,  # noqa: FBT001 - hypothesis hands it over
    seed: int,
    data: st.DataObject,
) -> None:
    shares: list[list[Json]] = [[] for _ in range(PROCESSES)]
    for event in data.draw(st.permutations(events)):
        for share in data.draw(st.sets(st.sampled_from(range(PROCESSES)), min_size=1, max_size=2)):
            shares[share].append(event)
    instants = (as_of, before) if moving else (as_of,)
    with closing(databases.opened()) as store, closing(seen.recorded(events, as_of, DEFAULTS)) as one:
        url = databases.url_of(store)
        works = [
            Work(url, make.raw(share), (1, 2, 5), instants, DEFAULTS, seed + n)
            for n, share in enumerate(shares)
        ]
        assert sum(together(pool, works)) == len(events)
        record(store, [], as_of=as_of, rules=DEFAULTS)
        assert list(seen.differences(everything(one), everything(store))) == []


@pytest.mark.usefixtures("pool")
@pytest.mark.parametrize("step", ["more", "earlier", "corrected", "registered"])
def test_an_order_in_memory_is_used_only_where_nobody_else_changed_it(step: str) -> None:
    began = [make.registered(), make.placed(), make.confirmed()]
    other = {
        "more": make.changed("qty", 20, make.at("03-04"), initiator="customer"),
        "earlier": make.changed("qty", 20, make.at("03-01", "13:00"), initiator="customer"),
        "corrected": make.corrected(began[1], lines=[make.line(qty=7)]),
        "registered": make.registered(is_internal=True, time=make.at("03-04")),
    }[step]
    last = make.promised("2026-03-25", make.at("03-06"))
    with closing(databases.opened()) as store, closing(seen.recorded([], make.LATER, DEFAULTS)) as one:
        beside = Store.open(databases.url_of(store))
        beside.secret = databases.SECRET
        for here, event in ((store, began), (beside, [other]), (store, [last])):
            record(here, make.raw(event), as_of=make.LATER, rules=DEFAULTS)
        beside.close()
        record(one, make.raw([*began, other, last]), as_of=make.LATER, rules=DEFAULTS)
        assert list(seen.differences(everything(one), everything(store))) == []


@pytest.mark.usefixtures("pool")
def test_an_order_in_memory_is_not_used_where_an_event_of_it_lies_ahead() -> None:
    confirmed = make.confirmed(time=make.at("03-01", "13:00"), recorded_at=make.at("03-02"))
    began, before = [make.placed(), confirmed], make.instant("03-01", "18:00")
    late = make.changed("qty", 20, make.at("03-01", "15:00"), initiator="customer")
    with closing(databases.opened()) as store, closing(seen.recorded([], before, DEFAULTS)) as one:
        beside = Store.open(databases.url_of(store))
        beside.secret = databases.SECRET
        record(store, make.raw(began), as_of=make.LATER, rules=DEFAULTS)
        record(beside, [], as_of=before, rules=DEFAULTS)
        record(store, make.raw([late]), as_of=before, rules=DEFAULTS)
        beside.close()
        record(one, make.raw([*began, late]), as_of=before, rules=DEFAULTS)
        assert list(seen.differences(everything(one), everything(store))) == []
