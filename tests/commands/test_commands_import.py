from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import orjson
import pytest

from tests import make

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands.conftest import Tandem

NOTHING = {"read": 0, "accepted": 0, "duplicates": 0, "conflicts": 0, "rejected": 0, "rejects": []}


def test_the_report_adds_up(tandem: Tandem, events: Callable[..., Path]) -> None:
    order = make.placed(name="1")
    other = {**order, "time": make.at("03-02")}
    unknown = make.event("weather.changed", make.at("03-01"), {"sky": "blue"})
    negative = make.placed(make.at("03-01"), make.line(qty=-5), name="2", order_id="SO-2")
    path = events(order, order, other, unknown, negative)
    answer = tandem("import", path, "--json")
    assert answer.code == 1
    assert answer.err == ""
    reject = {
        "file": str(path),
        "line": 5,
        "field": "data.lines.0.qty",
        "reason": answer.json["rejects"][0]["reason"],
    }
    assert answer.json == {
        "read": 5,
        "accepted": 2,
        "duplicates": 1,
        "conflicts": 1,
        "rejected": 1,
        "rejects": [reject],
    }
    again = tandem("import", path, "--json").json
    assert (again["accepted"], again["duplicates"], again["conflicts"]) == (0, 3, 1)


def test_people_read_where_what_is_wrong(tandem: Tandem, events: Callable[..., Path]) -> None:
    path = events(*(make.placed(make.at("03-01"), make.line(qty=-5)) for _ in range(25)))
    answer = tandem("import", path)
    assert answer.out == "25 read: 0 accepted, 0 duplicates, 0 conflicts, 25 rejected.\n"
    told = answer.err.splitlines()
    assert told[0] == f"{path}:1: data.lines.0.qty: Must be more than 0"
    assert told[20].startswith("… and 5 more")
    assert len(told) == 22


def test_all_is_well_with_crlf_and_a_byte_order_mark(tandem: Tandem, tmp_path: Path) -> None:
    one, two = make.raw([make.placed(), make.confirmed()])
    (tmp_path / "dos.jsonl").write_bytes(b"\xef\xbb\xbf" + one + b"\r\n\r\n" + two + b"\r\n")
    assert tandem("import", "dos.jsonl", "--json").json == NOTHING | {"read": 2, "accepted": 2}


def test_lines_count_from_one_also_after_blank_ones(tandem: Tandem, tmp_path: Path) -> None:
    (tmp_path / "gaps.jsonl").write_bytes(b"\n  \n{}\n")
    assert tandem("import", "gaps.jsonl", "--json").json["rejects"][0]["line"] == 3


@pytest.mark.parametrize(
    "line",
    [
        b"\x00\xff\xfe\x80 junk",
        b"",
        b"\x00" * 100,
        b'{"specversion": ',
        b"[]",
        b"null",
        b'"text"',
        b"NaN",
        b'{"a": 1e999}',
        b'{"id": "\\ud800"}',
        b'{"id": "\xed\xa0\x80"}',
        b'{"a":' * 3000 + b"1" + b"}" * 3000,
        b'{"specversion":"1.0","data":"' + b"x" * 5_000_000 + b'"}',
        "{}".encode("utf-16"),
    ],
)
def test_what_is_no_event_never_stops_the_others(tandem: Tandem, tmp_path: Path, line: bytes) -> None:
    good = make.raw([make.placed()])[0]
    (tmp_path / "mixed.jsonl").write_bytes(line + b"\n" + good + b"\n")
    report = tandem("import", "mixed.jsonl", "--json").json
    assert report["accepted"] == 1
    assert report["rejected"] == len(report["rejects"]) == (1 if line else 0)
    assert report["read"] == 1 + report["rejected"]
    assert all(reject["reason"] for reject in report["rejects"])


