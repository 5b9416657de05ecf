"""A command imports what it needs: whoever calls it waits for that each time."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.commands.conftest import Tandem

ROOT = Path(__file__).parents[2]
FOR_A_FEW = {
    *("PIL", "aiokafka", "aiosmtplib", "alembic", "authlib", "fastapi", "faststream", "icalendar", "jinja2"),
    *("limits", "markdown_it", "mjml", "nh3", "openpyxl", "psycopg", "resvg_py", "rich", "scipy", "uvicorn"),
}
"""Libraries of other commands, of another database, of one kind of file, or of a database from before."""


def test_a_list_of_wins_waits_for_no_library_of_another_command(tandem: Tandem, tmp_path: Path) -> None:
    tandem("wins")
    code = "import sys; from services.commands.app import run; run(['wins']); print(*sys.modules, sep='\\n')"
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, check=True, capture_output=True, text=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.splitlines()}
    assert {"sqlalchemy", "pydantic"} <= loaded
    assert FOR_A_FEW & loaded == set()


def test_the_version(tandem: Tandem) -> None:
    answer = tandem("--version")
    assert (answer.code, answer.out, answer.err) == (0, f"tandem {metadata.version('tandem')}\n", "")
