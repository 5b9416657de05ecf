"""A backup that is put back: nothing leaves that may have left already, until somebody decides."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from services.publisher.clock import tick
from services.publisher.opening import marks
from services.publisher.serving import Publisher
from shared.mailing.deciding import resume
from shared.mailing.post import MailError
from shared.schedules import Schedule
from shared.store import generation, ledger, runs
from shared.store.engine import Store
from tests.mailing.world import EDITION, World, listed

if TYPE_CHECKING:
    from services.publisher.marks import Marks
    from tests.mailing.relay import Relay

LATE = timedelta(hours=48)
MONTHLY = Schedule(edition="newsletter", workday=5)


@pytest.fixture
def file(empty: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(empty, tmp_path / "tandem.db"))


@pytest.fixture
def before(file: Path, relay: Relay) -> World:
    """A database of which a backup is made while an edition is queued."""
    world = World(Store.open(f"sqlite:///{file}"))
    world.people(listed(3))
    world.release()
    world.to(relay)
    return world


def backup(file: Path) -> Path:
    copy = file.with_name("backup.db")
    copy.unlink(missing_ok=True)
    with sqlite3.connect(file) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    connection.close()
    return copy


def put_back(world: World, copy: Path, file: Path) -> World:
    """As an administrator does it: the service ends, the file is replaced, the service starts."""
    world.store.close()
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    shutil.copy(copy, file)
    return World(Store.open(f"sqlite:///{file}"), world.now, world.settings)


def reason(world: World) -> str:
    with pytest.raises(MailError) as raised:
        world.send()
    return str(raised.value)


def test_publishers_who_start_together_hold_nothing_up(file: Path) -> None:
    """One looks while another counts its first mails."""
    Store.open(f"sqlite:///{file}").close()
    found: list[BaseException] = []

    def count(mine: Marks) -> None:
        try:
            for _ in range(20):
                mine.check()
                mine.step(last=True)
        except MailError as error:
            found.append(error)

    world = World(Store.open(f"sqlite:///{file}"))
    threads = [
        threading.Thread(target=count, args=(marks(world.chosen, world.store, lambda: world.now),))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    world.store.close()
    assert found == []


def test_nothing_is_sent_twice_before_or_after_somebody_decides(
    before: World, relay: Relay, file: Path
) -> None:
    copy = backup(file)
    before.send()
    assert sum(relay.recipients.values()) == 3
    world = put_back(before, copy, file)
    for _ in range(2):
        assert "older than what was sent" in reason(world)
    with pytest.raises(MailError, match="--restored"):
        resume(world.store, None, world.now, LATE, who="admin")
    resume(world.store, None, world.now, LATE, who="admin", restored=True)
    marks(world.chosen, world.store, lambda: world.now).accept()
    world.send()
    assert world.sending().state == "paused"
    assert set(relay.recipients.values()) == {1}
    resume(world.store, EDITION, world.now, LATE, who="admin")
    world.send()
    assert set(relay.recipients.values()) == {2}, "this is what the administrator wanted"
    world.store.close()


def test_a_backup_from_the_middle_of_a_run_is_found_out(before: World, relay: Relay, file: Path) -> None:
    copies: list[Path] = []
    relay.at_data = lambda _: (copies or copies.append(backup(file)), "250 OK")[1]
    before.send()
    world = put_back(before, copies[0], file)
    assert "older than what was sent" in reason(world)
    world.store.close()


def test_without_its_mark_a_database_comes_from_elsewhere(before: World, file: Path) -> None:
    before.send()
    file.with_name("tandem.db.sent").unlink()
    assert "is missing" in reason(before)
    before.store.close()


def test_the_mark_of_another_database_says_nothing(before: World, file: Path, tmp_path: Path) -> None:
    before.send()
    (tmp_path / "other").mkdir()
    shutil.copy(file.with_name("tandem.db.sent"), tmp_path / "other" / "tandem.db.sent")
    other = World(Store.open(f"sqlite:///{tmp_path / 'other' / 'tandem.db'}"), settings=before.settings)
    other.people(listed(1))
    other.release()
    other.send()
    assert other.states() == {"sent": 1}
    for each in (before, other):
        each.store.close()


def test_what_is_newer_or_up_to_date_goes_on(before: World, relay: Relay, file: Path) -> None:
    """A crash between the database and its mark leaves the database ahead."""
    before.send()
    with before.store.noting() as connection:
        generation.advance(connection)
    for _ in range(3):
        before.store.close()
        before = World(Store.open(f"sqlite:///{file}"), before.now, before.settings)
        before.send()
    assert set(relay.recipients.values()) == {1}
    before.store.close()


@pytest.mark.parametrize("torn", [b"", b"{", b"[]", b'{"database": 1}'])
def test_a_torn_mark_is_none(before: World, file: Path, torn: bytes) -> None:
    before.send()
    file.with_name("tandem.db.sent").write_bytes(torn)
    assert "is missing" in reason(before)
    before.store.close()


def test_runs_that_may_have_gone_out_ask(before: World, file: Path) -> None:
    before.settings |= {"schedules": {"monthly": MONTHLY}, "schedule_patience_hours": 0}
    before.now = before.now.replace(day=1)
    tick(before.store, before.chosen, before.now)
    before.now = before.now.replace(day=5)
    copy = backup(file)
    before.send()
    world = put_back(before, copy, file)
    world.now = world.now.replace(day=7)
    reason(world)
    tick(world.store, world.chosen, world.now)
    resume(world.store, None, world.now, LATE, who="admin", restored=True)
    tick(world.store, world.chosen, world.now)
    with world.store.reading() as connection:
        [run] = runs.listed(connection)
    assert (run.state, "backup" in run.note) == ("late", True)
    world.store.close()


def test_a_publisher_tells_the_administrator(before: World, relay: Relay, file: Path) -> None:
    before.people(b"person_id,email,name,department,roles\na-1,a@example.com,Ada,management,administrator\n")
    copy = backup(file)
    before.send()
    world = put_back(before, copy, file)
    publisher = Publisher(world.chosen, world.store, every=0)
    rounds = iter(range(2))
    publisher._ended.wait = lambda _: publisher.stop() if next(rounds) else None  # type: ignore[assignment, method-assign, return-value]  # noqa: SLF001
    publisher.run()
    told = [str(mail["Subject"]) for mail in relay.mails if mail["To"] == "a@example.com"]
    assert sorted(told) == [
        "Tandem: A backup was put back: all mail is paused",
        f"Tandem: Sending is held: {EDITION}",
    ]
    assert relay.recipients["p1@example.com"] == 1
    world.store.close()


def test_a_table_put_back_into_the_same_server_is_found_out(world: World, relay: Relay) -> None:
    if world.store.dialect != "postgresql":
        pytest.skip("a file is told by its mark")
    world.people(listed(1))
    world.to(relay)
    world.release()
    world.send()
    world.send()
    with world.store.noting() as connection:
        connection.execute(text("CREATE TABLE copied (LIKE mails INCLUDING ALL)"))
        connection.execute(text("INSERT INTO copied SELECT * FROM mails"))
        connection.execute(text("DROP TABLE mails"))
        connection.execute(text("ALTER TABLE copied RENAME TO mails"))
    assert "lies elsewhere" in reason(world)
    with world.store.reading() as connection:
        assert ledger.paused(connection)
