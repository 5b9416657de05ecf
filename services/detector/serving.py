"""Figures and health of a process over HTTP, on this machine only."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from shared.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Answer = tuple[HTTPStatus, str]

_TEXT = "text/plain; charset=utf-8"
_TICK_SECONDS = 5


@contextmanager
def serving(
    port: int | None, registry: CollectorRegistry, missing: Callable[[], list[str]]
) -> Iterator[None]:
    """Answer /metrics, /health and /ready on `port`; `missing` says what is not ready. No port, no answers.

    Raises SettingsError.
    """
    if port is None:
        yield
        return
    loop = asyncio.get_running_loop()
    try:
        server = _Server(port)
    except OSError as error:
        raise SettingsError(
            f"TANDEM_METRICS_PORT={port} cannot be used ({error.strerror}); choose another port"
        ) from None
    server.answers = {
        "/metrics": lambda: (HTTPStatus.OK, generate_latest(registry).decode()),
        "/health": lambda: _health(loop),
        "/ready": lambda: _ready(missing()),
    }
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def _health(loop: asyncio.AbstractEventLoop) -> Answer:
    """Whether the process still does anything; a Kafka that is away is no reason to start it anew."""
    try:
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(_TICK_SECONDS)
    except TimeoutError:
        return HTTPStatus.SERVICE_UNAVAILABLE, f"Nothing has moved for {_TICK_SECONDS} s\n"
    return HTTPStatus.OK, "alive\n"


def _ready(missing: list[str]) -> Answer:
    """Whether it can record just now."""
    if missing:
        return HTTPStatus.SERVICE_UNAVAILABLE, "".join(f"{reason}\n" for reason in missing)
    return HTTPStatus.OK, "ready\n"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.answers: dict[str, Callable[[], Answer]] = {}


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _TICK_SECONDS

    def do_GET(self) -> None:
        """Answer one request."""
        path = self.path.partition("?")[0]
        nothing = HTTPStatus.NOT_FOUND, f"Ask for {', '.join(self.server.answers)}\n"
        status, text = self.server.answers.get(path, lambda: nothing)()
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", CONTENT_TYPE_LATEST if path == "/metrics" else _TEXT)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet: who reads figures reads them every few seconds."""
