"""The mark outside the database that says how far sending had come: by it a restored backup is found out."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import orjson

from shared.mailing.post import MailError
from shared.store import generation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection

    from shared.store.engine import Store

_EVERY: Final = timedelta(seconds=5)
"""What leaves within so long after a backup was made is not told from it."""


@dataclass
class Marks:
    """`file` is None where a database in memory has nothing beside it."""

    store: Store
    file: Path | None
    clock: Callable[[], datetime]
    must_exist: bool = True
    """Whether a mark that is missing says something: not where each publisher has its own."""
    _last: datetime | None = field(default=None, init=False)

    def check(self) -> None:
        """Hold all mail where the database is older than what was sent from it; raises MailError."""
        with self.store.reading() as connection:
            why = generation.restored(connection) or self._older(connection)
        if not why:
            return
        with self.store.noting() as connection:
            # Another publisher may have moved on between the two: what counts is what holds while it waits.
            why = generation.restored(connection) or self._older(connection)
            if not why:
                return
            if not generation.restored(connection):
                generation.hold(connection, why, self.clock())
        raise MailError(f"{why}. All mail is paused: {generation.DECIDE}")

    def step(self, *, last: bool = False) -> None:
        """Count that mail is about to leave, or has left; seldom enough to cost nothing."""
        now = self.clock()
        if last or self._last is None or abs(now - self._last) >= _EVERY:
            self._last = now
            with self.store.noting() as connection:
                if not generation.number(connection):
                    self._write(0)  # before others can read that something left, and miss the file
                number = generation.advance(connection)
            self._write(number)

    def accept(self) -> None:
        """Take the database as it is: somebody has decided."""
        with self.store.noting() as connection:
            number = generation.advance(connection, self._read() or 0)
        self._write(number)

    def _older(self, connection: Connection) -> str:
        outside = self._read()  # first, for it follows the number
        number = generation.number(connection)
        if outside is not None and outside > number:
            return f"The database is older than what was sent from it, as {self.file} says"
        if outside is None and number and self.file is not None and self.must_exist:
            return f"The database was put here by a backup or from elsewhere: {self.file} is missing"
        if generation.moved(connection):
            return "The database lies elsewhere than when it was sent from last, as a restored one does"
        return ""

    def _read(self) -> int | None:
        """The number outside; None where there is none, or it is of another database."""
        try:
            told = orjson.loads(self.file.read_bytes()) if self.file else {}
            return int(told["number"]) if told.get("database") == self._name else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def _write(self, number: int) -> None:
        """Whole or not at all, and never backwards."""
        stands = self._read()
        if self.file is None or (stands is not None and stands >= number):
            return
        partial = self.file.with_name(f"{self.file.name}.{os.getpid()}.{id(self)}.part")
        try:
            with partial.open("wb") as file:
                file.write(orjson.dumps({"database": self._name, "number": number}))
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self.file)
        except OSError as error:
            raise MailError(
                f"{self.file} cannot be written: {error.strerror}; name another in TANDEM_MAIL_MARK"
            ) from None

    @property
    def _name(self) -> str:
        return sha256(b"mark|" + self.store.secret).hexdigest()[:16]
