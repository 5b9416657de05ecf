"""The backup of an SQLite file, as docs/operating.md has it, taken while Tandem writes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from shared.store.engine import Store

if TYPE_CHECKING:
    from tests.commands.conftest import Tandem

OPERATING = Path(__file__).parents[2] / "docs" / "operating.md"
LATER = ("--as-of", "2026-12-31T00:00:00Z")


def test_a_backup_holds_all_that_was_committed(tandem: Tandem, spring: str, tmp_path: Path) -> None:
    (command,) = re.findall(r"^python (-c .*)$", OPERATING.read_text(), re.MULTILINE)
    writer = Store.open(f"sqlite:///{tmp_path}/tandem.db")
    with writer.writing():
        subprocess.run(f"{sys.executable} {command}", shell=True, check=True, cwd=tmp_path)
    writer.close()
    restored = {"TANDEM_DATABASE_URL": "sqlite:///backup.db"}
    assert [win["win_id"] for win in tandem("wins", "--json", *LATER, **restored).json] == [spring]
    replayed = tandem("replay", "--json", *LATER, **restored).json
    assert (replayed["events"], replayed["removed"], replayed["written"]) == (6, 0, 0)
