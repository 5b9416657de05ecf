"""A sender in a process of its own, which can be killed; what it imports is imported once for all of them."""

from __future__ import annotations

import asyncio
import multiprocessing
from typing import TYPE_CHECKING, Any

from services.publisher.opening import sender
from shared import failpoints
from shared.settings import Settings
from shared.store.engine import Store

if TYPE_CHECKING:
    from datetime import datetime
    from multiprocessing.process import BaseProcess

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])


def started(url: str, port: int, point: str, now: datetime, connections: int = 5) -> BaseProcess:
    """Send what is due, and die at a point."""
    process = _FORKS.Process(target=_send, args=(url, port, point, now, connections))
    process.start()
    return process


def _send(url: str, port: int, point: str, now: datetime, connections: int) -> None:
    if point != "-":
        failpoints.arm(point)
    told: dict[str, Any] = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
    told |= {"smtp_connections": connections, "reply_to": "editor@example.com"}
    settings = Settings(**told)
    asyncio.run(sender(settings, Store.open(url), lambda: now).run())
