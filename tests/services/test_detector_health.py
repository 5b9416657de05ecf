"""What a detector tells of itself over HTTP, and in its log."""

from __future__ import annotations

import logging
import socket
import urllib.error
import urllib.request
from typing import TYPE_CHECKING
from uuid import uuid4

from prometheus_client.parser import text_string_to_metric_families

from services.commands.detecting import OneLine
from services.detector.recorder import WAITS
from tests.kafka.broker import free_port, running_broker
from tests.kafka.client import publish
from tests.kafka.process import DetectorProcess
from tests.services.test_detector import AGAIN, CONFLICTING, EVENTS, GOOD, JUNK, missing

if TYPE_CHECKING:
    from pathlib import Path


def ask(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}") as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def figures(port: int) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(ask(port, "metrics")[1])
    return {
        (one.name, *(value for _, value in sorted(one.labels.items()))): one.value
        for family in families
        for one in family.samples
    }


def test_figures_and_readiness(tmp_path: Path) -> None:
    port, database = free_port(), tmp_path / "tandem.db"
    with (
        running_broker() as url,
        DetectorProcess(
            url, f"tests-{uuid4()}", database, metrics_port=port, kafka_patience_seconds=5
        ) as detector,
    ):
        for wave in ([*GOOD, *(junk for junk, _ in JUNK.values())], [*AGAIN, CONFLICTING]):
            detector.wait_until_read(publish(url, wave))
        detector.wait_for(lambda: ask(port, "ready") == (200, "ready\n"))
        detector.wait_for(lambda: ("tandem_detector_lag_records", "0", "orders") in figures(port))
        told = figures(port)
        counts = {
            of: told["tandem_detector_events_total", of] for of in ("accepted", "duplicate", "conflict")
        }
        assert counts == {"accepted": len(EVENTS), "duplicate": len(AGAIN), "conflict": 1}
        assert told["tandem_detector_events_total", "rejected"] == len(JUNK)
        assert told[("tandem_detector_batches_total",)] == told[("tandem_detector_batch_seconds_count",)] > 0
        assert told[("tandem_detector_last_progress_timestamp_seconds",)] > 0
        assert told[("tandem_detector_kafka_up",)] == 1
        with missing(database):
            waiting = publish(url, GOOD)
            detector.wait_for(lambda: ask(port, "ready")[0] == 503)
            assert "The database: StoreError" in ask(port, "ready")[1]
            assert ask(port, "health") == (200, "alive\n")
            detector.wait_for(lambda: sum_of_lag(port) == len(GOOD))
        detector.wait_until_read(waiting)
        detector.wait_for(lambda: ask(port, "ready")[0] == 200 and sum_of_lag(port) == 0)
        assert figures(port)[("tandem_detector_refusals_total",)] > 0
        assert ask(port, "else")[0] == 404


def sum_of_lag(port: int) -> float:
    return sum(value for name, value in figures(port).items() if name[0] == "tandem_detector_lag_records")


def test_without_kafka_it_is_alive_and_not_ready(tmp_path: Path) -> None:
    port = free_port()
    address = f"127.0.0.1:{free_port()}"
    with DetectorProcess(address, "tests", tmp_path / "tandem.db", metrics_port=port) as detector:
        detector.wait_for(lambda: "does not serve" in detector.log)
        assert ask(port, "health") == (200, "alive\n")
        assert ask(port, "ready") == (503, "Kafka: not reached yet\n")


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with DetectorProcess("127.0.0.1:1", "tests", tmp_path / "tandem.db", metrics_port=port) as detector:
            assert detector.wait_for_end() == 2
            assert f"TANDEM_METRICS_PORT={port} cannot be used" in detector.log


def test_a_batch_ends_long_before_kafka_gives_its_partitions_away() -> None:
    assert sum(WAITS) < 900 / 4


def test_nothing_from_outside_feigns_a_line_of_the_log() -> None:
    error = ValueError("one\ntwo \x1b[31m")
    told = logging.LogRecord(
        "tandem", logging.ERROR, "", 0, "it\r\nfailed", None, (ValueError, error, error.__traceback__)
    )
    assert OneLine().format(told) == r"it\x0d\x0afailed (ValueError: one\x0atwo \x1b[31m)"
