"""Every wrong call and setting ends in exit code 2 and one line that says what to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared.store.engine import Store
from tests import make

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands.conftest import Answer, Tandem


def one_line(answer: Answer, code: int, *words: str) -> None:
    assert answer.code == code
    assert answer.out == ""
    assert answer.err.count("\n") == 1
    for word in words:
        assert word in answer.err


@pytest.mark.parametrize(
    ("call", "word"),
    [
        ("frobnicate", "No such command 'frobnicate'. See tandem --help."),
        ("wins --frob", "No such option"),
        ("wins --status told", "See tandem wins --help."),
        ("wins --month 2026-W03", "write a month such as 2026-10"),
        ("wins --month march", "write a month such as 2026-10"),
        ("wins --month 2026-13", "write a month as 2026-10"),
        ("wins --as-of yesterday", "RFC 3339"),
        ("wins --as-of 2026-01-05", "RFC 3339"),
        ("wins --as-of 2300-01-01T00:00:00Z", "1900 to 2199"),
        ("kpis", "Write either --month 2026-10 or --week 2026-W43"),
        ("kpis --month 2026-01 --week 2026-W01", "Write either"),
        ("kpis --month 2026-01 --of C-1", "say of what with --by"),
        ("kpis --month 2026-01 --restated --by site", "leave --by out"),
        ("kpis --month 2026-13", "'2026-13' is no period"),
        ("kpis --week 2026-W54", "'2026-W54' is no period"),
        ("kpis --week 2025-W53", "2025 has no week 53"),
        ("kpis --month 2026-W01", "write --week 2026-W01"),
        ("compose newsletter --week 2026-W01", "newsletter is not made of a week; write --month"),
        ("kpis --week 2026-01", "write --month 2026-01"),
        ("compose newsletter", "Write either"),
        ("compose gazette --month 2026-01", "There is no edition called gazette; write one of: leadership"),
        ("orders show", "Missing argument 'ORDER_ID'"),
        ("import", "Missing argument 'PATH...'"),
        ("import nowhere.jsonl", "nowhere.jsonl does not exist"),
        ("import . --format gazette", "'gazette' is no mapping"),
        ("import . --format gazette.toml", "gazette.toml"),
        ("import . --format northwind", "categories.csv"),
        ("demo --seed one", "valid integer"),
        ("detect", "TANDEM_KAFKA_URL is not set; write host:port"),
    ],
)
def test_a_wrong_call(tandem: Tandem, call: str, word: str) -> None:
    one_line(tandem(*call.split()), 2, word)


@pytest.mark.parametrize(
    ("variable", "value", "word"),
    [
        ("TANDEM_DATABASE_URL", "nonsense", "sqlite:///tandem.db"),
        ("TANDEM_DATABASE_URL", "", "sqlite:///tandem.db"),
        ("TANDEM_DATABASE_URL", "sqlite:////nowhere/at/all/x.db", "check its path and rights"),
        ("TANDEM_DATABASE_URL", "sqlite:///text.txt", "file is not a database"),
        ("TANDEM_DATABASE_URL", "sqlite:///.", "check its path and rights"),
        ("TANDEM_DATABASE_URL", "postgresql+nothing://localhost/x", "TANDEM_DATABASE_URL"),
        ("TANDEM_ZONE", "Mars/Olympus", "TANDEM_ZONE: write an IANA time zone such as Europe/Berlin"),
        ("TANDEM_ZONE", "", "TANDEM_ZONE"),
        ("TANDEM_LANGUAGE", "xx", "there is no language 'xx'; write one of: en, de"),
        ("TANDEM_TARGETS", "nonsense", "TANDEM_TARGETS"),
        ("TANDEM_TARGETS", '{"otifs": 95}', "'otifs' is no KPI"),
        ("TANDEM_TARGETS", '{"otif": "high"}', "TANDEM_TARGETS"),
        ("TANDEM_LATE_TOLERANCE_DAYS", "-1", "TANDEM_LATE_TOLERANCE_DAYS"),
        ("TANDEM_LATE_TOLERANCE_DAYS", "soon", "TANDEM_LATE_TOLERANCE_DAYS"),
        ("TANDEM_JOINT_FLOOR", "NaN", "TANDEM_JOINT_FLOOR"),
        ("TANDEM_BRAND_COLOUR", "red", "#RRGGBB"),
        ("TANDEM_PUBLIC_URL", "https://example.com/tandem", "pages need one of their own"),
        ("TANDEM_SENDER", "nobody", "'nobody' is no mail address"),
        ("TANDEM_RECIPIENT", "a@b\nBcc: c@d", "is no mail address"),
    ],
)
def test_a_wrong_setting(tandem: Tandem, tmp_path: Path, variable: str, value: str, word: str) -> None:
    (tmp_path / "text.txt").write_text("no database " * 100)
    one_line(tandem("wins", **{variable: value}), 2, word)


@pytest.mark.parametrize("url", ["a:b:c", "nonsense", "a:1,", ",a:1", "a:1;b:2"])
def test_a_wrong_kafka_address(tandem: Tandem, url: str) -> None:
    one_line(tandem("detect", TANDEM_KAFKA_URL=url), 2, "write host:port")


def test_no_password_is_shown(tandem: Tandem) -> None:
    answer = tandem("doctor", TANDEM_DATABASE_URL="postgresql+nothing://tandem:s3cret@localhost/x")
    assert answer.code == 1
    assert "FIX  Database" in answer.out
    assert "s3cret" not in answer.out + answer.err


@pytest.mark.parametrize(
    "call", ["orders show SO-404", "wins --explain nothing", "preview nothing", "release nothing"]
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_what_is_not_there(tandem: Tandem, call: str, form: list[str]) -> None:
    one_line(tandem(*call.split(), *form), 1, "No" if "orders" in call or "wins" in call else "no edition")


def test_no_command_shows_the_commands(tandem: Tandem) -> None:
    answer = tandem()
    assert answer.code == 2
    assert "doctor" in answer.out
    assert answer.err == "Name a command. See tandem --help.\n"


@pytest.mark.parametrize("command", [["preview", "newsletter-2026-04"], ["demo"]])
def test_an_out_that_is_a_file(tandem: Tandem, spring: str, tmp_path: Path, command: list[str]) -> None:
    assert spring
    assert tandem("compose", "newsletter", "--month", "2026-04").code == 0
    (tmp_path / "file").touch()
    one_line(tandem(*command, "--out", "file"), 2, "--out file", "name a folder")


def test_a_second_writer_is_told_who_writes(
    tandem: Tandem, events: Callable[..., Path], tmp_path: Path
) -> None:
    first = Store.open(f"sqlite:///{tmp_path / 'tandem.db'}")
    try:
        with first.writing():
            one_line(tandem("import", events(make.placed())), 1, "is being written by process", "wait")
            assert tandem("wins", "--json").json == [], "reading goes on"
    finally:
        first.close()
    assert tandem("import", events(make.placed())).code == 0
