"""A detector in a process of its own, so that a test may stop or kill it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.kafka.broker import IDEMPOTENCE
from tests.kafka.client import Sent, unread

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

ROOT = Path(__file__).parents[2]
PATIENCE = 60

_LEFT_OPEN = "ignore:Unclosed AIOKafkaConnection:ResourceWarning"
"""aiokafka leaves some connections to killed brokers to the garbage collector, which closes them."""


class DetectorProcess:
    """Reads for `group` into a database, an SQLite file or a URL; its `log` lies beside the file.

    Further settings are TANDEM_… in its environment.
    """

    def __init__(
        self,
        url: str,
        group: str,
        database: Path | str,
        *,
        waits: tuple[float, ...] = (),
        logs: Path | None = None,
        **settings: object,
    ) -> None:
        self._url, self._group = url, group
        folder = logs or Path(database).parent
        self._log = folder / f"{group}-{time.monotonic_ns()}.log"
        command = [sys.executable, "-W", "error", "-W", _LEFT_OPEN, "-m", "tests.kafka.detector"]
        command += map(str, waits)
        settings = {
            "kafka_url": url,
            "kafka_group": group,
            "database_url": f"sqlite:///{database}" if isinstance(database, Path) else database,
            "kafka_publish": False,
            "kafka_idempotence": IDEMPOTENCE,
            **settings,
        }
        told = {f"TANDEM_{name.upper()}": str(value) for name, value in settings.items()}
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(
                command, stdout=output, stderr=output, cwd=ROOT, env={**os.environ, **told}
            )

    @property
    def id(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        return self._log.read_text()

    def unread(self, published: list[Sent]) -> int:
        return unread(self._url, self._group, published)

    def wait_until_read(self, published: list[Sent]) -> None:
        """Wait until the group has committed all these in Kafka."""
        self.wait_for(lambda: self.unread(published) == 0)

    def wait_for(self, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not happened():
            assert self._process.poll() is None, f"the detector ended:\n{self.log}"
            assert time.monotonic() < deadline, f"it did not happen:\n{self.log}"
            time.sleep(0.1)

    def wait_for_end(self) -> int:
        """Return the exit code, negative for a signal."""
        return self._process.wait(PATIENCE)

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def kill(self, number: int = signal.SIGKILL) -> None:
        self._process.send_signal(number)

    def stop(self) -> int:
        """Ask it to end as a service manager does."""
        self._process.terminate()
        return self.wait_for_end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
