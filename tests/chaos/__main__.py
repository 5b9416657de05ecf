"""Chaos: kills, faults and poison between Kafka and the database, and then a judgement from outside.

    python -m tests.chaos --ids 20000 --kills 30 [--database postgresql] [--seed N]

Runs against the Apache Kafka of `.ci/kafka`, else against Tansu, which is not killed: it keeps all in memory.
PostgreSQL is that of `.ci/postgres`.
"""

from __future__ import annotations

import argparse
import os
import random
import secrets
import sys
import tempfile
import time
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from shared.store.engine import Store
from tests.chaos.checker import Plain, judge, run_clock
from tests.chaos.consumer import all_left, compare
from tests.chaos.faults import schedule
from tests.chaos.offering import Offering
from tests.chaos.world import World, apache_home
from tests.kafka.broker import PUBLISHED, TOPICS, running_broker
from tests.kafka.client import fetch_records

_SHOWN = 20


def main() -> int:
    options = _options()
    print(f"seed {options.seed}: to repeat this schedule, add --seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder, running_broker() as url:
        return _run(options, url, Path(folder))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--ids", type=int, default=20_000, help="distinct events")
    parser.add_argument("--kills", type=int, default=30, help="ends of a detector, at least")
    parser.add_argument("--database", default="sqlite", choices=("sqlite", "postgresql"))
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    return parser.parse_args()


def _stop(world: World) -> None:
    world.wait_for(lambda: all(member.log for member in world.members), "all have started")
    for member in list(world.members):
        member.stop()
        world.left(member, {0})


def _run(options: argparse.Namespace, url: str, folder: Path) -> int:
    started = time.monotonic()
    on_sqlite = options.database == "sqlite"
    plain = Plain(f"sqlite:///{folder / 'tandem.db'}" if on_sqlite else _new_database())
    Store.open(plain.url).close()
    offering = Offering(options.seed, options.ids)
    dice = random.Random(options.seed)
    with World(url, plain, offering, dice, 1 if on_sqlite else 2, folder) as world:
        todo = schedule(world, options.kills)
        world.divide(len(todo) + 1)
        for number, fault in enumerate(todo, 1):
            fault(world)
            world.check_offsets()
            print(f"{time.monotonic() - started:6.0f} s  {number}/{len(todo)}  {fault.__name__}", flush=True)
        world.staff()
        world.feed_rest()
        world.wait_for(lambda: world.staff() or world.unread() == 0, "everything is read")
        _stop(world)
        run_clock(plain.url, folder)
        world.wait_for(lambda: world.staff() or all_left(plain), "everything has left")
        world.check_offsets()
        _stop(world)
    held = fetch_records(url, TOPICS)
    faults, counts = judge(held, offering.events, plain, folder)
    published = fetch_records(url, PUBLISHED)
    faults += compare(published, plain)
    counts["published"] = len(published)
    return _report(world, [*world.faults, *faults], counts, started)


def _new_database() -> str:
    server, name = os.environ["TANDEM_TEST_POSTGRES_URL"], f"chaos_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _report(world: World, faults: list[str], counts: dict[str, int], started: float) -> int:
    kills = sum(count for what, count in world.tally.items() if what.startswith(("killed", "failed")))
    broker = "Apache Kafka" if apache_home() else "Tansu"
    print(f"\n{broker}, {world.plain.url.partition(':')[0]}, {time.monotonic() - started:.0f} s")
    print(f"{kills} ends of a detector:")
    for what, count in sorted(world.tally.items()):
        print(f"  {count:6}  {what}")
    for what, count in counts.items():
        print(f"  {count:6}  {what}")
    for fault in faults[:_SHOWN]:
        print(f"FAULT {fault}")
    print(f"{len(faults)} faults" if faults else "0 lost, 0 double effects, no offset ahead of the database")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
