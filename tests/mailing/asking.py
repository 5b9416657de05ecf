"""Ask and send once, and die at a point: the arguments are database, port, point and the time."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime

from services.publisher.asking import ask_on
from services.publisher.opening import sender
from shared import failpoints
from shared.settings import Settings
from shared.store.engine import Store


def main(url: str, port: str, point: str, now: str) -> None:
    failpoints.arm(point)
    settings = Settings(
        smtp_host="127.0.0.1",
        smtp_port=int(port),
        smtp_security="none",
        reply_to="editor@example.com",
        public_url="https://tandem.example.com",
    )
    at, store = datetime.fromisoformat(now), Store.open(url)
    ask_on(store, settings, at)
    asyncio.run(sender(settings, store, lambda: at).run())


main(*sys.argv[1:])
