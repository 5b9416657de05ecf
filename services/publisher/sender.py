"""Sends the mails that are due: claims them, hands each over once, and writes every step before the next."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import Counter, deque
from datetime import timedelta
from typing import TYPE_CHECKING

from services.publisher.due import dues
from services.publisher.pace import Ahead, Pace
from services.publisher.scribe import Scribe
from services.publisher.transport import Lost, Refused, Unreachable
from shared.failpoints import reach
from shared.mailing.freezing import Content, frozen_bytes
from shared.mailing.links import bounce_token
from shared.mailing.retrying import next_try
from shared.store import ledger
from shared.store.ledger import Result

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from services.publisher.due import Due
    from services.publisher.transport import Reply, Transport
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
_CLOSING = 421

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
        self._store, self._post, self._clock = store, post, clock
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
        self.ended: str | None = None
        """Why the run ended early."""

    def stop(self) -> None:
        """Finish the mails at hand, and take no more."""
        self.ended = self.ended or "it was told to stop"

    async def run(self, edition_id: str | None = None) -> None:
        """Send what is due of one edition, or of all."""
        scribe = Scribe(self._store, self._clock, _LINGER if self._connections > 1 else 0.0)
        try:
            workers = (self._work(scribe, edition_id) for _ in range(self._connections))
            results = await asyncio.gather(*workers, return_exceptions=True)
            for due in self._waiting:
                scribe.put_back(Result(due.held, "queued", ""))
        finally:
            await scribe.close()
        for result in results:
            if isinstance(result, BaseException):
                raise result
        await asyncio.to_thread(self._close)

    async def _work(self, scribe: Scribe, edition_id: str | None) -> None:
        """Send over one connection until nothing is due or the run ends."""
        transport = self._open()
        try:
            while (due := await self._next(edition_id)) is not None:
                await self._send(transport, due, scribe)
        except BaseException as error:
            self.ended = self.ended or f"{type(error).__name__}: {error}"
            raise
        finally:
            await transport.close()

    async def _next(self, edition_id: str | None) -> Due | None:
        async with self._claiming:
            if not self._waiting and self.ended is None:
                most = self._ahead.most(asyncio.get_running_loop().time())
                self._waiting.extend(await asyncio.to_thread(self._claim, edition_id, most))
                if self._waiting:
                    await asyncio.to_thread(self._mark)
            return self._waiting.popleft() if self._waiting and self.ended is None else None

    def _claim(self, edition_id: str | None, most: int) -> list[Due]:
        """Take the next mails, those of the newest edition first: an old long one does not hold up others."""
        now = self._clock()
        with self._store.noting() as connection:
            if doubtful := ledger.expire(connection, now):
                log.warning("%d mails are doubtful: their sender ended in the middle", doubtful)
            for sending in ledger.sendings(connection, "sending"):
                if edition_id not in (None, sending.edition_id):
                    continue
                if now > sending.good_until:
                    ledger.move(connection, sending.edition_id, "paused", "it is late: decide", "sending")
                    log.warning("%s is late; tandem mail resume sends it all the same", sending.edition_id)
                    continue
                rows = ledger.claim(connection, sending.edition_id, now, _CLAIM, most)
                if rows:
                    self._halted.discard(sending.edition_id)
                    return list(dues(sending, rows))
        return []

    async def _send(self, transport: Transport, due: Due, scribe: Scribe) -> None:
        reach("after_claim")
        message = None if due.mail.edition_id in self._halted else await self._message(due)
        if message is None:
            scribe.put_back(Result(due.held, "queued", ""))
            return
        if not self._post.allows(due.email):
            scribe.put_back(Result(due.held, "excluded", "not on the list of allowed addresses"))
            return
        await asyncio.sleep(self._pace.wait(asyncio.get_running_loop().time()))
        if not await self._announced(transport, due, scribe):
            return
        reach("before_started")
        if not await scribe.start(due.held, hashlib.sha256(message).digest()):
            await transport.drop()
            scribe.put_back(Result(due.held, "queued", ""))
            return
        reach("after_started")
        try:
            reply = await transport.hand_over(message)
        except Lost as lost:
            scribe.finish(Result(due.held, "doubtful", str(lost)))
            log.warning("mail %s is doubtful: %s", due.mail.mail_id, lost)
            return
        reach("after_accepted")
        await self._handed_over(due, reply, scribe)
        reach("after_settled")

    async def _announced(self, transport: Transport, due: Due, scribe: Scribe) -> bool:
        """Say who sends it to whom; whether the relay takes it."""
        token = bounce_token(self._store.secret, due.mail.mail_id)
        try:
            reply = await transport.sender(due.headers.returns_to(token))
            if not reply.yes and not reply.later:
                await self._halt(due, f"the relay refuses the sender: {reply}")
                scribe.put_back(Result(due.held, "queued", str(reply)))
                return False
            if reply.yes:
                reply = await transport.recipient(due.email, due.mail.mail_id)
        except Unreachable as away:
            self._is_away(str(away))
            scribe.put_back(self._again(due, str(away)))
            return False
        except Refused as refused:
            await self._halt(due, str(refused))
            scribe.put_back(Result(due.held, "queued", str(refused)))
            return False
        if reply.yes:
            return True
        await transport.drop()
        if reply.code == _CLOSING:
            self._is_away(str(reply))
        result = self._again(due, str(reply)) if reply.later else Result(due.held, "failed", str(reply))
        scribe.put_back(result)
        await self._count(due, result.state)
        return False

    async def _handed_over(self, due: Due, reply: Reply, scribe: Scribe) -> None:
        if reply.yes:
            self._away = 0
            scribe.finish(Result(due.held, "sent", str(reply)))
            await self._count(due, "sent")
        elif reply.later:
            scribe.finish(self._again(due, str(reply)))
            if reply.code == _CLOSING:
                self._is_away(str(reply))
        else:
            scribe.finish(Result(due.held, "retry", str(reply)))
            await self._halt(due, f"the relay refuses the mail itself: {reply}")

    def _again(self, due: Due, reason: str) -> Result:
        """Try later, or give up where later is too late."""
        at = next_try(due.mail.attempt, self._clock(), due.good_until)
        if at is None:
            return Result(due.held, "failed", f"given up: {reason}")
        return Result(due.held, "retry", reason, at)

    def _is_away(self, reason: str) -> None:
        self._away += 1
        if self._away >= _TRIES:
            self.ended = self.ended or reason

    async def _count(self, due: Due, state: str) -> None:
        """Stop an edition of which too many mails fail."""
        fates = self._fates.setdefault(due.mail.edition_id, Counter())
        fates[state] += 1
        done = fates["sent"] + fates["failed"]
        if done >= _ENOUGH and 100 * fates["failed"] > self._post.stop_percent * done:
            await self._halt(due, f"{fates['failed']} of {done} mails were refused")

    async def _halt(self, due: Due, reason: str) -> None:
        def stop() -> bool:
            with self._store.noting() as connection:
                return ledger.move(connection, due.mail.edition_id, "stopped", reason, "sending")

        self._halted.add(due.mail.edition_id)
        if await asyncio.to_thread(stop):
            log.error("%s is stopped: %s", due.mail.edition_id, reason)

    async def _message(self, due: Due) -> bytes | None:
        """The mail's exact bytes; None, and its edition stopped, where they are not those frozen."""
        try:
            content = self._contents.get(due.mail.content)
            if content is None:
                content = await asyncio.to_thread(self._content, due.mail.content)
            message = frozen_bytes(due.mail, content, self._store.secret, due.headers)
        except ValueError as error:
            await self._halt(due, str(error))
            return None
        if due.mail.digest not in (None, hashlib.sha256(message).digest()):
            await self._halt(due, f"the bytes of mail {due.mail.mail_id} are not those of its last attempt")
            return None
        return message

    def _content(self, digest: bytes) -> Content:
        with self._store.reading() as connection:
            row = ledger.content(connection, digest)
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
            ledger.complete(connection, self._clock())
