"""The outbox: in order, one refused record holds up its key and nothing else, nothing is kept for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shared.intake import Intake, Origin
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store import outbox
from shared.store.outbox import Record
from tests import make

if TYPE_CHECKING:
    from datetime import datetime

    from shared.store.engine import Store

NOW = make.instant("03-11")
HEADERS = (("ce_id", b"\xff\xfe"), ("nothing", None), ("", b""))
ORIGIN = Origin("orders/0/7@1", "orders", HEADERS, b"\x00junk", b"\xfekey")
DEAD_TOPICS = Intake(dead_topics=True)


def put(store: Store, *records: Record, at: datetime = NOW) -> None:
    with store.writing() as connection:
        outbox.put(connection, records, at)


def first(store: Store, topic: str = "wins", most: int = 100) -> list[Record]:
    with store.reading() as connection:
        return outbox.first(connection, topic, most)


def refuse(store: Store, one: Record) -> None:
    with store.noting() as connection:
        outbox.refuse(connection, one.number, "too large")


def values(records: list[Record]) -> list[bytes | None]:
    return [record.value for record in records]


def test_records_come_back_in_order_as_they_were(store: Store) -> None:
    put(store, Record("wins", b"A", b"1", HEADERS), Record("editions", b"A", b"x"))
    put(store, Record("wins", None, None))
    found = first(store)
    assert [(one.key, one.value, one.headers) for one in found] == [(b"A", b"1", HEADERS), (None, None, ())]
    assert found[0].number < found[1].number
    assert values(first(store, most=1)) == [b"1"]


def test_what_was_removed_is_gone_and_its_number_too(store: Store) -> None:
    put(store, Record("wins", b"A", b"1"))
    [one] = first(store)
    with store.noting() as connection:
        outbox.remove(connection, [one.number])
    put(store, Record("wins", b"A", b"2"))
    assert [(other.value, other.number > one.number) for other in first(store)] == [(b"2", True)]


def test_a_refused_record_holds_up_its_key_alone_until_it_is_tried_again(store: Store) -> None:
    put(store, *(Record("wins", key, value) for key, value in ((b"A", b"1"), (b"A", b"2"), (b"B", b"3"))))
    put(store, Record("wins", None, b"4"), Record("editions", b"A", b"5"))
    refuse(store, first(store)[0])
    assert values(first(store)) == [b"3", b"4"]
    assert values(first(store, "editions")) == [b"5"]
    with store.noting() as connection:
        assert outbox.waiting(connection) == (5, NOW, (("wins", "too large"),))
        outbox.retry(connection)
    assert values(first(store)) == [b"1", b"2", b"3", b"4"]


@pytest.mark.parametrize(("topic", "key"), [("wins", None), ("orders.dead", b"A")])
def test_refused_without_a_key_or_dead_it_holds_up_nothing(
    store: Store, topic: str, key: bytes | None
) -> None:
    put(store, Record(topic, key, b"1"), Record(topic, key, b"2"))
    refuse(store, first(store, topic)[0])
    assert values(first(store, topic)) == [b"2"]


def test_idle_is_what_has_nothing_to_send(store: Store) -> None:
    put(store, Record("wins", b"A", b"1"))
    with store.reading() as connection:
        assert not outbox.idle(connection, ["wins"])
        assert outbox.idle(connection, ["editions"])
    refuse(store, first(store)[0])
    with store.reading() as connection:
        assert outbox.idle(connection, ["wins"])


def test_a_dead_letter_goes_to_its_topic_as_it_came_once(store: Store) -> None:
    for _ in range(2):
        report = record(store, [b"seen"], as_of=NOW, rules=DEFAULTS, origins=[ORIGIN], intake=DEAD_TOPICS)
    [dead] = first(store, "orders.dead")
    assert (dead.key, dead.value) == (b"\xfekey", b"\x00junk")
    assert dead.headers[: len(HEADERS)] == HEADERS
    assert dict(dead.headers[len(HEADERS) :]) == {
        "tandem_origin": b"orders/0/7@1",
        "tandem_field": b"",
        "tandem_reason": report.rejects[0].reason.encode(),
    }


def test_dead_letters_of_others_than_kafka_or_without_it_stay(store: Store) -> None:
    record(store, [b"x"], as_of=NOW, rules=DEFAULTS, origins=[Origin("http/1")], intake=DEAD_TOPICS)
    record(store, [b"x"], as_of=NOW, rules=DEFAULTS, origins=[ORIGIN])
    with store.reading() as connection:
        assert outbox.topics(connection) == set()


def test_raw_input_that_waits_too_long_expires_and_news_do_not(store: Store) -> None:
    put(store, Record("wins", b"A", b"1"))
    record(store, [b"x"], as_of=NOW, rules=DEFAULTS, origins=[ORIGIN], intake=DEAD_TOPICS)
    for days, kept in ((30, {"wins", "orders.dead"}), (31, {"wins"})):
        record(store, [], as_of=NOW + timedelta(days=days), rules=DEFAULTS, origins=[])
        with store.reading() as connection:
            assert outbox.topics(connection) == kept
