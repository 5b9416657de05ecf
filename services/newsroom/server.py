"""The web application behind a socket."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from services.newsroom.app import create_app

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterator, Mapping

    from shared.settings import Settings
    from shared.signing_in import Deliver
    from shared.store.engine import Store

_LATE_SECONDS = 15
_IDLE_SECONDS = 30
_GRACEFUL_SECONDS = 60
_MOST_CONNECTIONS = 500


class Server(uvicorn.Server):
    """Serves until `stop`; finishes what it has begun. Raises OSError where it cannot listen."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        host: str,
        port: int,
        checks: Mapping[str, Callable[[], str]] | None = None,
        deliver: Deliver | None = None,
    ) -> None:
        self.app = create_app(settings, store, checks, deliver)
        super().__init__(
            uvicorn.Config(
                self.app,
                http=PunctualProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=bool(settings.newsroom_proxies),
                forwarded_allow_ips=settings.newsroom_proxies,
                limit_concurrency=_MOST_CONNECTIONS,
                timeout_keep_alive=_IDLE_SECONDS,
                timeout_graceful_shutdown=_GRACEFUL_SECONDS,
            )
        )
        self._socket = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=_MOST_CONNECTIONS
        )
        named = f"[{host}]" if ":" in host else host
        self.url = f"http://{named}:{self._socket.getsockname()[1]}"

    async def run_until_stopped(self) -> None:
        """Answer requests."""
        await self.serve([self._socket])

    def stop(self) -> None:
        """Take no more requests, and end when those at hand are answered."""
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the command, which may have more to stop."""
        yield


class PunctualProtocol(H11Protocol):
    """HTTP/1.1 that leaves clients who let their headers, or a body that was answered, trickle in.

    uvicorn waits for both without end. A body that is being read has a clock of its own.
    """

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as its base
        """Start the clock; send the end of an answer at once.

        Else it waits 40 ms for the client to acknowledge its beginning: asyncio only sees to that where a
        socket names its protocol, and none that was accepted does.
        """
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Start the clock, or stop it."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the clock."""
        self._rest()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self.conn.their_state is not h11.IDLE and self.conn.our_state is not h11.DONE:
            self._rest()
        elif self._late is None:
            self._late = self.loop.call_later(_LATE_SECONDS, self.transport.close)

    def _rest(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
