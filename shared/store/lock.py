"""One writer at a time on an SQLite file, and its name for whoever comes second."""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path
from typing import IO


class LockedError(Exception):
    """Another process writes to this database; the message says which."""


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
