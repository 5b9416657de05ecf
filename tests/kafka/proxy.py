"""A way to a broker that a test may open, and whose traffic it may hold up."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Way:
    """Passes each connection on to a target; those that are held up stay open, and nothing comes through."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._free = threading.Event()
        self._free.set()

    def hold_up(self) -> None:
        """Hold up the connections that there are; new ones pass."""
        self._free.clear()
        self._free = threading.Event()
        self._free.set()

    def accept(self, listener: socket.socket) -> None:
        """Serve until the listener is closed."""
        host, _, port = self._target.partition(":")
        while True:
            try:
                near = listener.accept()[0]
            except OSError:
                return
            far = socket.create_connection((host, int(port)))
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=_pump, args=(source, sink, self._free), daemon=True).start()


@contextmanager
def forwarding(address: str, target: str) -> Iterator[Way]:
    """Listen on `address` and pass each connection on to `target`, which then names its own address."""
    host, _, port = address.partition(":")
    listener = socket.create_server((host, int(port)))
    way = Way(target)
    threading.Thread(target=way.accept, args=(listener,), daemon=True).start()
    try:
        yield way
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _pump(source: socket.socket, sink: socket.socket, free: threading.Event) -> None:
    with source, suppress(OSError):
        while piece := source.recv(65536):
            free.wait()
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
