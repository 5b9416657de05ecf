"""Pictures of mails: the whole page, at its width, as its reader prefers it."""

from __future__ import annotations

import struct

import pytest

from services.browser import BrowserError, Look, browser

pytestmark = pytest.mark.browser

PAGE = (
    '<meta name="color-scheme" content="light dark">'
    "<style>body { margin: 0; background: #ff0000; height: 1234px }"
    "@media (prefers-color-scheme: dark) { body { background: #0000ff } }</style><body>"
)


def size(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_a_picture_is_as_wide_as_asked_and_as_tall_as_the_page(chromium: str) -> None:
    with browser(chromium) as running:
        assert size(running.picture(PAGE, Look("desktop", 700))) == (700, 1234)
        assert size(running.picture("<p>short", Look("mobile", 390)))[0] == 390


def test_what_a_reader_prefers_is_seen(chromium: str) -> None:
    with browser(chromium) as running:
        light, dark = (running.picture(PAGE, Look("any", 300, dark=dark)) for dark in (False, True))
        assert light != dark
        assert running.picture(PAGE, Look("any", 300)) == light


def test_what_is_no_chromium_is_said() -> None:
    with pytest.raises(BrowserError, match="ended before it answered"), browser("/bin/true"):
        pass
