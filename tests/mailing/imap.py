"""A mailbox on loopback that speaks as much IMAP as a reader of unseen mails needs, encrypted or not."""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Mailbox:
    """Its mails, and which of them were seen."""

    mails: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    port: int = 0
    password: str = "right"
    context: ssl.SSLContext | None = None
    implicit: bool = False
    logins: list[bool] = field(default_factory=list)
    """Whether each came encrypted."""


class _Session(socketserver.StreamRequestHandler):
    def setup(self) -> None:
        super().setup()
        if self.server.box.implicit:  # type: ignore[attr-defined]
            self._encrypt()

    def _encrypt(self) -> None:
        box: Mailbox = self.server.box  # type: ignore[attr-defined]
        assert box.context is not None
        self.request = box.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def handle(self) -> None:
        box: Mailbox = self.server.box  # type: ignore[attr-defined]
        self._say(b"* OK IMAP4rev1 ready")
        while line := self.rfile.readline():
            tag, _, command = line.strip().decode().partition(" ")
            word = command.upper()
            if word.startswith("CAPABILITY"):
                more = b" STARTTLS" if box.context and not box.implicit else b""
                self._say(b"* CAPABILITY IMAP4rev1" + more)
            elif word.startswith("STARTTLS"):
                self._say(f"{tag} OK begin".encode())
                self._encrypt()
                continue
            elif word.startswith("LOGIN"):
                box.logins.append(isinstance(self.request, ssl.SSLSocket))
                if f'"{box.password}"' not in command:
                    self._say(f"{tag} NO not you".encode())
                    continue
            elif word.startswith("SELECT"):
                self._say(f"* {len(box.mails)} EXISTS".encode())
            elif word.startswith("UID SEARCH UNSEEN"):
                unseen = (str(uid) for uid in range(1, len(box.mails) + 1) if uid not in box.seen)
                self._say(f"* SEARCH {' '.join(unseen)}".encode())
            elif found := re.match(r"UID FETCH (\d+) \(BODY.PEEK\[\]<0\.(\d+)>\)", command):
                uid, most = int(found[1]), int(found[2])
                raw = box.mails[uid - 1][:most]
                self.wfile.write(
                    f"* {uid} FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
                )
            elif found := re.match(r"UID STORE (\d+) \+FLAGS \(?\\Seen", command):
                box.seen.add(int(found[1]))
            self._say(f"{tag} OK done".encode())

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Who does not trust the certificate goes away in the middle of the handshake."""


@contextmanager
def serving(*mails: bytes, **more: Any) -> Iterator[Mailbox]:
    box = Mailbox(list(mails), **more)
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.box = box  # type: ignore[attr-defined]
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join(10)
