"""`tandem topics`, against a real broker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared.events import catalogue, emitted
from tests.kafka.broker import PARTITIONS, PUBLISHED, TOPICS, free_port, running_broker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.commands.conftest import Tandem

AWAY = {"drafts", "stories"}
THERE = {*TOPICS, *PUBLISHED} - AWAY
EVERY = {*catalogue.TOPICS, *emitted.TOPICS, *(f"{name}.dead" for name in catalogue.TOPICS)}


@pytest.fixture
def broker() -> Iterator[str]:
    with running_broker(without=AWAY) as url:
        yield url


def test_topics_are_listed_and_the_missing_made(tandem: Tandem, broker: str) -> None:
    before = tandem("topics", TANDEM_KAFKA_URL=broker)
    assert before.code == 1
    assert f"{len(EVERY) - len(THERE)} missing; tandem topics --create makes them." in before.out
    made = tandem("topics", "--create", "--partitions", "2", "--json", TANDEM_KAFKA_URL=broker)
    assert (made.code, made.err) == (0, "")
    assert {one["topic"]: one["partitions"] for one in made.json} == {
        name: PARTITIONS if name in THERE else 2 for name in EVERY
    }
    assert tandem("topics", "--create", "--json", TANDEM_KAFKA_URL=broker).json == made.json


def test_a_kafka_that_is_away(tandem: Tandem) -> None:
    answer = tandem("topics", "--create", "--wait", "1", TANDEM_KAFKA_URL=f"127.0.0.1:{free_port()}")
    assert (answer.code, answer.out) == (1, "")
    assert "does not serve" in answer.err
    assert "check the broker and TANDEM_KAFKA_URL" in answer.err


def test_no_kafka_is_set(tandem: Tandem) -> None:
    assert "TANDEM_KAFKA_URL is not set" in tandem("topics").err
