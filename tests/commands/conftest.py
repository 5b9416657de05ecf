from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from services.commands.app import run
from tests import make

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Tandem = Callable[..., "Answer"]


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.out.count("\n") == 1, "one document and nothing else"
        return orjson.loads(self.out)


@pytest.fixture
def folder(empty: Path, tmp_path: Path) -> Path:
    """Where commands run: with a database, which takes longer to make than most of them take."""
    shutil.copy(empty, tmp_path / "tandem.db")
    return tmp_path


@pytest.fixture
def tandem(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tandem:
    """Run a command in a folder and a database of its own; keywords are environment variables."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TANDEM_CHROMIUM", str(folder / "no-chromium"))

    def call(*arguments: str | Path, **environment: str) -> Answer:
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            code = run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Answer(code, said.out, said.err)

    return call


@pytest.fixture
def events(tmp_path: Path) -> Callable[..., Path]:
    """Write events to a file, one a line."""

    def write(*told: dict[str, Any], name: str = "events.jsonl") -> Path:
        path = tmp_path / name
        path.write_bytes(b"\n".join(make.raw(list(told))) + b"\n")
        return path

    return write


@pytest.fixture
def spring(tandem: Tandem, events: Callable[..., Path]) -> str:
    """A customer's first order, a roadblock beaten by both sides; the id of its win."""
    customer = make.registered(first_won_at=make.at("02-20"))
    assert tandem("import", events(customer, *make.win()), "--as-of", "2026-12-31T00:00:00Z").code == 0
    return "new_customer_first_order:SO-1"
