"""A real SMTP server on loopback that does what a test wants, and remembers what it accepted."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, AuthResult

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

YES = "250 OK"
DROP = "drop"
"""Close the connection instead of an answer."""
ACCEPT_AND_DROP = "accept and drop"
HANG = "hang"


@dataclass
class Relay:
    """What it says at each command, by the address of the recipient, and what it took."""

    port: int = 0
    at_mail: Callable[[str], str] = lambda _: YES
    at_rcpt: Callable[[str], str] = lambda _: YES
    at_data: Callable[[str], str] = lambda _: YES
    taken: list[tuple[str, str, bytes]] = field(default_factory=list)
    """Return path, recipient and content of each mail that was accepted."""
    logins: list[Any] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    connections: int = 0
    open: set[Any] = field(default_factory=set)

    @property
    def recipients(self) -> Counter[str]:
        return Counter(recipient for _, recipient, _ in self.taken)

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=default) for _, _, content in self.taken]  # type: ignore[misc]

    async def handle_MAIL(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, _session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        said = self.at_mail(address)
        if said == YES:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self._answer(server, said)

    async def handle_RCPT(  # noqa: N802 - the same
        self, server: SMTP, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        said = self.at_rcpt(address)
        if said == YES:
            envelope.rcpt_tos.append(address)
        return self._answer(server, said)

    async def handle_DATA(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, _session: Any, envelope: Any
    ) -> str:
        [recipient] = envelope.rcpt_tos
        said = self.at_data(recipient)
        if said in (YES, ACCEPT_AND_DROP, HANG):
            self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
            self.taken.append((envelope.mail_from, recipient, envelope.content))
        if said == HANG:
            await asyncio.sleep(3600)
        return self._answer(server, said)

    def _answer(self, server: SMTP, said: str) -> str:
        if said in (DROP, ACCEPT_AND_DROP):
            server.transport.abort()
        return said if said[0].isdigit() else "421 gone"

    def authenticate(
        self, _server: Any, _session: Any, _envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        self.logins.append((mechanism, data.login, data.password))
        return AuthResult(success=data.password == b"right", handled=False)


class Protocol(SMTP):
    """Counts connections, and can be told to end."""

    def connection_made(self, transport: Any) -> None:
        self.event_handler.connections += 1
        self.event_handler.open.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.event_handler.open.discard(self.transport)


@contextmanager
def running(
    *, tls: ssl.SSLContext | None = None, implicit: bool = False, auth: bool = False
) -> Iterator[Relay]:
    """A relay in a thread of the test, on a free port."""
    relay, ready, over = Relay(), threading.Event(), threading.Event()
    more: dict[str, Any] = {"authenticator": relay.authenticate} if auth else {}

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Protocol(
                relay, hostname="relay", tls_context=None if implicit else tls, loop=loop, **more
            ),
            "127.0.0.1",
            0,
            ssl=tls if implicit else None,
        )
        relay.port = server.sockets[0].getsockname()[1]
        ready.set()
        await asyncio.to_thread(over.wait)
        server.close()
        for transport in list(relay.open):
            transport.abort()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.01)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(10)
    try:
        yield relay
    finally:
        over.set()
        thread.join(10)
    assert not thread.is_alive()
