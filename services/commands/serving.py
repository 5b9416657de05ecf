"""`tandem serve`: everything in one process."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from services.commands.clock import erasing, ticking
from services.commands.context import UsageError, note, opened
from services.commands.detecting import check_url, detect_and_relay, log_to_stderr
from services.publisher.serving import publishing

if TYPE_CHECKING:
    from services.newsroom.server import Server
    from shared.settings import Settings
    from shared.store.engine import Store


class _Kafka:
    """How the detector fares, as far as it has said."""

    def __init__(self) -> None:
        self._missing: Callable[[], list[str]] = lambda: ["Kafka: not asked yet"]

    def watch(self, missing: Callable[[], list[str]]) -> None:
        """Ask this from now on."""
        self._missing = missing

    def check(self) -> str:
        """`ok`, or what keeps it from recording."""
        return "; ".join(self._missing()) or "ok"


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")
    ] = 8080,
) -> None:
    """Take events by HTTP, and from Kafka where TANDEM_KAFKA_URL is set; SIGTERM finishes what is at hand."""
    with opened() as (settings, store):
        if settings.kafka_url:
            check_url(settings.kafka_url)
            import services.detector.app  # noqa: PLC0415 - takes a second, in which no signal is heard
            import services.relay.app  # noqa: F401, PLC0415 - the same
        store.claim()
        log_to_stderr()
        kafka = _Kafka()
        server = _server(settings, store, host, port, kafka)
        note(f"Tandem listens on {server.url}; stop it with Ctrl-C.")
        with erasing(store, settings.intake), ticking(store, settings.rules), publishing(settings, store):
            asyncio.run(_run(settings, store, server, kafka))


def _server(settings: Settings, store: Store, host: str, port: int, kafka: _Kafka) -> Server:
    from services.newsroom.server import Server  # noqa: PLC0415 - only this command needs a web server
    from services.publisher.single import hand_over  # noqa: PLC0415 - the same

    try:
        checks = {"kafka": kafka.check} if settings.kafka_url else {}
        return Server(settings, store, host, port, checks, partial(hand_over, settings, store))
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (while")[0]
        raise UsageError(f"--host {host} --port {port}: {reason}; choose another address or port") from None


async def _run(settings: Settings, store: Store, server: Server, kafka: _Kafka) -> None:
    loop = asyncio.get_running_loop()
    for told in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(told, server.stop)
    web = asyncio.create_task(server.run_until_stopped())
    try:
        if settings.kafka_url:
            await detect_and_relay(settings, store, kafka.watch)  # told to stop by the same signals
            server.stop()
        await web
    finally:
        server.stop()
        await web
