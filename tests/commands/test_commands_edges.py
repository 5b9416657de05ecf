"""What nobody should write, and somebody will: one line that says what to do, and nothing is done."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from services.commands import importing
from services.commands.app import run
from tests import make

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commands.conftest import Tandem

LONG = "x" * 5000
LIST = "person_id,email,name,department\np-1,ana@example.com,Ana,sales\n"


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (["import", ""], "it is empty; name a file or folder"),
        (["demo", "--out", ""], "it is empty; name a file or folder"),
        (["gallery", "--out", ""], "it is empty; name a file or folder"),
        (["preview", "newsletter-2026-04", "--out", ""], "it is empty; name a file or folder"),
        (["tune", "--out", ""], "it is empty; name a file or folder"),
        (["import", LONG], "File name too long; check the path"),
        (["mapping", "check", "northwind", LONG], "File name too long; check the path"),
        (["mapping", "guess", f"{LONG}.csv"], "File name too long; check the path"),
        (["import", ".", "--zone", "Europe/Berlin"], "--zone is for mappings"),
        (["token", "create", "erp", "--scope", "all"], "'all' is no scope; write one of events:write"),
        (["token", "create", "erp", "--expires", "1999-01-01"], "expired already; write a later day"),
        (["doctor", "--to", "a@example.com"], "write tandem doctor mail"),
        (["doctor", "--selector", "mail"], "write tandem doctor mail"),
        (["schedule", "set", "x", "--edition", "gazette", "--workday", "3"], "there is no edition 'gazette'"),
        (["schedule", "set", "x", "--edition", "newsletter", "--weekday", "monday"], "is not made of a week"),
        (["schedule", "set", "A B", "--edition", "newsletter", "--workday", "3"], "name it by at most 40"),
        (["import", "tandem.db", "--format", "odoo", "--zone", "UTC"], "it reads *(sale.order)*.*, *(stock"),
        (["orders", "show", "\udcff"], "'\\udcff' is neither UTF-8 nor a file that exists"),
        (["wins", "--explain", "\udcff", "--json"], "is neither UTF-8"),
        (["people", "erase", "\udcff"], "is neither UTF-8"),
        (["import", "\udcff"], "is neither UTF-8"),
    ],
)
def test_a_wrong_call(tandem: Tandem, call: list[str], word: str) -> None:
    answer = tandem(*call)
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert word in answer.err
    assert len(answer.err) < 300


@pytest.mark.parametrize(
    "wish", ["--naming=loud", "--language=xx", "--edition=gazette=never", "--edition=newsletter=hourly"]
)
def test_a_word_that_cannot_be_chosen_is_a_wrong_call(tandem: Tandem, wish: str) -> None:
    Path("people.csv").write_text(LIST, encoding="utf-8")
    assert tandem("people", "import", "people.csv").code == 0
    answer = tandem("people", "prefer", "p-1", wish)
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert "write one of" in answer.err
    assert tandem("people", "prefer", "nobody", "--naming", "team").code == 1, "nobody is asked about"


@pytest.mark.parametrize(
    ("call", "word"),
    [
        ("mail list newsletter-1999-01", "was not released to anybody"),
        ("schedule confirm gazette", "There is no schedule called gazette"),
    ],
)
def test_what_is_not_there(tandem: Tandem, call: str, word: str) -> None:
    answer = tandem(*call.split())
    assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert word in answer.err


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///?x=1"])
def test_a_database_that_would_be_gone_with_the_command(tandem: Tandem, url: str) -> None:
    answer = tandem("wins", TANDEM_DATABASE_URL=url)
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert "TANDEM_DATABASE_URL: what names no file is gone with the command" in answer.err


def test_a_file_whose_name_is_no_text_is_read(tandem: Tandem, events: Callable[..., Path]) -> None:
    assert tandem("import", events(make.placed(), name="\udcff.jsonl"), "--json").json["accepted"] == 1


@pytest.mark.usefixtures("folder")
def test_streams_that_the_caller_closed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    for closed, call, code in (
        ("stdout", ["wins"], 0),
        ("stdout", ["wins", "--json"], 0),
        ("stderr", ["wins", "--month", "x"], 2),
        ("stdin", ["dead", "replay", "1", "--file", "-"], 1),
    ):
        monkeypatch.setattr(sys, closed, None)
        assert run(call) == code
        opened = getattr(sys, closed)
        monkeypatch.undo()
        monkeypatch.chdir(folder)
        opened.close()
    assert "Tandem failed" not in capsys.readouterr().err


def test_a_line_without_an_end_does_not_fill_the_memory(
    tandem: Tandem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_LONGEST", 2000)
    good = make.raw([make.placed()])[0]
    (tmp_path / "long.jsonl").write_bytes(
        b"\n".join([b"x" * 9000, good, b"", b"y" * 2000, b"z" * 1999, good])
    )
    answer = tandem("import", "long.jsonl", "--json", TANDEM_EVENT_MOST_BYTES="1999").json
    assert [(one["line"], one["reason"][:24]) for one in answer["rejects"]] == [
        (1, "The event has 2000 bytes"),
        (4, "The event has 2000 bytes"),
        (5, "Not JSON: unexpected cha"),
    ]
    assert (answer["read"], answer["accepted"], answer["duplicates"]) == (5, 1, 1)


def test_the_doctor_names_a_setting_that_nobody_reads(tandem: Tandem) -> None:
    answer = tandem("doctor", "--json", TANDEM_ZON="Europe/Berlin", TANDEM_TEST_SLOW="1")
    [check] = [each for each in answer.json if each["check"] == "Settings"]
    told = "TANDEM_ZON is no setting, perhaps TANDEM_ZONE; docs/settings.md lists them"
    assert (answer.code, check["ok"], check["says"]) == (1, False, told)
    assert tandem("doctor", TANDEM_ZONE="Europe/Berlin").code == 0
