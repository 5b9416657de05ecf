"""Writes the steps of many mails in one transaction; whoever waits for one goes on once it is durable."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from shared.store import ledger, sendings
from shared.store.ledger import Held, Result, Start

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from shared.store.engine import Store

LEASE = timedelta(minutes=15)
"""How long an attempt that has started is waited for: longer than a relay may take to answer."""
_PATIENCE = 0.02
"""Seconds that a result waits for a start to be written with."""


@dataclass
class _Page:
    """Steps that are written together."""

    starts: list[tuple[Start, asyncio.Future[bool]]] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    returns: list[Result] = field(default_factory=list)
    readers: list[asyncio.Future[bool]] = field(default_factory=list)
    """Who waits until it is written."""

    @property
    def empty(self) -> bool:
        """Whether nothing is to be written."""
        return not (self.starts or self.results or self.returns or self.readers)

    def mails(self, *, all_of_them: bool) -> set[str]:
        """Those that may wait again after this, or all, where others write at the same time."""
        back = {each.held.mail_id for each in (*self.results, *self.returns) if each.state in ledger.WAITING}
        if not all_of_them:
            return back
        starts = {start.held.mail_id for start, _ in self.starts}
        return starts | {each.held.mail_id for each in (*self.results, *self.returns)}


class Scribe:
    """Takes steps while it writes others; as many commits as the disk can do, however many connections."""

    def __init__(self, store: Store, clock: Callable[[], datetime], linger: float = 0.0) -> None:
        """With `linger`, in seconds, the starts of several connections are written together."""
        self._store = store
        self._clock = clock
        self._linger = linger
        self._page = _Page()
        self._called = asyncio.Event()
        self._closing = False
        self._soon: asyncio.TimerHandle | None = None
        self._broken: Exception | None = None
        self._task = asyncio.create_task(self._run())

    async def start(self, held: Held, digest: bytes) -> bool:
        """Write that a mail is about to be handed over; False where it may not be any more."""
        if self._broken is not None:
            raise self._broken
        told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._page.starts.append((Start(held, digest), told))
        self._called.set()
        return await told

    def finish(self, result: Result) -> None:
        """Have it written what became of a mail that had started."""
        self._page.results.append(result)
        self._call_soon()

    def put_back(self, result: Result) -> None:
        """Have it written that a mail was certainly not sent."""
        self._page.returns.append(result)
        self._call_soon()

    async def written(self) -> None:
        """Wait until all that was said so far is durable."""
        if self._broken is not None:
            raise self._broken
        told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._page.readers.append(told)
        self._called.set()
        await told

    def _call_soon(self) -> None:
        """Nobody waits for this; it is written with the next start, or alone where none comes."""
        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(_PATIENCE, self._called.set)

    async def close(self) -> None:
        """Write what is left; raises what went wrong while writing."""
        self._closing = True
        self._called.set()
        await self._task

    async def _run(self) -> None:
        while True:
            await self._called.wait()
            await asyncio.sleep(self._linger)
            self._called.clear()
            if self._soon is not None:
                self._soon.cancel()  # or it would have the next results written alone
                self._soon = None
            page, self._page = self._page, _Page()
            if not page.empty:
                try:
                    may = await asyncio.to_thread(self._commit, page)
                except Exception as error:
                    self._broken = error
                    for each in (page, self._page):
                        _tell(each, error)
                    raise
                _tell(page, may)
            if self._closing and self._page.empty:
                return

    def _commit(self, page: _Page) -> set[Held]:
        now = self._clock()
        with self._store.noting() as connection:
            given_up = sendings.hold(connection, page.mails(all_of_them=self._store.dialect == "postgresql"))
            ledger.finish(connection, page.results, now)
            ledger.put_back(connection, page.returns, now)
            for edition_id, why in given_up.items():  # what came back of them does not go, either
                ledger.give_up(connection, edition_id, why, now)
            return ledger.start(connection, [start for start, _ in page.starts], now, LEASE)


def _tell(page: _Page, said: set[Held] | Exception) -> None:
    waiting = [*page.starts, *((None, told) for told in page.readers)]
    for start, told in waiting:
        if told.done():
            continue
        if isinstance(said, Exception):
            told.set_exception(said)
        else:
            told.set_result(start is None or start.held in said)
