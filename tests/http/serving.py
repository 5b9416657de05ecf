"""`tandem serve` as a process of its own, so that a test may stop or kill it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import httpx

from tests.http.newsroom import BATCH, PATIENCE, PLAIN_HTTP, array

if TYPE_CHECKING:
    from tests.make import Json

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-W", "error", "-c", "from services.cli import main; main()"]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


class Served:
    """Listens on a port of its own; what it logs is in `log`."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self._log = folder / f"serve-{time.monotonic_ns()}.log"
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(
                [*COMMAND, "serve", "--port", "0"],
                cwd=folder,
                env=environment(**settings),
                stdout=output,
                stderr=output,
            )
        self.url = self._heard()

    @property
    def log(self) -> str:
        return self._log.read_text()

    def client(self, token: str) -> httpx.Client:
        return httpx.Client(
            base_url=self.url,
            timeout=PATIENCE,
            headers={"authorization": f"Bearer {token}", **BATCH},
            verify=PLAIN_HTTP,
        )

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """Ask it to end as a service manager does; return its exit code."""
        self._process.terminate()
        return self._process.wait(PATIENCE)

    def ask_to_stop(self) -> None:
        self._process.terminate()

    def wait(self) -> int:
        return self._process.wait(PATIENCE)

    def _heard(self) -> str:
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(r"listens on (http://\S+);", self.log)):
            assert self._process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.02)
        return found[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def post(client: httpx.Client, *events: Json) -> httpx.Response:
    return client.post("/v1/events", content=array(*events))
