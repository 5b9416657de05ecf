"""A network between client and broker, which a test may hold up or cut."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Way:
    """The connections to a target."""

    def __init__(self, target: str) -> None:
        host, _, port = target.partition(":")
        self._target = host, int(port)
        self._ends: list[socket.socket] = []
        self._free = threading.Event()
        self._free.set()

    def hold_up(self) -> None:
        """Let nothing more through the connections there are, and leave them open; new ones pass."""
        self._free.clear()
        self._free = threading.Event()
        self._free.set()

    def cut(self) -> None:
        """Cut all connections."""
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def accept(self, listener: socket.socket) -> None:
        """Pass each connection on until the listener is closed."""
        while True:
            try:
                near = listener.accept()[0]
            except OSError:
                return
            far = socket.create_connection(self._target)
            self._ends += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=_pump, args=(source, sink, self._free), daemon=True).start()


@contextmanager
def forwarding(address: str, target: str) -> Iterator[Way]:
    """Listen on `address` and pass each connection on to `target`; at the end cut them all."""
    host, _, port = address.partition(":")
    listener = socket.create_server((host, int(port)))
    way = Way(target)
    threading.Thread(target=way.accept, args=(listener,), daemon=True).start()
    try:
        yield way
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        way.cut()


def _pump(source: socket.socket, sink: socket.socket, free: threading.Event) -> None:
    with source, suppress(OSError):
        while piece := source.recv(65536):
            free.wait()
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
