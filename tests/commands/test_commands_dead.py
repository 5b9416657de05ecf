"""What could not be read waits, named, to be fixed and replayed."""

from __future__ import annotations

import io
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from shared.intake import INTAKE, Origin
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store.engine import Store
from tests import make

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commands.conftest import Tandem

    Bury = Callable[..., None]

Json = dict[str, Any]
NEGATIVE = make.placed(make.at("03-01"), make.line(qty=-5), name="e-1")
MENDED = make.placed(make.at("03-01"), make.line(qty=5), name="e-1")
NOTHING: Json = {
    "read": 0,
    "accepted": 0,
    "duplicates": 0,
    "conflicts": 0,
    "rejected": 0,
    "rejects": [],
}


def letter(raw: bytes, offset: int = 0) -> tuple[Origin, bytes]:
    return Origin(f"orders/0/{offset}@1767225600000", "orders", (), raw, b"C-1"), raw


@pytest.fixture
def bury(tmp_path: Path, empty: Path) -> Bury:
    """Record what cannot be read, as the detector does."""
    shutil.copy(empty, tmp_path)

    def call(*told: tuple[Origin, bytes], days_ago: float = 0) -> None:
        store = Store.open(f"sqlite:///{tmp_path / 'tandem.db'}")
        record(
            store,
            [raw for _, raw in told],
            as_of=datetime.now(UTC) - timedelta(days=days_ago),
            rules=DEFAULTS,
            origins=[origin for origin, _ in told],
        )
        store.close()

    return call


@pytest.fixture
def negative(bury: Bury) -> int:
    bury(letter(orjson.dumps(NEGATIVE)))
    return 1


def test_a_letter_says_where_it_came_from_and_what_is_wrong(tandem: Tandem, negative: int) -> None:
    [told] = tandem("dead", "list", "--json").json
    assert told == {
        "number": negative,
        "origin": "orders/0/0@1767225600000",
        "topic": "orders",
        "received_at": told["received_at"],
        "field": "data.lines.0.qty",
        "reason": "Must be more than 0",
        "state": "waiting",
        "settled_at": None,
        "note": None,
        "size": len(orjson.dumps(NEGATIVE)),
        "erased_at": None,
    }
    assert datetime.fromisoformat(told["received_at"]).tzinfo is not None
    shown = tandem("dead", "list").out
    assert "data.lines.0.qty: Must be more than 0" in shown
    assert "1 dead letters, 1 waiting." in shown


def test_the_same_origin_twice_is_one_letter(tandem: Tandem, bury: Bury) -> None:
    for _ in range(2):
        bury(letter(b"junk"), letter(b"junk"), letter(b"junk", 1))
    assert [told["number"] for told in tandem("dead", "list", "--json").json] == [1, 2]


def test_mended_from_show_to_replay(tandem: Tandem, negative: int, tmp_path: Path) -> None:
    assert negative
    shown = tandem("dead", "show", "1", "--out", "fixed.json").out
    assert "tandem dead replay 1 --file fixed.json" in shown
    event = orjson.loads((tmp_path / "fixed.json").read_bytes())
    assert event == NEGATIVE
    event["data"]["lines"][0]["qty"] = 5
    (tmp_path / "fixed.json").write_bytes(orjson.dumps(event, option=orjson.OPT_INDENT_2))

    answer = tandem("dead", "replay", "1", "--file", "fixed.json", "--json")
    assert (answer.code, answer.json) == (0, NOTHING | {"read": 1, "accepted": 1})
    [told] = tandem("dead", "list", "--json").json
    assert (told["state"], told["note"]) == ("replayed", "Recorded in a mended version")
    assert tandem("orders", "show", "SO-1", "--json").json["lines"][0]["ordered_qty"] == 5
    again = tandem("dead", "replay", "1", "--file", "fixed.json", "--json")
    assert (again.code, again.json) == (0, NOTHING | {"read": 1, "duplicates": 1})
    assert tandem("dead", "list", "--state", "waiting", "--json").json == []


def test_mended_from_stdin(tandem: Tandem, negative: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(orjson.dumps(MENDED))))
    answer = tandem("dead", "replay", str(negative), "--file", "-", "--json")
    assert answer.json == NOTHING | {"read": 1, "accepted": 1}


