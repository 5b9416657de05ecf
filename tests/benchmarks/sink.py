"""The smallest SMTP server there can be, in a process of its own: takes every mail, and looks into none.

aiosmtpd takes some hundred mails a second at most, which would measure aiosmtpd.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = Path(__file__).parents[2]
_END = b"\r\n.\r\n"
_ANSWERS = {b"EHLO": b"250-sink\r\n250 PIPELINING\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


class _Sink(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(b"220 sink\r\n")
        self._in_mail, self._rest = False, b""

    def data_received(self, data: bytes) -> None:
        if self._in_mail:
            self._rest = (self._rest + data)[-len(_END) :]
            if self._rest == _END:
                self._in_mail, self._rest = False, b""
                self._transport.write(b"250 taken\r\n")
            return
        *lines, self._rest = (self._rest + data).split(b"\r\n")
        for line in lines:
            word = line[:4].upper()
            self._transport.write(_ANSWERS.get(word, b"250 ok\r\n"))
            self._in_mail = word == b"DATA"


@contextmanager
def sinking() -> Iterator[int]:
    """A sink on a free port."""
    command = [sys.executable, "-m", "tests.benchmarks.sink"]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Sink, "127.0.0.1", 0)
    os.write(1, f"{server.sockets[0].getsockname()[1]}\n".encode())
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
