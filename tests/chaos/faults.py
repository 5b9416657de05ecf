"""What is done to the detectors, their database and their broker."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import psycopg

from shared import failpoints
from tests.chaos.checker import ROOT
from tests.chaos.world import apache_home
from tests.kafka.broker import wait_for_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.chaos.world import World
    from tests.kafka.process import DetectorProcess

    Fault = Callable[[World], None]

_DIED = 137
_SMALL_FILE = 1 << 20


def schedule(world: World, kills: int) -> list[Fault]:
    """At least `kills` ends of a detector and other trouble, in an order that the dice decide."""
    ends = [killed, terminated, *map(_failing_at, failpoints.DETECTING)]
    chosen = [ends[number % len(ends)] for number in range(kills)]
    trouble = [database_locked, disk_full] if world.plain.url.startswith("sqlite") else []
    if not trouble:
        trouble = [connections_ended, database_crashed, member_joins, two_killed_at_once]
    if apache_home():
        trouble.append(broker_killed)
    chosen += trouble * max(1, kills // 10)
    world.dice.shuffle(chosen)
    return chosen


def killed(world: World) -> None:
    """SIGKILL at any moment."""
    _end(world, world.busy(), signal.SIGKILL, -signal.SIGKILL)


def terminated(world: World) -> None:
    """SIGTERM at any moment, twice."""
    _end(world, world.busy(), signal.SIGTERM, 0)


def _end(world: World, member: DetectorProcess, number: signal.Signals, code: int) -> None:
    if number is signal.SIGTERM:  # a process that is still being loaded ends by it at once
        world.wait_for(lambda: bool(member.log) or not member.running, "a detector has started")
    time.sleep(world.dice.uniform(0, 0.3))
    member.kill(number)
    if number is signal.SIGTERM:
        member.kill(number)
    world.left(member, {code})
    world.tally[f"killed by {number.name}"] += 1


def _failing_at(point: str) -> Fault:
    def failing(world: World) -> None:
        world.staff()
        _end(world, world.dice.choice(world.members), signal.SIGTERM, 0)
        doomed = world.start(fail_at=f"{point}:{world.dice.randint(1, 6)}")
        world.feed()
        world.wait_for(lambda: not doomed.running, f"a detector fails at {point}", world.feed)
        world.left(doomed, {_DIED})
        world.tally[f"failed at {point}"] += 1

    failing.__name__ = f"failing_at_{point}"
    return failing


def database_locked(world: World) -> None:
    """Another program writes to the file for longer than SQLite waits."""
    member = world.busy()
    with closing(sqlite3.connect(world.plain.url.removeprefix("sqlite:///"), timeout=60)) as other:
        other.execute("BEGIN IMMEDIATE")
        _wait_for_refusal(world, member)
        other.rollback()
    _wait_for_recovery(world, member)
    world.tally["database locked"] += 1


def disk_full(world: World) -> None:
    """The process may write no larger files for a while."""
    member = world.busy()
    limits = resource.prlimit(member.id, resource.RLIMIT_FSIZE)
    resource.prlimit(member.id, resource.RLIMIT_FSIZE, (_SMALL_FILE, limits[1]))
    _wait_for_refusal(world, member)
    resource.prlimit(member.id, resource.RLIMIT_FSIZE, limits)
    _wait_for_recovery(world, member)
    world.tally["disk full"] += 1


def _wait_for_refusal(world: World, member: DetectorProcess) -> None:
    before = member.log.count("trying again")
    world.feed()
    world.wait_for(lambda: member.log.count("trying again") > before, "the database refuses", world.feed)


def _wait_for_recovery(world: World, member: DetectorProcess) -> None:
    before = member.log.count("events recorded")
    world.wait_for(lambda: member.log.count("events recorded") > before, "the database takes it", world.feed)


def connections_ended(world: World) -> None:
    """An administrator ends every connection to the database."""
    world.busy()
    for _ in range(3):
        list(_others(world, "SELECT pg_terminate_backend(pid)"))
        time.sleep(world.dice.uniform(0, 0.2))
    world.tally["database connections ended"] += 1


def database_crashed(world: World) -> None:
    """One of its processes is killed, at which PostgreSQL ends all others and recovers from its log."""
    world.busy()
    for (process,) in list(_others(world, "SELECT pid"))[:1]:
        os.kill(process, signal.SIGKILL)
    time.sleep(1)
    world.wait_for(lambda: _answers(world), "PostgreSQL is back")
    world.tally["database crashed"] += 1


def _others(world: World, what: str) -> Iterator[tuple[int]]:
    with psycopg.connect(world.plain.url, autocommit=True) as connection:
        where = "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        yield from connection.execute(f"{what} FROM pg_stat_activity {where}").fetchall()


def _answers(world: World) -> bool:
    with suppress(psycopg.OperationalError):
        world.plain.rows("SELECT 1 AS one")
        return True
    return False


def member_joins(world: World) -> None:
    """One more detector takes over partitions in the middle of batches, and gives them back."""
    world.busy()
    guest = world.start()
    world.feed()
    world.wait_for(lambda: "events recorded" in guest.log or not guest.running, "the guest works", world.feed)
    guest.kill(signal.SIGTERM)
    world.left(guest, {0, 1, 2})
    world.tally["member came and went"] += 1


def two_killed_at_once(world: World) -> None:
    """Nobody is left to take over."""
    world.busy()
    for member in list(world.members):
        _end(world, member, signal.SIGKILL, -signal.SIGKILL)


def broker_killed(world: World) -> None:
    """Kafka is killed while batches are in hand, and comes back."""
    home = apache_home()
    assert home is not None
    world.busy()
    os.kill(int((home / "pid").read_text()), signal.SIGKILL)
    time.sleep(world.dice.uniform(1, 8))
    ports = [
        os.environ[f"TANDEM_TEST_KAFKA_{name}"].partition(":")[2] for name in ("URL", "TLS_URL", "SASL_URL")
    ]
    serving = [ROOT / ".ci" / "kafka-serve", home, *ports]
    world.helpers.append(subprocess.Popen(serving, start_new_session=True, stdout=subprocess.DEVNULL))
    wait_for_port(world.url)
    member = world.busy()
    _wait_for_recovery(world, member)
    world.tally["broker killed"] += 1
