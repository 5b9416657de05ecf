"""A visitor at a real browser: real clicks, taps and keys in the installed Chromium, by Playwright."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser.chromium import Scheme
    from tests.http.newsroom import Newsroom
    from tests.newsroom.visiting import Browser as Visitor

Device = Literal["phone", "desk"]
DEVICES: Final[dict[Device, dict[str, Any]]] = {
    "phone": {"viewport": {"width": 380, "height": 760}, "is_mobile": True, "has_touch": True},
    "desk": {"viewport": {"width": 1100, "height": 900}},
}
_FLAGS: Final = (
    "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)  # fmt: skip
_PATIENCE_MS: Final = 10_000


@contextmanager
def driver(chromium: str) -> Iterator[Browser]:
    """A running Chromium; each visit is a browser of its own in it, with no past."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=list(_FLAGS), chromium_sandbox=False
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(
    browser: Browser,
    newsroom: Newsroom,
    signed_in: Visitor | None = None,
    *,
    device: Device = "phone",
    scheme: Scheme = "light",
    javascript: bool = True,
) -> Iterator[Page]:
    """A page of the newsroom as someone holds it who is `signed_in`; it fails where the page's code does."""
    context = browser.new_context(
        base_url=newsroom.url, color_scheme=scheme, java_script_enabled=javascript, **DEVICES[device]
    )
    context.set_default_timeout(_PATIENCE_MS)
    if signed_in is not None:
        secret = signed_in.http.cookies["tandem"]
        context.add_cookies([{"name": "tandem", "value": secret, "url": newsroom.url}])
    wrong: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None
    )
    try:
        yield page
        assert wrong == []
    finally:
        context.close()


def violations(page: Page) -> list[str]:
    """What axe finds on a page as it stands, by rule and place."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]
