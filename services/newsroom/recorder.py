"""Posts into the database: those that wait while others are being recorded share the next transaction."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from shared.isolating import record_apart
from shared.store import letters
from shared.store.engine import StoreError
from shared.store.lock import BusyError, LockedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.intake import Intake, Origin
    from shared.recording import Report
    from shared.rules import Rules
    from shared.store.engine import Store

AWAY = (DBAPIError, NoConnectionError, StoreError, LockedError, BusyError)
"""What a database raises that does not take anything now."""
_MOST = 10_000
"""Events of several posts in one transaction; a larger post has one of its own."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one event: `accepted`, `duplicate`, `conflict`, or `rejected` with field and reason."""

    outcome: str
    field: str | None = None
    reason: str | None = None


_CONFLICT = Fate(
    "conflict",
    None,
    "Other content is recorded under this source and id and stands; send a correction, under a new id",
)


@dataclass(slots=True)
class _Post:
    """Events sent together, and what became of them."""

    raws: Sequence[bytes]
    origins: Sequence[Origin]
    fates: list[Fate] = field(default_factory=list)
    error: Exception | None = None
    done: bool = False


class Recorder:
    """Records the posts of many threads with few commits."""

    def __init__(self, store: Store, rules: Rules, intake: Intake) -> None:
        self._store = store
        self._rules = rules
        self._intake = intake
        self._waiting: deque[_Post] = deque()
        self._turn = threading.Lock()

    def record(self, raws: Sequence[bytes], origins: Sequence[Origin]) -> list[Fate]:
        """Record events; when this returns, they are committed. Raises what the database raises."""
        post = _Post(raws, origins)
        self._waiting.append(post)
        with self._turn:
            while not post.done:  # somebody else may have recorded it along with theirs
                self._record(self._next())
        if post.error is not None:
            raise post.error
        return post.fates

    def keep_unreadable(self, body: bytes, origin: Origin, reason: str) -> None:
        """Keep a body in which no event can be told from another."""
        with self._store.noting() as connection:
            letters.bury(connection, [letters.Unread(origin, body, "", reason)], datetime.now(UTC))

    def _next(self) -> list[_Post]:
        """Take posts that wait, in the order in which they came."""
        group: list[_Post] = []
        size = 0
        while self._waiting and (not group or size + len(self._waiting[0].raws) <= _MOST):
            group.append(self._waiting.popleft())
            size += len(group[-1].raws)
        return group

    def _record(self, group: Sequence[_Post]) -> None:
        try:
            report = record_apart(
                self._store,
                [raw for post in group for raw in post.raws],
                as_of=datetime.now(UTC),
                rules=self._rules,
                origins=[origin for post in group for origin in post.origins],
                intake=self._intake,
            )
        except Exception as error:  # noqa: BLE001 - raised again for each who posted
            self._fail(group, error)
        else:
            fates = iter(_fates(report, sum(len(post.raws) for post in group)))
            for post in group:
                post.fates = list(islice(fates, len(post.raws)))
                post.done = True

    def _fail(self, group: Sequence[_Post], error: Exception) -> None:
        """What is wrong with one post shall not hit the others; what is wrong with the database does."""
        if len(group) > 1 and not isinstance(error, AWAY):
            for post in group:
                self._record([post])
            return
        for post in group:
            post.error, post.done = error, True


def _fates(report: Report, count: int) -> list[Fate]:
    fates = [Fate("accepted")] * count
    for index, same in report.known.items():
        fates[index] = Fate("duplicate") if same else _CONFLICT
    for reject in report.rejects:
        fates[reject.index] = Fate("rejected", reject.field, reject.reason)
    return fates
