"""One connection: mail after mail, each durably begun before it is handed over."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from services.publisher.transport import Lost, Refused, Unreachable
from shared.failpoints import reach
from shared.mailing.retrying import next_try
from shared.store.ledger import Result

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from services.publisher.due import Due
    from services.publisher.scribe import Scribe
    from services.publisher.sender import Sender
    from services.publisher.transport import Reply, Transport

_QUICK: Final = 0.2
"""Seconds in which the last mail must have gone for others to be begun ahead,"""
_GOOD: Final = timedelta(seconds=1)
"""and how long they may go: who pauses mail or wants none any more must not wait for a slow relay."""
_CLOSING: Final = 421

log = logging.getLogger("tandem.publisher")


@dataclass(frozen=True, slots=True)
class Begun:
    """A mail that is durably begun, since when."""

    due: Due
    message: bytes
    at: datetime


class Line:
    """Sends over one connection; while one mail is under way, up to `most` others are begun in one commit."""

    def __init__(self, run: Sender, scribe: Scribe, transport: Transport, most: int) -> None:
        self._run, self._scribe, self._transport, self._most = run, scribe, transport, most
        self._ready: deque[Begun] = deque()
        self._filling: asyncio.Task[list[Begun]] | None = None
        self._is_quick = self._gave_back = False

    async def work(self) -> None:
        """Send until nothing is due or the run ends."""
        clock = asyncio.get_running_loop().time
        try:
            while True:
                if (begun := await self._next()) is not None:
                    sending = self._send_begun(begun)
                elif (due := await self._run.next_due()) is not None:
                    sending = self._send(due)
                elif self._gave_back:
                    self._gave_back = False
                    await self._scribe.written()  # then what was given back is due again
                    continue
                else:
                    return
                since = clock()
                await sending
                self._is_quick = clock() - since < _QUICK
        finally:
            await self._close()

    async def _next(self) -> Begun | None:
        """The next mail that was begun ahead and may still go."""
        while self._ready or self._filling is not None:
            if self._filling is not None and not self._ready:
                filling, self._filling = self._filling, None
                self._ready.extend(await filling)
                continue
            begun = self._ready.popleft()
            if self._run.goes(begun.due) and timedelta(0) <= self._run.clock() - begun.at <= _GOOD:
                return begun
            self._give_back(begun)
        return None

    def _fill(self) -> None:
        """Have others begun meanwhile, several at a time, since each commit costs the same."""
        if self._is_quick and self._filling is None and len(self._ready) <= self._most // 2:
            self._filling = asyncio.create_task(self._begin(self._most - len(self._ready)))

    async def _begin(self, most: int) -> list[Begun]:
        made: list[tuple[Due, bytes]] = []
        while len(made) < most and (due := await self._run.next_due()) is not None:
            if (message := await self._prepared(due)) is not None:
                made.append((due, message))
        at = self._run.clock()
        may = await asyncio.gather(*(self._start(due, message) for due, message in made))
        begun = [Begun(due, message, at) for (due, message), yes in zip(made, may, strict=True) if yes]
        if all(may):
            return begun
        while self._ready:  # somebody paused it, perhaps: then these do not go, either
            begun.append(self._ready.popleft())
        for each in begun:
            self._give_back(each)
        return []

    def _give_back(self, begun: Begun) -> None:
        self._gave_back = True
        self._scribe.finish(Result(begun.due.held, "queued", ""))

    async def _close(self) -> None:
        try:
            if self._filling is not None:
                self._ready.extend(await self._filling)
            while self._ready:
                self._give_back(self._ready.popleft())
        finally:
            await self._transport.close()

    async def _send_begun(self, begun: Begun) -> None:
        self._fill()
        if await self._announced(begun.due, self._scribe.finish):
            await self._hand_over(begun.due, begun.message)

    async def _send(self, due: Due) -> None:
        message = await self._prepared(due)
        if message is None:
            return
        await self._run.wait()
        if not await self._announced(due, self._scribe.put_back):
            return
        if not await self._start(due, message):
            await self._transport.drop()
            return
        self._fill()
        await self._hand_over(due, message)

    async def _prepared(self, due: Due) -> bytes | None:
        """The bytes of a mail that may go."""
        reach("after_claim")
        message = await self._run.message(due)
        if message is None:
            self._scribe.put_back(Result(due.held, "queued", ""))
        elif not self._run.post.allows(due.email):
            self._scribe.put_back(Result(due.held, "excluded", "not on the list of allowed addresses"))
            return None
        return message

    async def _start(self, due: Due, message: bytes) -> bool:
        reach("before_started")
        may = await self._scribe.start(due.held, hashlib.sha256(message).digest())
        if may:
            reach("after_started")
        else:
            self._scribe.put_back(Result(due.held, "queued", ""))
        return may

    async def _announced(self, due: Due, settle: Callable[[Result], None]) -> bool:
        """Say who sends it to whom; whether the relay takes it. Else `settle` what became of it."""
        try:
            reply = await self._transport.sender(self._run.return_path(due))
            if not reply.yes and not reply.later:
                await self._run.halt(due, f"the relay refuses the sender: {reply}")
                settle(Result(due.held, "queued", str(reply)))
                return False
            if reply.yes:
                reply = await self._transport.recipient(due.email, due.mail.mail_id)
        except Unreachable as away:
            self._run.is_away(str(away))
            settle(self._again(due, str(away)))
            return False
        except Refused as refused:
            await self._run.halt(due, str(refused))
            settle(Result(due.held, "queued", str(refused)))
            return False
        if reply.yes:
            return True
        await self._transport.drop()
        if reply.code == _CLOSING:
            self._run.is_away(str(reply))
        result = self._again(due, str(reply)) if reply.later else Result(due.held, "failed", str(reply))
        settle(result)
        await self._run.count(due, result.state)
        return False

    async def _hand_over(self, due: Due, message: bytes) -> None:
        try:
            reply = await self._transport.hand_over(message)
        except Lost as lost:
            self._scribe.finish(Result(due.held, "doubtful", str(lost)))
            log.warning("mail %s is doubtful: %s", due.mail.mail_id, lost)
            return
        reach("after_accepted")
        await self._handed_over(due, reply)
        reach("after_settled")

    async def _handed_over(self, due: Due, reply: Reply) -> None:
        if reply.yes:
            self._scribe.finish(Result(due.held, "sent", str(reply)))
            await self._run.count(due, "sent")
        elif reply.later:
            self._scribe.finish(self._again(due, str(reply)))
            if reply.code == _CLOSING:
                self._run.is_away(str(reply))
        else:
            self._scribe.finish(Result(due.held, "retry", str(reply)))
            await self._run.halt(due, f"the relay refuses the mail itself: {reply}")

    def _again(self, due: Due, reason: str) -> Result:
        """Try later, or give up where later is too late."""
        at = next_try(due.mail.attempt, self._run.clock(), due.good_until)
        if at is None:
            return Result(due.held, "failed", f"given up: {reason}")
        return Result(due.held, "retry", reason, at)
