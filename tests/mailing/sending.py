"""A sender in a process of its own, which can be killed; what it imports is imported once for all of them."""

from __future__ import annotations

import asyncio
import multiprocessing
from typing import TYPE_CHECKING

from services.publisher.opening import sender
from shared import failpoints
from shared.settings import Settings
from shared.store.engine import Store

if TYPE_CHECKING:
    from datetime import datetime
    from multiprocessing.process import BaseProcess

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])


def started(url: str, port: int, point: str, now: datetime) -> BaseProcess:
    """Send what is due, and die at a point."""
    process = _FORKS.Process(target=_send, args=(url, port, point, now))
    process.start()
    return process


def _send(url: str, port: int, point: str, now: datetime) -> None:
    if point != "-":
        failpoints.arm(point)
    settings = Settings(
        smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", reply_to="editor@example.com"
    )
    asyncio.run(sender(settings, Store.open(url), lambda: now).run())
