"""A headless Chromium, spoken to over a pipe: pages as pictures of their full height, from one process."""

from __future__ import annotations

import base64
import fcntl
import itertools
import json
import os
import shutil
import signal
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS: Final = (
    "--headless", "--remote-debugging-pipe", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
_CHUNK: Final = 1 << 20
_TALLEST: Final = 16_000
"""Pixels; what is longer is cut off, as Chromium paints no larger pictures."""


class BrowserError(Exception):
    """Why the browser did not answer, in one line."""


class Look(NamedTuple):
    """A way to look at a page: the window's width in CSS pixels, and what the reader prefers."""

    name: str
    width: int
    dark: bool = False
    pictures: bool = True


LOOKS: Final = (
    Look("desktop", 700),
    Look("mobile", 390),
    Look("dark", 700, dark=True),
    Look("pictures-off", 700, pictures=False),
)


def found(asked: str | None = None) -> str | None:
    """The path of the Chromium asked for, or of one on the PATH; None where there is none."""
    if asked:
        return shutil.which(asked)
    return next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def browser(path: str) -> Iterator[Browser]:
    """Start a Chromium in a folder of its own and end it; raises BrowserError."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        (its_in, orders), (answers, its_out) = map(_apart, os.pipe()), map(_apart, os.pipe())
        process = _started(path, profile, its_in, its_out)
        os.close(its_in)
        os.close(its_out)
        try:
            yield Browser(orders, answers)
        finally:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            os.close(orders)
            os.close(answers)


def _apart(descriptor: int) -> int:
    """The same descriptor under a number that no child expects anything at."""
    try:
        return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    finally:
        os.close(descriptor)


def _started(path: str, profile: str, its_in: int, its_out: int) -> int:
    """Chromium reads orders from its descriptor 3 and answers on 4."""
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
    pipes = [(os.POSIX_SPAWN_DUP2, its_in, 3), (os.POSIX_SPAWN_DUP2, its_out, 4)]
    command = [path, *_FLAGS, *sandbox, f"--user-data-dir={profile}", "about:blank"]
    return os.posix_spawn(path, command, os.environ, file_actions=[*nowhere, *pipes])


class Browser:
    """One page of a running Chromium."""

    def __init__(self, orders: int, answers: int) -> None:
        self._orders, self._answers = orders, answers
        self._numbers = itertools.count(1)
        self._unread = b""
        self._session: str | None = None
        page = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        self._frame = self._ask("Page.getFrameTree")["frameTree"]["frame"]["id"]

    def picture(self, html: str, look: Look) -> bytes:
        """A PNG of the whole page as a reader with that look meets it."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if look.dark else "light"}
        self._ask("Emulation.setEmulatedMedia", features=[scheme])
        self._size(look.width, 800)
        self._ask("Page.setDocumentContent", frameId=self._frame, html=html)
        tall = self._ask("Page.getLayoutMetrics")["cssContentSize"]["height"]
        self._size(look.width, min(round(tall), _TALLEST))
        return base64.b64decode(self._ask("Page.captureScreenshot", format="png")["data"])

    def _size(self, width: int, height: int) -> None:
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def _ask(self, method: str, **arguments: Any) -> dict[str, Any]:
        number = next(self._numbers)
        order = {"id": number, "method": method, "params": arguments}
        if self._session:
            order["sessionId"] = self._session
        try:
            self._send(json.dumps(order).encode() + b"\0")
            answer = next(each for each in self._heard() if each.get("id") == number)
        except (OSError, StopIteration):
            raise BrowserError("Chromium ended before it answered; set TANDEM_CHROMIUM to another") from None
        if "error" in answer:
            raise BrowserError(f"Chromium refuses {method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._orders, view) :]

    def _heard(self) -> Iterator[dict[str, Any]]:
        """Messages as they come, until Chromium ends."""
        while True:
            message, end, rest = self._unread.partition(b"\0")
            if end:
                self._unread = rest
                yield json.loads(message)
                continue
            part = os.read(self._answers, _CHUNK)
            if not part:
                return
            self._unread += part
