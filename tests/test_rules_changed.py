"""Other rules, other outcomes: a changed setting holds for what was recorded before, too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, make_url, text

from shared.announcing import announce
from shared.recording import record
from shared.replaying import clear_left, judge_anew, rules_changed
from shared.rules import Rules
from shared.settling import settle
from shared.store import progress
from shared.store.engine import Store
from shared.store.postgres import connect
from shared.viewing import view
from tests import databases, make, seen
from tests.make import raw

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

YEAR = [
    *make.win(),
    *make.win("SO-2"),
    make.registered(first_won_at=make.at("02-20")),
    make.demand(90, make.at("04-02")),
]
MORE = make.win("SO-3")
EARLY = datetime(2026, 3, 12, tzinfo=UTC)
AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
STRICT, LENIENT = Rules(), Rules(late_tolerance_days=2)


def _event(number: int, kind: str, day: str, **data: object) -> dict[str, object]:
    return {
        "specversion": "1.0", "id": str(number), "source": "erp", "type": f"tandem.{kind}.v1",
        "time": f"2026-03-{day}T09:00:00Z", "data": {"order_id": "SO-1", "customer_id": "C-1", **data},
    }  # fmt: skip


EVENTS = [
    _event(1, "order.placed", "01", currency="EUR",
           lines=[{"line_id": "1", "product_id": "P", "qty": 5, "requested_on": "2026-03-10"}]),
    _event(2, "order.confirmed", "02",
           lines=[{"line_id": "1", "committed_on": "2026-03-10", "committed_qty": 5}]),
    _event(3, "delivery.delivered", "11", shipment_id="S", lines=[{"line_id": "1", "qty_delivered": 5}]),
]  # fmt: skip


def test_a_view_judges_by_the_rules_of_now(store: Store) -> None:
    record(store, raw(EVENTS), as_of=AS_OF, rules=STRICT)
    lenient, strict = (seen.recorded(EVENTS, AS_OF, rules) for rules in (LENIENT, STRICT))
    with view(store, AS_OF, LENIENT) as now, lenient.reading() as fresh:
        assert list(seen.differences(seen.dump(now), seen.dump(fresh))) == []
    with store.reading() as before, strict.reading() as fresh:
        assert list(seen.differences(seen.dump(before), seen.dump(fresh))) == [], "a view writes nothing"
    lenient.close()
    strict.close()


def test_recording_leaves_what_stands_by_other_rules_to_be_judged_anew(store: Store) -> None:
    record(store, raw(EVENTS[:2]), as_of=AS_OF, rules=STRICT)
    stood = dump(store)
    report = record(store, raw(EVENTS), as_of=AS_OF, rules=LENIENT)
    assert (report.accepted, report.duplicates) == (1, 2)
    assert dump(store) == stood, "a mixture of both would be true of neither"
    assert settle(store, as_of=AS_OF, rules=LENIENT) == announce(store, as_of=AS_OF, rules=LENIENT) == 0
    assert rules_changed(store, LENIENT)
    assert rules_changed(store, STRICT), "an event is missing in what stands by the old ones"
    judge_anew(store, clock=lambda: AS_OF, rules=LENIENT)
    assert not rules_changed(store, LENIENT)
    assert dump(store) == recorded(EVENTS, LENIENT)


def test_rules_that_are_put_back_cost_nothing_where_nothing_came_in(store: Store) -> None:
    record(store, raw(EVENTS), as_of=AS_OF, rules=STRICT)
    record(store, raw(EVENTS), as_of=AS_OF, rules=LENIENT)
    assert not rules_changed(store, STRICT)


@pytest.fixture
def shared(database: str, tmp_path: Path) -> Iterator[Store]:  # noqa: ARG001 - decides which kind
    """A database that others may use, too."""
    with closing(databases.opened_for_all(tmp_path)) as store:
        yield store


@pytest.mark.parametrize("stop", [1, 3, 5])
def test_judging_anew_goes_on_where_it_was_broken_off(shared: Store, stop: int) -> None:
    """Whatever came in or came true meanwhile: the end is as if all had been recorded by the new rules."""
    record(shared, make.raw(YEAR), as_of=EARLY, rules=STRICT)
    stood, done = dump(shared), 0

    def advance(_: int) -> None:
        nonlocal done
        done += 1
        if done == stop:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge_anew(shared, clock=lambda: EARLY, rules=LENIENT, advance=advance, step=1)
    with shared.reading() as connection:
        assert progress.found(connection) is not None
    assert dump(shared) == stood
    record(shared, make.raw(MORE), as_of=EARLY, rules=LENIENT)
    assert dump(shared) == stood
    told: list[int] = []
    since: list[datetime | None] = []

    def look(orders: int) -> None:
        told.append(orders)
        with shared.reading() as connection:
            known = progress.found(connection)
            since.append(known and known.since)

    judged = judge_anew(shared, clock=lambda: make.LATER, rules=LENIENT, advance=look, step=2)
    assert since[0] == (EARLY if stop > 1 else make.LATER), "since when it has been going on, over all starts"
    assert sum(told) == judged.orders
    assert dump(shared) == recorded([*YEAR, *MORE], LENIENT, make.LATER)
    with shared.reading() as connection:
        assert progress.found(connection) is None


KILLED = """
import os, signal, sys
from shared.replaying import judge_anew
from shared.store.engine import Store
from shared.store.postgres import connect
from tests.test_rules_changed import EARLY, LENIENT