def test_what_still_cannot_be_read_goes_on_waiting_with_its_new_reason(
    tandem: Tandem, bury: Bury, tmp_path: Path
) -> None:
    bury(letter(orjson.dumps(NEGATIVE)), letter(b"junk", 1))
    answer = tandem("dead", "replay", "--all", "--json")
    assert answer.code == 1
    assert [(told["number"], told["field"]) for told in answer.json["rejects"]] == [
        (1, "data.lines.0.qty"),
        (2, ""),
    ]
    assert answer.json["rejected"] == answer.json["read"] == 2
    (tmp_path / "worse.json").write_bytes(b"{}")
    answer = tandem("dead", "replay", "2", "--file", "worse.json")
    assert (answer.code, answer.out) == (
        1,
        "1 replayed: 0 accepted, 0 duplicates, 0 conflicts, 1 still cannot be read.\n",
    )
    assert answer.err.startswith("2: specversion: ")
    told = tandem("dead", "show", "2", "--json").json
    assert (told["state"], told["field"], told["value"]) == ("waiting", "specversion", {"text": "junk"})


def test_replayed_as_it_came_once_it_can_be_read(tandem: Tandem, bury: Bury) -> None:
    """A limit was raised, as an update of Tandem may make another event readable."""
    big = orjson.dumps(MENDED | {"more": "x" * INTAKE.event_most_bytes})
    bury(letter(big))
    assert "TANDEM_EVENT_MOST_BYTES" in tandem("dead", "list").out
    higher = {"TANDEM_EVENT_MOST_BYTES": "2000000"}
    assert tandem("dead", "replay", "--all", "--json", **higher).json["accepted"] == 1
    assert tandem("dead", "replay", "--all", "--json", **higher).json == NOTHING
    again = tandem("dead", "replay", "1", "--json")
    assert (again.code, again.json) == (0, NOTHING | {"read": 1, "duplicates": 1})


def test_replaying_after_a_crash_before_it_was_noted(
    tandem: Tandem, bury: Bury, events: Callable[..., Path]
) -> None:
    big = MENDED | {"more": "x" * INTAKE.event_most_bytes}
    bury(letter(orjson.dumps(big)))
    higher = {"TANDEM_EVENT_MOST_BYTES": "2000000"}
    assert tandem("import", events(big), **higher).code == 0
    answer = tandem("dead", "replay", "--all", "--json", **higher)
    assert (answer.code, answer.json) == (0, NOTHING | {"read": 1, "duplicates": 1})
    [told] = tandem("dead", "list", "--json").json
    assert (told["state"], told["note"]) == ("replayed", "It was recorded already")


def test_a_record_in_binary_mode_is_put_together_anew(tandem: Tandem, bury: Bury) -> None:
    headers = tuple((f"ce_{name}", MENDED[name].encode()) for name in ("specversion", "id", "source", "type"))
    odd = (*headers, ("ce_time", b"\xff"), ("trace", None), ("trace", b"\x00\x1b[2J"))
    value = orjson.dumps(MENDED["data"])
    bury((Origin("orders/1/7@1", "orders", odd, value, b"\xfe"), b"what the detector made of it"))
    told = tandem("dead", "show", "1", "--json").json
    assert told["value"] == {"text": value.decode()}
    assert told["key"] == {"base64": "/g=="}
    assert told["headers"][-3:] == [
        {"name": "ce_time", "value": {"base64": "/w=="}},
        {"name": "trace", "value": None},
        {"name": "trace", "value": {"base64": "ABtbMko="}},
    ]
    assert tandem("dead", "replay", "1", "--json").json["rejects"][0]["field"] == "time"
    tandem("dead", "show", "1", "--out", "fixed.json")
    event = orjson.loads(Path("fixed.json").read_bytes()) | {"time": MENDED["time"]}
    assert event == MENDED
    Path("fixed.json").write_bytes(orjson.dumps(event))
    assert tandem("dead", "replay", "1", "--file", "fixed.json", "--json").json["accepted"] == 1


