"""A network between client and broker, which a test may cut."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def forwarding(address: str, target: str) -> Iterator[None]:
    """Listen on `address` and pass each connection on to `target`; at the end cut them all."""
    host, _, port = address.partition(":")
    listener = socket.create_server((host, int(port)))
    ends: list[socket.socket] = []
    threading.Thread(target=_accept, args=(listener, target, ends), daemon=True).start()
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, target: str, ends: list[socket.socket]) -> None:
    host, _, port = target.partition(":")
    while True:
        try:
            near = listener.accept()[0]
        except OSError:
            return
        far = socket.create_connection((host, int(port)))
        ends += [near, far]
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with source, suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
