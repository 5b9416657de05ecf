"""One writer at a time on an SQLite file, and its name for whoever comes second."""

from __future__ import annotations

import fcntl
import os
import sys
import threading
import time
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE_SECONDS = 30.0
_GLANCE_SECONDS = 0.01


class LockedError(Exception):
    """Another process writes to this database; the message says which."""


class BusyError(Exception):
    """Others have been writing for too long; nothing was written, and trying again is safe."""


class WriterLock:
    """A lock file beside the database; the operating system frees it when its holder dies."""

    def __init__(self, database: str | None) -> None:
        self._path = Path(f"{database}.lock")
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock once for the life of the store; raises LockedError."""
        if self._file is not None:
            return
        file = self._path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            file.close()
            raise LockedError(
                f"The database is being written by {holder}; wait for it to end, or stop it"
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()}: {' '.join(sys.argv)[:200]}\n")
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None


class Turn:
    """One write at a time, among the threads and the processes that write to an SQLite database.

    SQLite before 3.51.3 may damage a file in WAL mode that two connections write at one instant.
    """

    def __init__(self, database: Path | None, patience: float = _PATIENCE_SECONDS) -> None:
        self._path = database and database.with_name(f"{database.name}.turn")
        self._patience = patience
        self._thread = threading.Lock()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn and have it; raises BusyError."""
        deadline = time.monotonic() + self._patience
        if not self._thread.acquire(timeout=self._patience):
            raise self._busy()
        try:
            with self._path.open("a") if self._path else nullcontext() as file:
                while file and not _locked(file):
                    if time.monotonic() > deadline:
                        raise self._busy()
                    time.sleep(_GLANCE_SECONDS)
                yield
        finally:
            self._thread.release()

    def _busy(self) -> BusyError:
        return BusyError(f"Others have been writing to the database for {self._patience:.0f} s; try again")


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