done = 0

def advance(orders):
    global done
    done += orders
    if done > 1:
        os.kill(os.getpid(), signal.SIGKILL)

judge_anew(Store.open(sys.argv[1]), clock=lambda: EARLY, rules=LENIENT, advance=advance, step=1)
"""


def test_what_a_killed_process_has_judged_is_not_judged_again(database: str, tmp_path: Path) -> None:
    assert database
    url = databases.new_url(tmp_path)
    with closing(Store.open(url)) as store:
        record(store, make.raw([*YEAR, *MORE]), as_of=EARLY, rules=STRICT)
    killed = subprocess.run([sys.executable, "-c", KILLED, url], check=False)
    assert killed.returncode == -signal.SIGKILL
    told: list[int] = []
    with closing(Store.open(url)) as store:
        judged = judge_anew(store, clock=lambda: make.LATER, rules=LENIENT, advance=told.append, step=1)
        assert told[0] in {1, 2}, "as many as were kept"
        assert sum(told) == judged.orders == 3
        assert dump(store) == recorded([*YEAR, *MORE], LENIENT, make.LATER)
        assert len(left(store)) == 0


def left(store: Store) -> list[str]:
    """What lies about of work that is done."""
    if (file := store.beside("")) is not None:
        return [each.name for each in file.parent.glob("*.anew*")]
    with store.reading() as connection:
        return [name for name in inspect(connection).get_schema_names() if name.startswith("tandem_anew")]


def test_nobody_clears_what_another_is_at_work_on(shared: Store, database: str) -> None:
    if database != "postgresql":
        pytest.skip("on SQLite the lock of the writer sees to it")
    record(shared, make.raw(YEAR), as_of=make.LATER, rules=STRICT)
    with closing(Store.open(databases.url_of(shared))) as other:
        judged = judge_anew(
            shared, clock=lambda: make.LATER, rules=LENIENT, advance=lambda _: clear_left(other), step=1
        )
    assert judged.orders == 2
    assert dump(shared) == recorded(YEAR, LENIENT, make.LATER)


@pytest.fixture
def confined(database: str) -> Iterator[str]:
    """A schema of someone who may make no other."""
    if database != "postgresql":
        pytest.skip("a file can be made beside any other")
    url, role = make_url(databases.new_schema()), f"confined_{os.getpid()}"
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        schema = connection.scalar(text("SELECT current_schema()"))
        connection.execute(text(f"ALTER SCHEMA {schema} OWNER TO {role}"))
    yield url.set(username=role).render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {role} CASCADE"))
        connection.execute(text(f"DROP ROLE {role}"))
    engine.dispose()


def test_where_no_schema_may_be_made_it_is_one_transaction(confined: str) -> None:
    with closing(Store.open(confined)) as store:
        record(store, make.raw(YEAR), as_of=make.LATER, rules=STRICT)
        assert judge_anew(store, clock=lambda: make.LATER, rules=LENIENT, step=1).orders == 2
        assert dump(store) == recorded(YEAR, LENIENT, make.LATER)


def test_what_was_left_is_no_use_for_yet_other_rules_or_another_journal(shared: Store) -> None:
    record(shared, make.raw(YEAR), as_of=make.LATER, rules=STRICT)

    def fail(orders: int) -> None:
        if orders:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge_anew(shared, clock=lambda: make.LATER, rules=LENIENT, advance=fail, step=1)
    other = Rules(late_tolerance_days=9)
    judge_anew(shared, clock=lambda: make.LATER, rules=other, step=1)
    assert dump(shared) == recorded(YEAR, other, make.LATER)


def test_others_write_while_all_is_judged_anew(shared: Store) -> None:
    """Between any two steps, also on SQLite, where one writes at a time."""
    record(shared, make.raw(YEAR), as_of=make.LATER, rules=STRICT)
    report: list[int] = []

    def advance(_: int) -> None:
        if not report:
            others = threading.Thread(target=lambda: report.append(note(shared)))
            others.start()
            others.join(timeout=20)

    judge_anew(shared, clock=lambda: make.LATER, rules=LENIENT, advance=advance, step=1)
    assert report == [len(MORE)]
    assert dump(shared) == recorded([*YEAR, *MORE], LENIENT, make.LATER)


def note(store: Store) -> int:
    return record(store, make.raw(MORE), as_of=make.LATER, rules=LENIENT).accepted


def dump(store: Store) -> dict[str, list[str]]:
    with store.reading() as connection:
        return seen.dump(connection)


def recorded(events: list[dict[str, object]], rules: Rules, as_of: datetime = AS_OF) -> dict[str, list[str]]:
    with closing(seen.recorded(events, as_of, rules)) as fresh:
        settle(fresh, as_of=as_of, rules=rules)
        return dump(fresh)
