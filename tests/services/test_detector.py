"""The detector as its own process, between a broker and a database file, both real."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import orjson
import pytest

from services.commands.app import run as run_command
from shared import failpoints
from shared.events.cloudevents import structured
from shared.intake import Origin
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store import letters
from shared.store.engine import Store
from tests.kafka.broker import ELSEWHERE, broker_behind_a_way, free_port, running_broker
from tests.kafka.client import Sent, fetch, publish, publish_in_transactions, unread
from tests.kafka.forwarding import forwarding
from tests.kafka.process import DetectorProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]

ANNA = {"person_id": "P-1", "department": "sales", "role": "order_taker", "name": "Anna"}
OTTO = {"person_id": "P-2", "department": "logistics", "role": "resolver", "name": "Otto"}
ORDER = {"order_id": "SO-1", "customer_id": "C-1"}
LINE = {"line_id": "1", "product_id": "P-9", "qty": 5, "requested_on": "2026-03-10"}
SHIPMENT = {"shipment_id": "S-1", "lines": [{"line_id": "1", "qty_delivered": 5}]}
ROADBLOCK = {"roadblock_id": "R-1", "category": "carrier", "severity": "high", "predicted_delay_days": 2}
FORECAST = {"version_id": "V-1", "step": "consensus", "product_id": "P-9", "period": "2026-03", "qty": 4}
DRAFT = {"draft_id": "D-1", "title": "A crate too tall", "body": "We repacked it."}

FACTS = [
    ("customers", "customer.registered", "2026-01-05", {"customer_id": "C-1", "name": "Alba", "actor": ANNA}),
    ("forecasts", "forecast.published", "2026-01-20", FORECAST),
    ("orders", "order.placed", "2026-03-01", {**ORDER, "currency": "EUR", "lines": [LINE], "actor": ANNA}),
    (
        "orders",
        "order.confirmed",
        "2026-03-02",
        {**ORDER, "lines": [{"line_id": "1", "committed_on": "2026-03-10", "committed_qty": 5}]},
    ),
    ("deliveries", "delivery.roadblock_raised", "2026-03-05", {**ORDER, **ROADBLOCK, "actor": ANNA}),
    (
        "deliveries",
        "delivery.roadblock_resolved",
        "2026-03-07",
        {**ORDER, "roadblock_id": "R-1", "outcome": "on_original_promise", "actor": OTTO},
    ),
    ("deliveries", "delivery.delivered", "2026-03-10", {**ORDER, **SHIPMENT}),
    ("customers", "nobody.knows_this", "2026-03-11", {"anything": ["goes"]}),
    ("drafts", "draft.submitted", "2026-03-12", {**DRAFT, "order_ids": ["SO-1"], "actor": OTTO}),
]


def event(number: int, kind: str, day: str, data: Json) -> Json:
    return {
        "specversion": "1.0",
        "id": f"e-{number}",
        "source": "erp",
        "type": f"tandem.{kind}.v1",
        "time": f"{day}T09:00:00Z",
        "data": data,
    }


def in_structured_mode(topic: str, event: Json, partition: int = 0) -> Sent:
    return Sent(topic, orjson.dumps(event), partition=partition)


def in_binary_mode(topic: str, event: Json) -> Sent:
    headers = [(f"ce_{name}", text.encode()) for name, text in event.items() if name != "data"]
    return Sent(topic, orjson.dumps(event["data"]), headers=(("content-type", b"application/json"), *headers))


EVENTS = [(topic, event(number, *fact)) for number, (topic, *fact) in enumerate(FACTS)]
EVENT_IDS = sorted(event["id"] for _, event in EVENTS)
HOSTILE = (("bytes", b"\xff\xfe"), ("null", None), ("reply_to", ELSEWHERE.encode()), ("huge", b"x" * 100_000))
GOOD = [
    *(in_structured_mode(topic, event) for topic, event in EVENTS[::2]),
    *(in_binary_mode(topic, event) for topic, event in EVENTS[1::2]),
]
AGAIN = [
    *(in_binary_mode(topic, event) for topic, event in EVENTS[::2]),
    *(replace(in_structured_mode(topic, event, 2), headers=HOSTILE) for topic, event in EVENTS),
]
CONFLICTING = in_structured_mode(
    "forecasts", event(1, "forecast.published", "2026-01-20", {**FORECAST, "qty": 7})
)


def spoiled(name: str, value: bytes | None) -> Sent:
    one = in_binary_mode(*EVENTS[2])
    return replace(one, headers=tuple((key, value if key == name else text) for key, text in one.headers))


JUNK = {
    "not JSON": (Sent("orders", b"junk"), ""),
    "empty": (Sent("orders", b""), ""),
    "tombstone": (Sent("customers", None), ""),
    "too deep": (Sent("deliveries", b"[" * 50_000), ""),
    "no text": (Sent("orders", b"\xff\xfe", headers=HOSTILE), ""),
    "negative": (
        in_structured_mode(
            "forecasts", event(90, "forecast.published", "2026-01-20", {**FORECAST, "qty": -1})
        ),
        "data.qty",
    ),
    "bytes as id": (spoiled("ce_id", b"\xff"), "id"),
    "null as type": (spoiled("ce_type", None), "type"),
}


@dataclass(frozen=True)
class Detected:
    """What one detector left behind."""

    database: Path
    waves: list[list[Sent]]
    exit_code: int
    log: str
    elsewhere: list[bytes | None]


MOMENTARY = {"seq", "received_at", "number", "at", "changed_at", "waits_since"}


def contents(database: Path) -> dict[str, list[str]]:
    """Every row of every table, but for the moment of recording."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'facts'"
            )
        ]
        return {name: sorted(map(_lasting, connection.execute(f"SELECT * FROM {name}"))) for name in tables}
    finally:
        connection.close()