def test_folders_hold_files_and_folders(tandem: Tandem, events: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "in" / "deep.jsonl").mkdir(parents=True)
    (tmp_path / "in" / "note.txt").write_text("no event")
    events(make.placed(), name="in/b.ndjson")
    events(make.confirmed(), name="in/deep.jsonl/a.json")
    assert tandem("import", "in", "--json").json == NOTHING | {"read": 2, "accepted": 2}


def test_a_folder_without_events(tandem: Tandem, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "note.txt").write_text("no event")
    answer = tandem("import", "in")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "in holds no .jsonl .ndjson .json file; name the files, or use --format\n"


def test_an_empty_file(tandem: Tandem, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    answer = tandem("import", "empty.jsonl", "--json")
    assert (answer.code, answer.json) == (0, NOTHING)


def test_a_compressed_file_is_seen_before_anything_is_recorded(
    tandem: Tandem, events: Callable[..., Path], tmp_path: Path
) -> None:
    good = events(make.placed(), name="a.jsonl")
    (tmp_path / "b.jsonl").write_bytes(gzip.compress(good.read_bytes()))
    answer = tandem("import", ".")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "b.jsonl is compressed; unpack it first, such as with gunzip\n"
    assert tandem("import", "a.jsonl", "--json").json["accepted"] == 1


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("several", [False, True])
def test_one_json_document_is_no_list_of_lines(
    tandem: Tandem, tmp_path: Path, *, several: bool, indent: int | None
) -> None:
    told = [make.placed(), make.confirmed()] if several else make.placed()
    (tmp_path / "b.json").write_text(json.dumps(told, indent=indent), encoding="utf-8")
    answer = tandem("import", "b.json")
    if not several and indent is None:
        assert answer.code == 0
    else:
        assert (answer.code, answer.out) == (2, "")
        assert "b.json is one JSON document; write one event on each line" in answer.err


def test_an_array_among_events_is_one_bad_line(tandem: Tandem, events: Callable[..., Path]) -> None:
    file = events(make.placed())
    file.write_bytes(b"[{}]\n" + file.read_bytes())
    answer = tandem("import", file, "--json")
    assert (answer.json["accepted"], answer.json["rejects"][0]["line"]) == (1, 1)


def test_a_name_that_is_no_utf8(tandem: Tandem, tmp_path: Path) -> None:
    (tmp_path / b"\xff.jsonl".decode(errors="surrogateescape")).write_bytes(b"{}\n")
    assert tandem("import", ".", "--json").json["rejects"][0]["file"] == "?.jsonl"


def test_a_reject_cannot_steer_the_terminal(tandem: Tandem, events: Callable[..., Path]) -> None:
    strange = make.placed(make.at("03-01"), make.line(qty="\x1b[2J"))
    assert "\x1b" not in tandem("import", events(strange)).err


def test_backfill_marks_history(tandem: Tandem, events: Callable[..., Path]) -> None:
    customer = make.registered(first_won_at=make.at("02-20"))
    tandem("import", events(customer, *make.win()), "--backfill", "--as-of", "2026-12-31T00:00:00Z")
    assert tandem("wins", "--json").json == [], "what nobody saw live is no win"
    assert tandem("orders", "show", "SO-1", "--json").json["status"] == "delivered"


def test_a_batch_at_a_time_is_the_same_as_all_at_once(tandem: Tandem, events: Callable[..., Path]) -> None:
    told = [make.registered(first_won_at=make.at("02-20")), *make.win()]
    for number, event in enumerate(reversed(told)):
        tandem("import", events(event, name=f"{number}.jsonl"), "--as-of", "2026-12-31T00:00:00Z")
    apart = tandem("wins", "--json", "--as-of", "2026-12-31T00:00:00Z").json
    other = {"TANDEM_DATABASE_URL": "sqlite:///other.db"}
    tandem("import", events(*told), "--as-of", "2026-12-31T00:00:00Z", **other)
    assert tandem("wins", "--json", "--as-of", "2026-12-31T00:00:00Z", **other).json == apart
    assert orjson.dumps(apart).count(b"win_id") == 1