def test_a_known_name_with_other_content_is_a_conflict(
    tandem: Tandem, negative: int, events: Callable[..., Path], tmp_path: Path
) -> None:
    tandem("import", events(MENDED))
    (tmp_path / "other.json").write_bytes(orjson.dumps(MENDED | {"time": make.at("03-03")}))
    answer = tandem("dead", "replay", str(negative), "--file", "other.json")
    assert answer.code == 1
    assert "tandem conflicts" in answer.err
    told = tandem("dead", "show", str(negative), "--json").json
    assert (told["state"], "stands" in told["note"]) == ("replayed", True)


def test_discarded_for_a_reason_and_still_listed(tandem: Tandem, bury: Bury) -> None:
    bury(letter(b"junk"), letter(orjson.dumps(NEGATIVE), 1))
    assert tandem("dead", "discard", "2", "1", "--reason", "a test", "--json").json == {"discarded": [1, 2]}
    told = tandem("dead", "list", "--json").json
    assert {(one["state"], one["note"]) for one in told} == {("discarded", "a test")}
    assert tandem("dead", "replay", "--all", "--json").json == NOTHING
    assert tandem("dead", "discard", "1", "--reason", "again").code == 0
    assert tandem("dead", "list", "--json").json == told, "the first reason stands"
    assert tandem("dead", "replay", "2", "--json").code == 1
    assert tandem("dead", "list", "--json").json == told, "still discarded"


def test_bytes_are_erased_in_time_and_what_came_is_still_counted(tandem: Tandem, bury: Bury) -> None:
    bury(letter(b"junk"), letter(orjson.dumps(NEGATIVE), 1), days_ago=31)
    tandem("dead", "discard", "2", "--reason", "a test")
    bury(letter(b"other", 2))
    told = tandem("dead", "list", "--json").json
    assert [(one["number"], one["state"], one["size"]) for one in told] == [
        (1, "expired", None),
        (2, "discarded", None),
        (3, "waiting", 5),
    ]
    shown = tandem("dead", "show", "1", "--json").json
    assert (shown["value"], shown["headers"], shown["key"]) == (None, None, None)
    assert "send the event again" in shown["next"]
    answer = tandem("dead", "replay", "1")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("The bytes of dead letter 1 were erased on ")
    assert tandem("dead", "show", "1", "--out", "x").code == 1
    assert "3 dead letters, 1 discarded, 1 expired, 1 waiting." in tandem("dead", "list").out


def test_the_time_until_then_is_a_setting(tandem: Tandem, bury: Bury) -> None:
    bury(letter(b"junk"), days_ago=31)
    assert tandem("dead", "replay", "--all", TANDEM_DEAD_LETTER_DAYS="40").code == 1
    assert tandem("dead", "list", "--json").json[0]["state"] == "waiting"


def test_bytes_cannot_steer_the_terminal(tandem: Tandem, bury: Bury) -> None:
    evil = b'\x1b[2J\x1b]0;owned\x07\xc2\x9b2J\xff\xe2\x80\xae\r\nDead letter 9, replayed\n"\\x1b"'
    headers = (("ce_\x1b[2J", evil), ("b", None))
    bury((Origin("orders/0/\x1b[2J\u202e0", "orders", headers, evil, evil), evil))
    for command in ("list", "show 1", "show 1 --json", "replay 1"):
        answer = tandem("dead", *command.split())
        for each in answer.out + answer.err:
            assert each.isprintable() or each == "\n", (command, each)
    shown = tandem("dead", "show", "1").out.splitlines()
    assert "  | Dead letter 9, replayed" in shown
    assert "Dead letter 9, replayed" not in shown
    assert r"\x1b[2J" in "".join(shown)


def test_an_event_sent_right_since_is_noticed(
    tandem: Tandem, bury: Bury, events: Callable[..., Path]
) -> None:
    bury(letter(orjson.dumps(NEGATIVE)), letter(b"junk", 1), letter(rb'{"source":"\u0000","id":"x"}', 2))

    def since() -> list[Any]:
        return [tandem("dead", "show", str(n), "--json").json["recorded_since"] for n in (1, 2, 3)]

    assert since() == [False, None, None]
    tandem("import", events(MENDED))
    assert since() == [True, None, None]
    assert "is recorded since" in tandem("dead", "show", "1").out


