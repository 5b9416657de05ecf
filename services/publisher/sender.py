"""Sends the mails that are due: claims them, hands each over once, and writes every step before the next."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import Counter, deque
from datetime import timedelta
from typing import TYPE_CHECKING

from services.publisher.due import dues
from services.publisher.line import Line
from services.publisher.pace import Ahead, Pace
from services.publisher.scribe import Scribe
from shared.mailing.freezing import Content, frozen_bytes
from shared.mailing.links import bounce_token
from shared.store import contents, ledger, sendings
from shared.store.ledger import Result

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from services.publisher.due import Due
    from services.publisher.transport import Transport
    from shared.mailing.post import Post
    from shared.store.engine import Store

_CLAIM = timedelta(minutes=2)
_ENOUGH = 20
"""Mails after which a share of failures says something."""
_TRIES = 3
"""Times in a row that a relay may be away before the run ends."""
_KEPT = 16
_LINGER = 0.002
"""Seconds in which the starts of other connections come, too, and need no commit of their own."""
_AHEAD = 4
"""Mails that a connection begins ahead, at most."""
_BEGUN = 10
"""Mails begun at a time over few connections: after a kill no more are doubtful than with ten."""

log = logging.getLogger("tandem.publisher")


class Sender:
    """One run: sends what is due now, over so many connections, and ends."""

    def __init__(
        self,
        store: Store,
        post: Post,
        open_transport: Callable[[], Transport],
        clock: Callable[[], datetime],
        *,
        connections: int = 1,
        per_minute: int | None = None,
        mark: Callable[..., None] = lambda **_: None,
    ) -> None:
        self._store, self.post, self.clock = store, post, clock
        self._open = open_transport
        self._mark = mark
        self._connections = connections
        self._pace = Pace(per_minute)
        self._contents: dict[bytes, Content] = {}
        self._fates: dict[str, Counter[str]] = {}
        self._away = 0
        self._halted: set[str] = set()
        self._waiting: deque[Due] = deque()
        self._claiming = asyncio.Lock()
        self._ahead = Ahead(connections)
        self._begun_ahead = 0 if per_minute else max(0, min(_AHEAD, _BEGUN // connections - 1))
        self._only: str | None = None
        self.ended: str | None = None
        """Why the run ended early."""

    def stop(self) -> None:
        """Finish the mails at hand, and take no more."""
        self.ended = self.ended or "it was told to stop"

    async def run(self, edition_id: str | None = None) -> None:
        """Send what is due of one edition, or of all."""
        self._only = edition_id
        scribe = Scribe(self._store, self.clock, _LINGER if self._connections > 1 else 0.0)
        try:
            workers = (self._work(scribe) for _ in range(self._connections))
            results = await asyncio.gather(*workers, return_exceptions=True)
            for due in self._waiting:
                scribe.put_back(Result(due.held, "queued", ""))
        finally:
            await scribe.close()
        for result in results:
            if isinstance(result, BaseException):
                raise result
        await asyncio.to_thread(self._close)

    async def _work(self, scribe: Scribe) -> None:
        """Send over one connection."""
        try:
            await Line(self, scribe, self._open(), self._begun_ahead).work()
        except BaseException as error:
            self.ended = self.ended or f"{type(error).__name__}: {error}"
            raise

    async def next_due(self) -> Due | None:
        """Take the next mail; None where nothing is due or the run ends."""
        async with self._claiming:
            if not self._waiting and self.ended is None:
                most = self._ahead.most(asyncio.get_running_loop().time())
                self._waiting.extend(await asyncio.to_thread(self._claim, most))
                if self._waiting:
                    await asyncio.to_thread(self._mark)
            return self._waiting.popleft() if self._waiting and self.ended is None else None

    def _claim(self, most: int) -> list[Due]:
        """Take the next mails, those of the newest edition first: an old long one does not hold up others."""
        now = self.clock()
        with self._store.noting() as connection:
            if doubtful := ledger.expire(connection, now):
                log.warning("%d mails are doubtful: their sender ended in the middle", doubtful)
            for sending in sendings.listed(connection, "sending"):
                if self._only not in (None, sending.edition_id):
                    continue
                if now > sending.good_until:
                    sendings.move(connection, sending.edition_id, "paused", "it is late: decide", "sending")
                    log.warning("%s is late; tandem mail resume sends it all the same", sending.edition_id)
                    continue
                rows = ledger.claim(connection, sending.edition_id, now, _CLAIM, most)
                if rows:
                    self._halted.discard(sending.edition_id)
                    return list(dues(sending, rows))
        return []

    def goes(self, due: Due) -> bool:
        """Whether nothing has come between, as far as this run knows."""
        return self.ended is None and due.mail.edition_id not in self._halted

    def return_path(self, due: Due) -> str:
        """Where a mail goes back to."""
        return due.headers.returns_to(bounce_token(self._store.secret, due.mail.mail_id))

    async def wait(self) -> None:
        """Until the relay may get another mail."""
        await asyncio.sleep(self._pace.wait(asyncio.get_running_loop().time()))

    def is_away(self, reason: str) -> None:
        """The relay could not be reached, or sent us away; after some times the run ends."""
        self._away += 1
        if self._away >= _TRIES:
            self.ended = self.ended or reason

    async def count(self, due: Due, state: str) -> None:
        """What became of a mail; an edition of which too many fail is stopped."""
        if state == "sent":
            self._away = 0
        fates = self._fates.setdefault(due.mail.edition_id, Counter())
        fates[state] += 1
        done = fates["sent"] + fates["failed"]
        if done >= _ENOUGH and 100 * fates["failed"] > self.post.stop_percent * done:
            await self.halt(due, f"{fates['failed']} of {done} mails were refused")

    async def halt(self, due: Due, reason: str) -> None:
        """Stop the edition of a mail, for a reason that someone must look at."""

        def stop() -> bool:
            with self._store.noting() as connection:
                return sendings.move(connection, due.mail.edition_id, "stopped", reason, "sending")

        self._halted.add(due.mail.edition_id)
        if await asyncio.to_thread(stop):
            log.error("%s is stopped: %s", due.mail.edition_id, reason)

    async def message(self, due: Due) -> bytes | None:
        """The mail's exact bytes; None, and its edition stopped, where they are not those frozen."""
        if due.mail.edition_id in self._halted:
            return None
        try:
            content = self._contents.get(due.mail.content)
            if content is None:
                content = await asyncio.to_thread(self._content, due.mail.content)
            message = frozen_bytes(due.mail, content, self._store.secret, due.headers)
        except ValueError as error:
            await self.halt(due, str(error))
            return None
        if due.mail.digest is not None and due.mail.digest != hashlib.sha256(message).digest():
            await self.halt(due, f"the bytes of mail {due.mail.mail_id} are not those of its last attempt")
            return None
        return message

    def _content(self, digest: bytes) -> Content:
        with self._store.reading() as connection:
            row = contents.find(connection, digest)
        if row is None:
            raise ValueError("the frozen content is gone; restore the database")
        while len(self._contents) >= _KEPT:
            self._contents.pop(next(iter(self._contents)), None)
        self._contents[digest] = Content(digest, row.subject, bytes(row.body))
        return self._contents[digest]

    def _close(self) -> None:
        if self._fates:
            self._mark(last=True)
        with self._store.noting() as connection:
            sendings.complete(connection, self.clock())
