"""`tandem serve`: everything in one process."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from services.commands.context import UsageError, note, opened
from services.commands.erasing import erasing

if TYPE_CHECKING:
    from services.newsroom.server import Server
    from shared.settings import Settings
    from shared.store.engine import Store


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")
    ] = 8080,
) -> None:
    """Take events by HTTP, and from Kafka where TANDEM_KAFKA_URL is set; SIGTERM finishes what is at hand."""
    with opened() as (settings, store), erasing(store, settings.intake):
        store.claim()
        logging.basicConfig(
            stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
        )
        logging.getLogger("tandem").setLevel(logging.INFO)
        server = _server(settings, store, host, port)
        note(f"Tandem listens on {server.url}; stop it with Ctrl-C.")
        asyncio.run(_run(settings, store, server))


def _server(settings: Settings, store: Store, host: str, port: int) -> Server:
    from services.newsroom.server import Server  # noqa: PLC0415 - only this command needs a web server

    try:
        return Server(settings, store, host, port)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (while")[0]
        raise UsageError(f"--host {host} --port {port}: {reason}; choose another address or port") from None


async def _run(settings: Settings, store: Store, server: Server) -> None:
    loop = asyncio.get_running_loop()
    for told in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(told, server.stop)
    if not settings.kafka_url:
        return await server.run_until_stopped()
    from services.commands.detecting import detect_and_relay  # noqa: PLC0415 - only with Kafka

    async with asyncio.TaskGroup() as group:
        group.create_task(server.run_until_stopped())
        await detect_and_relay(settings, store)  # which takes the signals over
        server.stop()
    return None
