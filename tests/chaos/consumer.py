"""A consumer of what Tandem publishes, who compares it with the database."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.chaos.checker import Plain
    from tests.kafka.client import Sent

MEMORY_DAYS = 730
"""How old a win may be and still be news, so that those of the simulated year are."""
_DAY = 86_400_000_000


def all_left(plain: Plain) -> bool:
    """Whether everything was said, and nothing waits to leave."""
    return not plain.rows("SELECT number FROM outbox LIMIT 1") and not _unsaid(plain)


def _unsaid(plain: Plain) -> set[str]:
    """Wins that hold and are news; a day is left to those that grow old meanwhile."""
    horizon = time.time_ns() // 1000 - (MEMORY_DAYS - 1) * _DAY
    said = {row["name"] for row in plain.rows("SELECT name FROM announced WHERE topic = 'wins'")}
    return _holding(plain, horizon) - said


def _holding(plain: Plain, horizon: int = 0) -> set[str]:
    rows = plain.rows(f"SELECT win_id FROM wins WHERE reason IS NULL AND final_at >= {horizon}")
    return {row["win_id"] for row in rows}


def compare(published: Iterable[Sent], plain: Plain) -> list[str]:
    """Each dead letter left, and none else; each win that was said last to hold does, and all are said."""
    dead: set[str] = set()
    contents: dict[str, bytes] = {}
    wins: dict[str, str] = {}
    faults = []
    for one in published:
        if one.topic.endswith(".dead"):
            dead.add((dict(one.headers)["tandem_origin"] or b"").decode())
            continue
        event = orjson.loads(one.value or b"")
        if contents.setdefault(event["id"], one.value or b"") != one.value:
            faults.append(f"two contents under the id {event['id']}")
        elif one.topic == "wins":
            wins[event["data"]["win_id"]] = event["data"]["status"]
    buried = set(plain.buried())
    standing = {win_id for win_id, status in wins.items() if status != "revoked"}
    faults += [f"dead letter that never left: {each}" for each in sorted(buried - dead)]
    faults += [f"dead letter from nowhere: {each}" for each in sorted(dead - buried)]
    faults += [f"published, and does not hold: {each}" for each in sorted(standing - _holding(plain))]
    return faults + [f"holds, and was not published: {each}" for each in sorted(_unsaid(plain))]