def _lasting(row: sqlite3.Row) -> str:
    return repr({name: value for name, value in dict(row).items() if name not in MOMENTARY})


def names(database: Path) -> list[str]:
    """The ids of the journal."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return sorted(name for (name,) in connection.execute("SELECT id FROM journal"))
    finally:
        connection.close()


@pytest.fixture
def database(empty: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(empty, tmp_path / "tandem.db"))


@pytest.fixture
def group() -> str:
    """A name never used before: Kafka may remember the offsets of a group for a topic that was made anew."""
    return f"tests-{uuid4()}"


@pytest.fixture
def broker() -> Iterator[str]:
    with running_broker() as url:
        yield url


@pytest.fixture(scope="module")
def detected(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Detected:
    """Publish good, bad and repeated records in two waves, and stop once all is read."""
    database = Path(shutil.copy(empty, tmp_path_factory.mktemp("detected") / "tandem.db"))
    with running_broker() as url, DetectorProcess(url, f"tests-{uuid4()}", database) as detector:
        waves = []
        for wave in ([*GOOD, *(junk for junk, _ in JUNK.values())], [*AGAIN, CONFLICTING]):
            waves.append(publish(url, wave))
            detector.wait_until_read(waves[-1])
        exit_code = detector.stop()
        return Detected(database, waves, exit_code, detector.log, fetch(url, ELSEWHERE))


def test_kafka_leaves_in_the_database_what_a_list_leaves(detected: Detected, database: Path) -> None:
    store = Store.open(f"sqlite:///{database}")
    for wave in detected.waves:
        record(
            store,
            [structured(one.value, one.headers) for one in wave],
            as_of=datetime.now(UTC),
            rules=DEFAULTS,
            origins=[Origin(one.origin, one.topic, one.headers, one.value, one.key) for one in wave],
        )
    store.close()
    assert contents(detected.database) == contents(database)


def test_every_event_is_recorded_once_whatever_its_mode_and_neighbours(detected: Detected) -> None:
    assert names(detected.database) == EVENT_IDS


def test_another_content_under_one_name_is_kept_aside(detected: Detected) -> None:
    assert len(contents(detected.database)["conflicts"]) == 1


def test_junk_is_kept_with_its_bytes_and_the_field_that_is_wrong(detected: Detected) -> None:
    published = {one.origin: one for one in detected.waves[0]}
    connection = sqlite3.connect(detected.database)
    numbers = [number for (number,) in connection.execute("SELECT number FROM dead_letters")]
    connection.close()
    store = Store.open(f"sqlite:///{detected.database}")
    with store.reading() as tx:
        kept, bytes_ = letters.listed(tx), letters.contents(tx, numbers)
    store.close()
    assert {(replace(published[one.origin], offset=-1), one.field) for one in kept} == set(JUNK.values())
    for one in kept:
        sent, found = published[one.origin], bytes_[one.number]
        assert (one.topic, found.key) == (sent.topic, sent.key)
        assert (found.value, found.headers) == (sent.value, sent.headers)
        assert found.event == structured(sent.value, sent.headers)
        assert (one.state, bool(one.reason)) == ("waiting", True)


def test_a_spoiled_record_is_mended_on_the_command_line(
    detected: Detected, database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(detected.database, database)
    monkeypatch.chdir(database.parent)

    def tandem(*arguments: str) -> Any:
        run_command(["dead", *arguments, "--json"])
        return orjson.loads(capsys.readouterr().out)

    number = next(str(told["number"]) for told in tandem("list") if told["field"] == "id")
    assert {"name": "ce_id", "value": {"base64": "/w=="}} in tandem("show", number, "--out", "fixed")[
        "headers"
    ]
    event = orjson.loads(Path("fixed").read_bytes())
    Path("fixed").write_bytes(orjson.dumps(event | {"id": "mended"}))
    assert tandem("replay", number, "--file", "fixed")["accepted"] == 1
    assert names(database) == sorted([*EVENT_IDS, "mended"])
    assert tandem("replay", "--all")["rejected"] == len(JUNK) - 1


def test_no_header_makes_the_detector_publish(detected: Detected) -> None:
    assert detected.elsewhere == []


def test_sigterm_ends_it_in_good_order(detected: Detected) -> None:
    assert detected.exit_code == 0, detected.log
    assert "Traceback" not in detected.log


ANYWHERE = failpoints.DETECTING if os.environ.get("TANDEM_TEST_KAFKA_URL") else ["after_sql_commit"]


@pytest.mark.parametrize("point", ANYWHERE)
def test_killed_at_any_point_nothing_is_lost_or_doubled(
    point: str, broker: str, group: str, database: Path
) -> None:
    """Offsets that ran ahead of the database would leave the group with nothing to read again."""
    published = publish(broker, GOOD)
    with DetectorProcess(broker, group, database, fail_at=point, kafka_max_records=3) as doomed:
        assert doomed.wait_for_end() == 137, doomed.log
        assert len(GOOD) - doomed.unread(published) <= len(names(database))
    with DetectorProcess(broker, group, database) as detector:
        detector.wait_until_read(published)
        assert detector.stop() == 0
    assert names(database) == EVENT_IDS


def test_it_waits_for_a_broker_that_is_not_there_yet(broker: str, group: str, database: Path) -> None:
    published = publish(broker, GOOD)
    address = f"127.0.0.1:{free_port()}"
    with DetectorProcess(address, group, database) as detector:
        detector.wait_for(lambda: "does not serve" in detector.log)
        with forwarding(address, broker):
            detector.wait_for(lambda: unread(broker, group, published) == 0)
    assert names(database) == EVENT_IDS


def test_sigterm_ends_it_while_there_is_no_broker(group: str, database: Path) -> None:
    with DetectorProcess(f"127.0.0.1:{free_port()}", group, database) as detector:
        detector.wait_for(lambda: "does not serve" in detector.log)
        assert detector.stop() == 0


def test_while_the_database_refuses_the_batch_is_read_again(broker: str, group: str, database: Path) -> None:
    first = publish(broker, GOOD[:1])
    with DetectorProcess(broker, group, database, waits=(0.05, 0.05)) as detector:
        detector.wait_until_read(first)
        with missing(database):
            rest = publish(broker, GOOD[1:])
            detector.wait_for(lambda: detector.log.count("trying again") > 4)
            assert detector.unread(rest) == len(rest)
        detector.wait_until_read(rest)
    assert names(database) == EVENT_IDS


def test_a_refusing_database_is_asked_ever_more_rarely_and_sigterm_then_loses_nothing(
    broker: str, group: str, database: Path
) -> None:
    first = publish(broker, GOOD[:1])
    with DetectorProcess(broker, group, database) as detector:
        detector.wait_until_read(first)
        with missing(database):
            rest = publish(broker, GOOD[1:])
            detector.wait_for(lambda: detector.log.count("trying again in") >= 4)
            assert detector.stop() == 0
            assert detector.unread(rest) == len(rest)
            pauses = [float(pause) for pause in re.findall(r"trying again in (\S+) s", detector.log)][:4]
    assert all(most / 2 <= pause + 0.05 for most, pause in zip((0.1, 0.2, 0.4, 0.8), pauses, strict=True))


def test_a_second_detector_on_one_file_is_refused_by_the_name_of_the_first(
    broker: str, group: str, database: Path
) -> None:
    with DetectorProcess(broker, group, database) as first:
        first.wait_until_read(publish(broker, GOOD[:1]))
        with DetectorProcess(broker, group, database) as second:
            assert second.wait_for_end() == 1
            assert f"being written by process {first.id}" in second.log
            assert second.log.count("\n") == 1


@pytest.mark.kafka
@pytest.mark.skipif(not os.environ.get("TANDEM_TEST_KAFKA_URL"), reason="takes half a minute")
def test_a_consumer_that_hangs_ends_the_detector(group: str, database: Path) -> None:
    """Its connections are dead without a word, while Kafka answers whoever connects anew."""
    with (
        broker_behind_a_way() as (address, way),
        DetectorProcess(address, group, database, kafka_patience_seconds=5) as detector,
    ):
        detector.wait_until_read(publish(address, GOOD[:1]))
        way.hold_up()
        rest = publish(address, GOOD[1:])
        assert detector.wait_for_end() == 1
        assert "nothing has moved for 5 s" in detector.log
        assert "Traceback" not in detector.log
        with DetectorProcess(address, group, database) as successor:
            successor.wait_until_read(rest)
    assert names(database) == EVENT_IDS


@pytest.mark.kafka
@pytest.mark.skipif(not os.environ.get("TANDEM_TEST_KAFKA_URL"), reason="takes a while")
def test_a_database_that_refuses_for_long_is_waited_for(broker: str, group: str, database: Path) -> None:
    first = publish(broker, GOOD[:1])
    with DetectorProcess(broker, group, database, waits=(60,), kafka_patience_seconds=5) as detector:
        detector.wait_until_read(first)
        with missing(database):
            rest = publish(broker, GOOD[1:])
            detector.wait_for(lambda: "trying again" in detector.log)
            time.sleep(10)
            assert detector.stop() == 0, detector.log
    assert unread(broker, group, rest) == len(rest)


@pytest.mark.kafka
@pytest.mark.skipif(not os.environ.get("TANDEM_TEST_KAFKA_URL"), reason="Tansu knows no transactions")
def test_what_a_producer_aborted_never_happened(broker: str, group: str, database: Path) -> None:
    committed = publish_in_transactions(broker, GOOD[1:], GOOD[:1])
    with DetectorProcess(broker, group, database) as detector:
        detector.wait_until_read(committed)
    assert names(database) == ["e-0"]


@pytest.mark.kafka
@pytest.mark.skipif(not os.environ.get("TANDEM_TEST_KAFKA_HOME"), reason="needs a Kafka that may be frozen")
def test_a_kafka_that_hangs_is_waited_for(broker: str, group: str, database: Path) -> None:
    first = publish(broker, GOOD[:1])
    with DetectorProcess(broker, group, database, kafka_patience_seconds=5) as detector:
        detector.wait_until_read(first)
        with frozen(apache_process()):
            detector.wait_for(lambda: "does not serve" in detector.log)
        detector.wait_until_read(publish(broker, GOOD[1:]))
        assert detector.stop() == 0
    assert names(database) == EVENT_IDS


def apache_process() -> int:
    return int((Path(os.environ["TANDEM_TEST_KAFKA_HOME"]) / "pid").read_text())


@contextmanager
def frozen(process: int) -> Iterator[None]:
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


@contextmanager
def missing(database: Path) -> Iterator[None]:
    """Take the file away for a while; whoever writes to it is refused at once."""
    away = database.rename(database.with_suffix(".away"))
    try:
        yield
    finally:
        away.rename(database)
