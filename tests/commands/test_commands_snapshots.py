"""Exports of a book, imported day by day on the command line."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.snapshots.book import MAPPING, STRICT, Book, Line

if TYPE_CHECKING:
    from pathlib import Path

    from shared.store.engine import Store
    from tests.commands.conftest import Tandem

AT = "--exported-at"


@pytest.fixture
def book(tmp_path: Path, store: Store) -> Book:
    return Book(tmp_path, store)


def test_a_day_is_told_once(tandem: Tandem, book: Book) -> None:
    command = ("import", book.write([Line()]), "--format", book.mapping, "--json", AT)
    first = tandem(*command, "2026-10-05T06:00:00Z")
    assert (first.code, first.json["accepted"], first.err) == (
        0,
        3,
        "Exported at 2026-10-05T06:00:00+00:00.\n",
    )
    again = tandem(*command, "2026-10-06T06:00:00Z").json
    assert (again["read"], again["duplicates"], again["accepted"]) == (3, 2, 1)
    book.write([replace(Line(), promised="2027-02-01")])
    assert tandem(*command, "2026-10-07T06:00:00Z").json["accepted"] == 2
    older = tandem(*command, "2026-10-06T06:00:00Z")
    assert (older.code, older.err.count("\n")) == (2, 2)
    assert "one of 2026-10-07T06:00:00+00:00 is in already" in older.err
    shown = tandem("orders", "show", "1", "--json", "--as-of", "2026-10-07T07:00:00Z").json["lines"][0]
    assert shown["outcomes"]["first_commit"]["due"] == "2027-01-12"
    assert shown["outcomes"]["last_commit"]["due"] == "2027-02-01"


def test_without_a_word_the_file_says_when_it_was_exported(tandem: Tandem, book: Book) -> None:
    written = datetime(2026, 10, 5, 4, 30, tzinfo=UTC).timestamp()
    os.utime(book.write([Line()]), (written, written))
    assert (
        "Exported at 2026-10-05T04:30:00+00:00." in tandem("import", book.file, "--format", book.mapping).err
    )


def test_a_column_may_say_when_it_was_exported(tandem: Tandem, book: Book) -> None:
    said = STRICT + 'file = "book"\nexported_at = { datetime = "{clerk}", zone = "Europe/Berlin" }\n'
    book.mapping.write_text(MAPPING.replace("POLICY", said))
    book.write([Line(clerk="2026-10-05 06:00")])
    found = tandem("import", book.file, "--format", book.mapping)
    assert (found.code, "Exported at 2026-10-05T06:00:00+02:00." in found.err) == (0, True)
    book.write([Line(clerk="")])
    found = tandem("import", book.file, "--format", book.mapping)
    assert (found.code, "snapshot.exported_at: column clerk of book.csv line 2 is empty" in found.err) == (
        2,
        True,
    )
    book.write([])
    found = tandem("import", book.file, "--format", book.mapping)
    assert (found.code, "no row of *.csv says it; pass --exported-at" in found.err) == (2, True)


def test_without_any_file_nothing_says_when(tandem: Tandem, book: Book) -> None:
    book.mapping.write_text(
        book.mapping.read_text().replace('path = "*.csv"', 'path = "*.csv"\noptional = true')
    )
    (book.folder / "empty").mkdir()
    found = tandem("import", book.folder / "empty", "--format", book.mapping)
    assert (found.code, "no file to say when it was exported" in found.err) == (2, True)


def test_exports_are_imported_one_by_one(tandem: Tandem, book: Book) -> None:
    book.write([Line()]).rename(book.folder / "monday.csv")
    book.write([Line()])
    found = tandem("import", book.folder, "--format", book.mapping)
    assert found.code == 2
    assert "an export is one file of each kind, and here are 2; import them one by one" in found.err


@pytest.mark.parametrize(
    ("snapshot", "message"),
    [
        (
            'missing_order = "lost"',
            "snapshot.missing_order: Input should be 'kept', 'cancelled' or 'delivered'",
        ),
        ('initiator = { qty = "them" }', "snapshot.initiator.qty: Input should be 'customer'"),
        ('exported_at = { datetime = "{x}" }', "snapshot: write both `file` and `exported_at`, or neither"),
        ('file = "b"\nexported_at = { datetime = "{x}" }', "snapshot.file: no file is declared as 'b'"),
        (
            'file = "book"\nexported_at = { datetime = "{x}" }',
            "snapshot.exported_at.datetime: .* has no column `x`",
        ),
        ("key = 1", "snapshot: has no key `key`; write one of file, exported_at, initiator"),
    ],
)
def test_an_error_in_the_policy_names_its_key(
    tandem: Tandem, book: Book, snapshot: str, message: str
) -> None:
    book.mapping.write_text(MAPPING.replace("POLICY", snapshot))
    found = tandem("import", book.write([Line()]), "--format", book.mapping)
    assert found.code == 2
    assert re.search(message, found.err), found.err


def test_only_a_snapshot_may_leave_the_time_out(tandem: Tandem, book: Book) -> None:
    book.mapping.write_text(MAPPING.replace("[snapshot]\nPOLICY", ""))
    found = tandem("import", book.write([Line()]), "--format", book.mapping)
    assert (found.code, "events.3: needs the key `time`; write it" in found.err) == (2, True)


def test_only_snapshots_are_exported_at_an_instant(tandem: Tandem, book: Book) -> None:
    plain = tandem("import", book.write([Line()]), AT, "2026-10-05T06:00:00Z")
    assert (plain.code, "--exported-at is for mappings with [snapshot]" in plain.err) == (2, True)
    mapped = tandem("import", book.file, "--format", "northwind", AT, "2026-10-05T06:00:00Z")
    assert (mapped.code, "and northwind has none; leave it out" in mapped.err) == (2, True)
    wrong = tandem("import", book.file, "--format", book.mapping, AT, "monday")
    assert (wrong.code, "--exported-at monday: write RFC 3339" in wrong.err) == (2, True)


def test_a_mapping_of_snapshots_can_be_tried(tandem: Tandem, book: Book) -> None:
    book.write([Line(), Line(pos="20", status="void")])
    found = tandem("mapping", "check", book.mapping, book.file)
    assert "order cancelled" in found.out