@pytest.mark.parametrize("value", [None, b""])
def test_nothing_and_null_are_told_apart(tandem: Tandem, bury: Bury, value: bytes | None) -> None:
    bury((Origin("orders/0/0@1", "orders", (), value), value or b""))
    told = tandem("dead", "show", "1", "--json").json
    assert told["value"] == (None if value is None else {"text": ""})
    assert told["size"] == 0
    assert ("null" in tandem("dead", "show", "1").out) == (value is None)
    assert tandem("dead", "replay", "1").code == 1


def test_a_long_letter_is_shown_in_part(tandem: Tandem, bury: Bury, tmp_path: Path) -> None:
    bury(letter(b"x" * 3_000_000))
    shown = tandem("dead", "show", "1").out
    assert len(shown) < 10_000
    assert "2,996,000 bytes more; --out FILE writes them all" in shown
    tandem("dead", "show", "1", "--out", "long.bin")
    assert (tmp_path / "long.bin").stat().st_size == 3_000_000


def test_many_letters_at_once(tandem: Tandem, bury: Bury) -> None:
    good = [orjson.dumps(make.placed(order_id=f"SO-{n}") | {"more": "x" * 2000}) for n in range(250)]
    bury(*(letter(raw, n) for n, raw in enumerate(good)))
    assert tandem("dead", "list", "--json").json == [], "they can be read"
    small = {"TANDEM_EVENT_MOST_BYTES": "1000"}
    bury(*(letter(raw[:-1], n + 1000) for n, raw in enumerate(good)))
    assert tandem("dead", "replay", "--all", "--json", **small).json["rejected"] == 250
    told = tandem("dead", "list")
    assert "… and 200 more; --json lists them all" in told.err
    assert "TANDEM_EVENT_MOST_BYTES" in told.out


@pytest.mark.parametrize(
    ("call", "code", "word"),
    [
        ("dead show 7", 1, "There is no dead letter 7; tandem dead list shows their numbers"),
        ("dead replay 7", 1, "There is no dead letter 7"),
        ("dead replay 1 7", 1, "There is no dead letter 7"),
        ("dead discard 7 --reason x", 1, "There is no dead letter 7"),
        ("dead replay", 2, "Write the numbers of dead letters, or --all"),
        ("dead replay 1 --all", 2, "Write the numbers of dead letters, or --all"),
        ("dead replay 1 2 --file x", 2, "--file mends one dead letter"),
        ("dead replay --all --file x", 2, "--file mends one dead letter"),
        ("dead replay 1 --file nowhere", 2, "--file nowhere: No such file or directory"),
        ("dead show 1 --out .", 2, "--out .: Is a directory"),
        ("dead discard 1", 2, "--reason"),
        ("dead discard --reason x", 2, "NUMBER..."),
        ("dead list --state lost", 2, "See tandem dead list --help."),
        ("dead show one", 2, "See tandem dead show --help."),
        ("dead show 0", 2, "See tandem dead show --help."),
        (f"dead show {10**30}", 2, "See tandem dead show --help."),
    ],
)
def test_a_wrong_call_is_told_in_one_line(
    tandem: Tandem, negative: int, call: str, code: int, word: str
) -> None:
    assert negative
    answer = tandem(*call.split())
    assert (answer.code, answer.out) == (code, "")
    assert word in answer.err
    assert answer.err.count("\n") == 1


def test_an_empty_reason(tandem: Tandem, negative: int) -> None:
    answer = tandem("dead", "discard", str(negative), "--reason", "  ")
    assert (answer.code, answer.err) == (2, "--reason is empty; say why nobody will miss what is discarded\n")


def test_the_doctor_counts_what_waits(tandem: Tandem, negative: int) -> None:
    def checked() -> Json:
        checks = tandem("doctor", "--json").json
        return next(check for check in checks if check["check"] == "Dead letters")

    assert checked()["ok"] is False
    tandem("dead", "discard", str(negative), "--reason", "a test")
    assert checked()["ok"] is True
