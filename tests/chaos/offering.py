"""What the producer offers: a simulated year with repeats, contradictions and poison, all by one seed."""

from __future__ import annotations

import random
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from services.simulator.year import simulate
from shared.events.envelope import SIMULATED
from tests.kafka.broker import ELSEWHERE, PARTITIONS
from tests.kafka.client import Sent

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]

KIND = "chaos"
"""The header that says what a record is; detectors do not look at it."""
REPEATS, POISON, CONFLICTS, BINARY, HOSTILE = 0.10, 0.05, 0.005, 0.2, 0.05
_EVENTS_OF_A_YEAR = 31_000
_HEADERS = (("bytes", b"\xff\xfe"), ("null", None), ("reply_to", ELSEWHERE.encode()), ("huge", b"x" * 10_000))
_BY_HEADERS = b"an id that is no text"
_TOPICS = {
    "order": "orders",
    "delivery": "deliveries",
    "intervention": "deliveries",
    "return": "deliveries",
    "document": "deliveries",
    "invoice": "deliveries",
    "forecast": "forecasts",
    "demand": "forecasts",
    "product": "forecasts",
    "stock": "forecasts",
}


class Offering:
    """The records in the order in which they are offered, and what else may be offered meanwhile."""

    def __init__(self, seed: int, ids: int) -> None:
        self._dice = random.Random(seed)
        simulated = simulate(seed, scale=1.1 * ids / _EVENTS_OF_A_YEAR).events[:ids]
        self.events: list[Json] = [_as_if_real(event) for event in simulated]
        assert len(self.events) == ids, "the simulated year is too small"
        self.records = list(self._records())
        self.contradictions = [
            self._dressed("conflict", _contradiction(event))
            for event in self._dice.sample(self.events, round(CONFLICTS * ids))
        ]
        """Offered after all else, so that what stands is the same however often anything is sent."""

    def repeats(self, count: int) -> list[Sent]:
        """Offer again what was offered before, wherever."""
        return [self._repeat(event) for event in self._dice.choices(self.events, k=count)]

    def _records(self) -> Iterator[Sent]:
        for number, event in enumerate(self.events):
            yield self._dressed("event", event)
            if self._dice.random() < REPEATS:
                yield self._repeat(self.events[self._dice.randint(0, number)])
            if self._dice.random() < POISON:
                yield self._poison(event, number)

    def _repeat(self, event: Json) -> Sent:
        return replace(self._dressed("event", event), partition=self._dice.randrange(PARTITIONS))

    def _dressed(self, kind: str, event: Json) -> Sent:
        """Put an event into a record: in either mode, with or without hostile headers."""
        key = str(event["data"].get("customer_id") or event["data"].get("product_id") or "")
        value, headers = orjson.dumps(event), ((KIND, kind.encode()),)
        if self._dice.random() < BINARY:
            attributes = {f"ce_{name}": text.encode() for name, text in event.items() if name != "data"}
            value, headers = orjson.dumps(event["data"]), (*headers, *attributes.items())
        if self._dice.random() < HOSTILE:
            headers = (*headers, *_HEADERS)
        topic = _TOPICS.get(event["type"].split(".")[1], "customers")
        return Sent(topic, value, headers, key.encode(), zlib.crc32(key.encode()) % PARTITIONS)

    def _poison(self, event: Json, number: int) -> Sent:
        spoiled = event | {"id": f"poison-{number}"}
        record = self._dressed("poison", spoiled)
        bare = ((KIND, b"poison"),)
        value = self._dice.choice(
            [
                None,
                b"",
                b"not JSON",
                b"[" * 50_000,
                b'{"id":' + b"9" * 5_000 + b"}",
                orjson.dumps(spoiled | {"data": []}),
                orjson.dumps(spoiled | {"time": "yesterday"}),
                _BY_HEADERS,
            ]
        )
        if value is _BY_HEADERS:
            return replace(record, headers=(*bare, ("ce_id", b"\xff"), ("ce_type", None)))
        return replace(record, value=value, headers=(*bare, *self._dice.choice([(), _HEADERS])))


def _as_if_real(event: Json) -> Json:
    """Without the mark by which a live database refuses what was simulated."""
    return {name: value for name, value in event.items() if name != SIMULATED}


def _contradiction(event: Json) -> Json:
    return event | {"data": event["data"] | {"recorded_at": "2025-07-01T00:00:00Z", "chaos": True}}
