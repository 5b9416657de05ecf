"""Dead letters and conflicts in the store, on each kind of database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from services.commands.clock import erasing
from shared import tables
from shared.intake import Intake, Origin
from shared.mending import LetterError, Mending
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store import conflicts, letters
from shared.store.engine import Store
from shared.store.letters import Unread
from shared.store.migrate import FOLDER
from tests import databases, make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NEGATIVE = make.raw([make.placed(make.at("03-01"), make.line(qty=-5), name="e-1")])[0]
NOW = make.LATER


def unread(name: str, raw: bytes = b"junk", **more: object) -> Unread:
    return Unread(Origin(name, **more), raw, "data.qty", "Must be more than 0")  # type: ignore[arg-type]


def bury(store: Store, *them: Unread, at: datetime = NOW) -> list[str]:
    with store.writing() as connection:
        return [one.origin.name for one in letters.bury(connection, them, at)]


def told(store: Store) -> list[tuple[int, str]]:
    with store.reading() as connection:
        return [(one.number, one.origin) for one in letters.listed(connection)]


def test_one_letter_for_each_origin_with_numbers_that_stay(store: Store) -> None:
    assert bury(store, unread("b"), unread("a"), unread("b")) == ["b", "a"]
    assert bury(store, unread("a"), unread("c"), unread("b")) == ["c"]
    first = told(store)
    assert [origin for _, origin in first] == ["b", "a", "c"]
    numbers = [number for number, _ in first]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]
    with store.writing() as connection:
        connection.execute(tables.dead_letters.delete())
    bury(store, unread("d"))
    [(number, _)] = told(store)
    assert number > numbers[-1], "a number never names another letter"


@pytest.fixture(scope="module")
def shared_store(database: str) -> Iterator[Store]:  # noqa: ARG001 - decides which kind
    opened = databases.opened()
    yield opened
    opened.close()


HEADERS = st.lists(st.tuples(st.text(max_size=5), st.none() | st.binary(max_size=9)), max_size=4)


@given(st.none() | st.binary(), st.none() | st.binary(max_size=9), st.none() | HEADERS, st.text(), st.text())
def test_whatever_comes_is_kept_as_it_came(
    shared_store: Store,
    value: bytes | None,
    key: bytes | None,
    headers: list[tuple[str, bytes | None]] | None,
    name: str,
    reason: str,
) -> None:
    packed = None if headers is None else tuple(headers)
    one = Unread(Origin(name, name, packed, value, key), value or b"", reason, reason)
    with shared_store.writing() as connection:
        connection.execute(tables.dead_letters.delete())
        letters.bury(connection, [one], NOW)
        letters.bury(connection, [one], NOW)
        [found] = letters.listed(connection)
        contents = letters.contents(connection, [found.number])[found.number]
    assert (contents.value, contents.key, contents.headers) == (
        (value or b"") if headers is None else value,
        key,
        packed,
    )
    assert found.size == len(value or b"")
    assert found.reason == reason.replace("\0", "\ufffd")[:2000]


@pytest.mark.parametrize("name", ["\ud800\0", "\U0001f69a" * 3000, ""], ids=["no text", "long", "empty"])
def test_no_name_is_a_fault(store: Store, name: str) -> None:
    assert bury(store, unread(name)) == [name]
    assert bury(store, unread(name)) == []


def test_bytes_are_erased_some_at_a_time(store: Store) -> None:
    """Old letters beyond the thousand of one call wait for the next."""
    bury(store, *(unread(f"old-{n}") for n in range(1100)), at=NOW - timedelta(days=31))
    bury(store, unread("young"), at=NOW - timedelta(days=29))
    for expired in (1000, 1100, 1100):
        with store.writing() as connection:
            letters.erase(connection, NOW - timedelta(days=30), NOW)
            assert letters.counts(connection) == {"expired": expired, "waiting": 1101 - expired}
    with store.reading() as connection:
        assert len(letters.contents(connection, [number for number, _ in told(store)])) == 1


def test_old_bytes_are_erased_while_nothing_comes_in(database: str, tmp_path: Path) -> None:
    assert database
    store = Store.open(databases.new_url(tmp_path))
    bury(store, *(unread(f"old-{n}") for n in range(1100)), at=datetime.now(UTC) - timedelta(days=31))
    with erasing(store, Intake(), every=0.01):
        pass
    with store.reading() as connection:
        assert letters.counts(connection) == {"expired": 1100}
    store.close()


def mending(store: Store, most_bytes: int = 1_000_000) -> Mending:
    return Mending(store, now=NOW, rules=DEFAULTS, intake=Intake(event_most_bytes=most_bytes))


def test_replaying_is_recording(store: Store) -> None:
    """More letters than one transaction takes; those that can be read now are in, each once."""
    good = make.raw([make.placed(order_id=f"SO-{n}") for n in range(120)])
    small, raws = Intake(event_most_bytes=100), [*good, NEGATIVE, b"junk"]
    origins = [Origin(str(n)) for n in range(len(raws))]
    record(store, raws, as_of=NOW, rules=DEFAULTS, origins=origins, intake=small)
    first = mending(store).replay()
    assert (first.read, first.accepted, first.duplicates, len(first.rejects)) == (122, 120, 0, 2)
    assert [one.field for one in first.rejects] == ["data.lines.0.qty", ""]
    again = mending(store).replay()
    assert (again.read, again.accepted, len(again.rejects)) == (2, 0, 2)
    numbers = [number for number, _ in told(store)]
    whole = mending(store).replay(numbers)
    assert (whole.read, whole.accepted, whole.duplicates, len(whole.rejects)) == (122, 0, 120, 2)
    with store.reading() as connection:
        assert letters.counts(connection) == {"replayed": 120, "waiting": 2}


def test_what_was_replayed_stays_so(store: Store) -> None:
    bury(store, unread("a", NEGATIVE))
    [(number, _)] = told(store)
    mended = NEGATIVE.replace(b"-5", b"5")
    assert mending(store).mend(number, mended).accepted == 1
    assert mending(store).mend(number, b"worse").rejects[0].reason.startswith("Not JSON")
    with store.reading() as connection:
        [letter] = letters.listed(connection)
    assert (letter.state, letter.note) == ("replayed", "Recorded in a mended version")
    with pytest.raises(LetterError, match="is replayed; only one that waits"):
        mending(store).discard([number], "late")


def test_an_expired_letter_can_still_be_mended(store: Store) -> None:
    bury(store, unread("a", NEGATIVE), at=NOW - timedelta(days=31))
    with store.writing() as connection:
        letters.erase(connection, NOW - timedelta(days=30), NOW)
    [(number, _)] = told(store)
    with pytest.raises(LetterError, match="were erased on 2026-12-31"):
        mending(store).replay([number])
    assert mending(store).mend(number, NEGATIVE.replace(b"-5", b"5")).accepted == 1
    with store.reading() as connection:
        assert letters.counts(connection) == {"replayed": 1}


def test_as_of_an_instant_a_letter_waits_that_was_settled_later(store: Store) -> None:
    day = timedelta(days=1)
    bury(store, unread("a", NEGATIVE), at=NOW - 2 * day)
    [(number, _)] = told(store)
    assert mending(store).mend(number, NEGATIVE.replace(b"-5", b"5")).accepted == 1
    with store.reading() as connection:
        waiting = [letters.how_many_wait(connection, NOW + days * day) for days in (-3, -1, 0)]
        states = [
            [(each.state, each.note) for each in letters.at(letters.listed(connection), NOW + days * day)]
            for days in (-3, -1, 0)
        ]
    assert waiting == [0, 1, 0]
    assert states == [[], [("waiting", None)], [("replayed", "Recorded in a mended version")]]


def test_as_of_an_instant_both_events_of_a_conflict_and_its_correction_exist(store: Store) -> None:
    one, gone = make.placed(name="e-1"), make.at("03-06")
    other = {**one, "time": make.at("03-04")}
    record(store, make.raw([one, other]), as_of=NOW, rules=DEFAULTS)
    record(store, make.raw([make.retracted(one, gone, name="r")]), as_of=NOW, rules=DEFAULTS)
    with store.reading() as connection:
        found = [
            (len(conflicts.listed(connection, as_of=at)), conflicts.open_count(connection, at))
            for at in (make.instant("03-03"), make.instant("03-05"), make.instant("03-07"))
        ]
    assert found == [(0, 0), (1, 1), (1, 0)]


def test_conflicts_until_they_are_corrected(store: Store) -> None:
    one = make.placed(name="e-1")
    other = {**one, "data": {**one["data"], "currency": "USD"}}
    record(store, make.raw([one, other, other]), as_of=NOW, rules=DEFAULTS)
    with store.reading() as connection:
        [found] = conflicts.listed(connection)
        assert [tuple(each) for each in found.differences] == [("data.currency", "EUR", "USD", False)]
        assert conflicts.open_count(connection) == 1
        assert conflicts.listed(connection, ("erp", "other")) == []
    record(store, make.raw([make.retracted(one, make.at("03-02"), name="r")]), as_of=NOW, rules=DEFAULTS)
    with store.reading() as connection:
        [found] = conflicts.listed(connection, ("erp", "e-1"))
        assert (found.corrected_by, conflicts.open_count(connection)) == ((("erp", "r"),), 0)


def test_letters_from_before_they_had_numbers_are_kept(database: str, tmp_path: Path) -> None:
    assert database
    url = databases.new_url(tmp_path)
    old = Store.open(url)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with old.writing() as connection:
        for table in reversed(tables.metadata.sorted_tables):
            table.drop(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for origin, received_at in (("orders/0/2@1", 2), ("orders/0/1@1", 1)):
            row = {"origin": origin, "at": received_at, "body": b"\xff\x00"}
            connection.execute(text("INSERT INTO dead_letters VALUES (:origin, :at, 'id', 'r', :body)"), row)
    old.close()
    store = Store.open(url)
    assert [origin for _, origin in told(store)] == ["orders/0/1@1", "orders/0/2@1"]
    with store.reading() as connection:
        kept = letters.contents(connection, [number for number, _ in told(store)])
        assert {each.event for each in kept.values()} == {b"\xff\x00"}
        assert letters.counts(connection) == {"waiting": 2}
    store.close()
