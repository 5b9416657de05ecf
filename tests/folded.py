"""A consumer of what Tandem emits: every event once, the last of each win and edition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from shared.announcing import announce
from shared.store import outbox

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from shared.rules import Rules
    from shared.store.engine import Store
    from shared.store.outbox import Record

Json = dict[str, Any]


def announced(store: Store, as_of: datetime, rules: Rules) -> list[Record]:
    """Announce, and take what waits as Kafka does."""
    announce(store, as_of=as_of, rules=rules)
    return taken(store)


def taken(store: Store) -> list[Record]:
    with store.writing() as connection:
        found = [
            record
            for topic in sorted(outbox.topics(connection))
            for record in outbox.first(connection, topic, 10_000)
        ]
        outbox.remove(connection, [record.number for record in found])
    return found


def events(records: Iterable[Record]) -> list[Json]:
    return [orjson.loads(record.value or b"") for record in records]


def kinds(records: Iterable[Record]) -> list[str]:
    return [event["type"].removeprefix("tandem.").removesuffix(".v1") for event in events(records)]


def fold(told: Iterable[Json]) -> dict[str, Json]:
    """The last that was said of each win, whatever comes twice."""
    seen: set[str] = set()
    found: dict[str, Json] = {}
    for event in told:
        if event["id"] not in seen:
            seen.add(event["id"])
            found[event["data"]["win_id"]] = event["data"]
    return found
