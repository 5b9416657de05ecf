"""A headless Chromium, spoken to over a pipe: pages as pictures of their full height, from one process."""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
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


def found() -> str | None:
    """The path of a Chromium: TANDEM_CHROMIUM, or one on the PATH; None where there is none."""
    asked = os.environ.get("TANDEM_CHROMIUM")
    if asked:
        return shutil.which(asked)
    return next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def browser(path: str) -> Iterator[Browser]:
    """Start a Chromium in a folder of its own and end it; raises BrowserError."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        to_read, to_write = os.pipe(), os.pipe()
        try:
            with _started(path, profile, to_read[0], to_write[1]) as process:
                os.close(to_read[0])
                os.close(to_write[1])
                try:
                    yield Browser(to_read[1], to_write[0])
                finally:
                    process.kill()
        finally:
            os.close(to_read[1])
            os.close(to_write[0])


def _started(path: str, profile: str, reads: int, writes: int) -> subprocess.Popen[bytes]:
    """Chromium reads orders from its descriptor 3 and answers on 4; a shell puts them there."""
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    order = f'exec "$0" "$@" 3<&{reads} 4>&{writes}'
    command = ["/bin/sh", "-c", order, path, *_FLAGS, *sandbox, f"--user-data-dir={profile}", "about:blank"]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, pass_fds=(reads, writes), stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603


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
