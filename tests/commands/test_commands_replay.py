"""`tandem replay`, as its user meets it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from shared.store.lock import WriterLock
from tests import make

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands.conftest import Tandem

LATER = ("--as-of", "2026-12-31T00:00:00Z")


def test_a_replay_says_what_it_changed(tandem: Tandem, spring: str, tmp_path: Path) -> None:
    answer = tandem("replay", *LATER)
    assert "Replayed 6 events (orders: 1) in " in answer.out
    assert "nothing had to be changed" in answer.out
    with closing(sqlite3.connect(tmp_path / "tandem.db")) as connection, connection:
        connection.execute("DELETE FROM wins")
    assert tandem("wins", *LATER, "--json").json == []
    document = tandem("replay", *LATER, "--json").json
    assert document.pop("seconds") > 0
    assert document == {
        "as_of": "2026-12-31T00:00:00+00:00", "events": 6, "orders": 1, "removed": 0, "written": 1,
    }  # fmt: skip
    assert [win["win_id"] for win in tandem("wins", *LATER, "--json").json] == [spring]


def test_a_replay_as_of_another_instant(tandem: Tandem, spring: str) -> None:
    assert spring
    assert "0 came" in tandem("replay", "--as-of", "2026-03-01T00:00:00Z").out
    assert "Replayed" in tandem("replay", *LATER).out


def test_a_replay_waits_for_no_other_writer(tandem: Tandem, spring: str, tmp_path: Path) -> None:
    assert spring
    lock = WriterLock(str(tmp_path / "tandem.db"))
    lock.acquire()
    answer = tandem("replay")
    lock.release()
    assert (answer.code, answer.out) == (1, "")
    assert "is being written by process" in answer.err


def test_changed_rules_are_replayed_before_events_are_taken_in(
    tandem: Tandem, spring: str, events: Callable[..., Path]
) -> None:
    more, strict = events(make.placed(order_id="SO-2")), {"TANDEM_MIN_ORDER_VALUE": "1000000"}
    answer = tandem("import", more, *LATER, **strict)
    assert "The rules or Tandem itself have changed: judging 1 orders anew" in answer.err
    assert tandem("wins", "--json", *LATER, **strict).json == []
    assert "rules" not in tandem("import", more, *LATER, **strict).err
    assert [win["win_id"] for win in tandem("wins", "--json", *LATER).json] == [spring], "a view by others"
    answer = tandem("import", more, *LATER, "--json")
    assert (answer.json["duplicates"], answer.err) == (1, "")
