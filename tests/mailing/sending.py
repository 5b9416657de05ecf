"""Send what is due and die at a point: the arguments are database, port, point or -, and the time."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime

from services.publisher.opening import sender
from shared import failpoints
from shared.settings import Settings
from shared.store.engine import Store


def main(url: str, port: str, point: str, now: str) -> None:
    if point != "-":
        failpoints.arm(point)
    settings = Settings(
        smtp_host="127.0.0.1", smtp_port=int(port), smtp_security="none", reply_to="editor@example.com"
    )
    at = datetime.fromisoformat(now)
    asyncio.run(sender(settings, Store.open(url), lambda: at).run())


main(*sys.argv[1:])
