"""Judges from outside, by plain SQL and by what Kafka holds: nothing lost, nothing twice, no offset ahead."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import psycopg
from aiokafka import TopicPartition

from shared.store.engine import Store
from tests.chaos.offering import KIND

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.chaos.offering import Json
    from tests.kafka.client import Sent

ROOT = Path(__file__).parents[2]
_COMPARED = (
    *("journal", "links", "texts", "names", "conflicts", "sources"),
    *("customers", "orders", "order_lines", "receipts", "feedback", "plans", "risks", "wins"),
)
_MOMENTARY = {"seq", "received_at"}


class Plain:
    """A database, asked without any code of Tandem."""

    def __init__(self, url: str) -> None:
        self.url = url

    def rows(self, query: str) -> list[dict[str, Any]]:
        if self.url.startswith("sqlite:///"):
            path = self.url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=60)) as connection:
                cursor = connection.execute(query)
                names = [column[0] for column in cursor.description]
                return [dict(zip(names, row, strict=True)) for row in cursor]
        with psycopg.connect(self.url) as connection:
            result = connection.execute(query)
            names = [column.name for column in result.description or ()]
            return [dict(zip(names, row, strict=True)) for row in result]

    def recorded(self) -> set[tuple[str, str]]:
        return {(row["source"], row["id"]) for row in self.rows("SELECT source, id FROM journal")}

    def buried(self) -> list[str]:
        return [row["origin"] for row in self.rows("SELECT origin FROM dead_letters")]

    def contents(self, table: str) -> Counter[str]:
        """The rows, but for the moment of recording, the same on every database."""
        return Counter(
            json.dumps(
                {name: _same(value) for name, value in row.items() if name not in _MOMENTARY}, sort_keys=True
            )
            for row in self.rows(f"SELECT * FROM {table}")
        )


def _same(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, str) and value[:1] in ("{", "["):
        return json.loads(value)
    return int(value) if isinstance(value, bool) else value


def kind(record: Sent) -> str:
    return dict(record.headers)[KIND].decode()  # type: ignore[union-attr]


def name(record: Sent) -> tuple[str, str]:
    """What an event is called, in either mode."""
    attributes = {key: text.decode() for key, text in record.headers if text and key.startswith("ce_")}
    if attributes:
        return attributes["ce_source"], attributes["ce_id"]
    event = orjson.loads(record.value or b"")
    return event["source"], event["id"]


def ahead(read: Mapping[TopicPartition, int], published: Iterable[Sent], plain: Plain) -> list[str]:
    """Records that Kafka takes for read and the database does not hold."""
    recorded, buried = plain.recorded(), set(plain.buried())
    return [
        f"{one.origin} counts as read and is not in the database"
        for one in published
        if one.offset < read[TopicPartition(one.topic, one.partition)]
        and (one.origin not in buried if kind(one) == "poison" else name(one) not in recorded)
    ]


def judge(held: list[Sent], events: list[Json], plain: Plain, folder: Path) -> tuple[list[str], Counter[str]]:
    """Compare the database with what Kafka holds and with a clean import; return faults and counts."""
    offered = {(event["source"], event["id"]) for event in events}
    sent = {name(one) for one in held if kind(one) == "event"}
    poison = Counter(one.origin for one in held if kind(one) == "poison")
    recorded, buried = plain.recorded(), Counter(plain.buried())
    clean = _clean(held, events, plain, folder)
    faults = [f"never reached Kafka: {each}" for each in sorted(offered - sent)]
    faults += [f"lost: {each}" for each in sorted(sent - recorded)]
    faults += [f"from nowhere: {each}" for each in sorted(recorded - sent)]
    faults += [f"poison lost: {each}" for each in sorted(poison - buried)]
    faults += [f"buried without cause or twice: {each}" for each in sorted(buried - poison)]
    for table in _COMPARED:
        ours, theirs = plain.contents(table), clean.contents(table)
        faults += [f"{table}: too much: {row[:300]}" for row in sorted(ours - theirs)]
        faults += [f"{table}: missing: {row[:300]}" for row in sorted(theirs - ours)]
    counts = Counter(
        offered=len(offered),
        sent=len(held),
        recorded=len(recorded),
        poison=len(poison),
        buried=buried.total(),
        conflicts=plain.contents("conflicts").total(),
        wins=plain.contents("wins").total(),
        repeats=sum(kind(one) == "event" for one in held) - len(sent),
    )
    return faults, counts


def _clean(held: list[Sent], events: list[Json], plain: Plain, folder: Path) -> Plain:
    """Import the same events once, and then what contradicts them."""
    url = f"sqlite:///{folder / 'clean.db'}"
    Store.open(url).close()
    [secret] = plain.rows("SELECT value FROM facts WHERE name = 'secret'")
    with closing(sqlite3.connect(folder / "clean.db")) as connection, connection:
        connection.execute("UPDATE facts SET value = ? WHERE name = 'secret'", (secret["value"],))
    contradictions = [_whole(one) for one in held if kind(one) == "conflict"]
    for number, lines in enumerate((map(orjson.dumps, events), contradictions)):
        file = folder / f"{number}.jsonl"
        file.write_bytes(b"\n".join(lines) + b"\n")
        assert _import(file, url) == number, "a clean import ends with 0, one of contradictions with 1"
    return Plain(url)


def run_clock(url: str, folder: Path) -> None:
    """Judge what the clock has not judged yet, as every process does at its start and now and then."""
    nothing = folder / "nothing.jsonl"
    nothing.write_bytes(b"")
    assert _import(nothing, url) == 0, "there was nothing to reject"


def _import(file: Path, url: str) -> int:
    command = [sys.executable, "-c", "from services.cli import main; main()", "import", str(file)]
    return subprocess.run(command, check=False, cwd=ROOT, env={"TANDEM_DATABASE_URL": url}).returncode


def _whole(one: Sent) -> bytes:
    """The whole event of a record, put together without the code that detectors use for it."""
    attributes = {key[3:]: (text or b"").decode() for key, text in one.headers if key.startswith("ce_")}
    value = orjson.loads(one.value or b"")
    return orjson.dumps(attributes | {"data": value} if attributes else value)
