"""docs/http.md does what it shows: its commands run as they stand, against a server, and answer so."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from services.commands.app import run
from tests.http.newsroom import running
from tests.test_docs import blocks, rows

if TYPE_CHECKING:
    from tests.http.newsroom import Newsroom

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_the_commands_answer_as_shown(
    database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(database.parent)
    with running(database) as newsroom:
        for block in blocks(PAGE, "sh"):
            if block.startswith("tandem "):
                run_commands(block, capsys)
            else:
                sys.stdout.write(in_a_shell(block.replace("http://localhost:8080", newsroom.url)))
        assert len(newsroom.ids) == 2, "an order and a draft"
        assert "SO-1-placed" in newsroom.ids
        assert [letter["field"] for letter in newsroom.letters] == ["time"]
    said = capsys.readouterr().out
    for shown in blocks(PAGE, ""):
        assert shown.strip() in said
    assert '"duplicates":1' in said, "the batch in gzip is the same event again"
    assert "shop: valid, events:write as /shop, /returns, never used, expires 2030-01-01 00:00" in said


def run_commands(block: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Commands of Tandem, in this process, which is much faster; the server runs already."""
    for line in block.splitlines():
        command, _, file = line.removeprefix("tandem ").partition(" > ")
        if command == "serve":
            continue
        before = capsys.readouterr().out
        assert run(shlex.split(command)) == 0
        said = capsys.readouterr().out
        if file:
            Path(file).write_text(said)
        sys.stdout.write(before + said)


def in_a_shell(script: str) -> str:
    return subprocess.run(
        ["bash", "-euc", script], capture_output=True, text=True, check=True, timeout=60
    ).stdout


def test_every_status_is_told(newsroom: Newsroom) -> None:
    paths = newsroom.client.get("/openapi.json").json()["paths"]
    table = PAGE[PAGE.index("| status | means") :].partition("\n\n")[0]
    told = {int(code) for row in table.splitlines() for code in re.findall(r"\b\d{3}\b", row.split("|")[1])}
    assert told == {int(code) for code in paths["/v1/events"]["post"]["responses"]}
    assert all(HTTPStatus(code) for code in told)


def test_every_outcome_is_told(newsroom: Newsroom) -> None:
    report = newsroom.client.get("/openapi.json").json()["components"]["schemas"]["EventReport"]
    outcomes = {row[0].strip("`") for row in rows(PAGE, "## What the answer says")}
    assert outcomes - {"outcome"} == set(report["properties"]["outcome"]["enum"])
