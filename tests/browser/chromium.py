"""A headless Chromium by its command line: pages in frames, and what a script finds in them."""

from __future__ import annotations

import html
import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

INSPECT: Final = Path(__file__).with_name("inspect.js")
FLAGS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
Scheme = Literal["light", "dark"]
_PATIENCE: Final = 120
"""Seconds that a script may take."""
_PREFERRED: Final[dict[Scheme, int]] = {"dark": 0, "light": 1}


class Page(NamedTuple):
    """A document to look at."""

    name: str
    html: str


class Look(NamedTuple):
    """One way to look at a page: its name, the width of the window in pixels and the reader's scheme."""

    name: str
    width: int
    scheme: Scheme


def look(
    chromium: str,
    folder: Path,
    pages: Iterable[Page],
    widths: Iterable[int],
    scheme: Scheme,
    inspect: Path = INSPECT,
    library: str = "",
) -> dict[Look, Any]:
    """What a script found in each page at each width; frames, for a window has a least width.

    `library` is code that the script gives each page.
    """
    wide = list(widths)
    frames = [_frame(page, width) for page in pages for width in wide]
    wrapper = folder / f"{scheme}.html"
    head = '<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
    script = f"<script>{inspect.read_text(encoding='utf-8')}</script>"
    script = f'<script type="text/plain" id="axe">{library}</script>{script}'
    wrapper.write_text(f"{head}<body>{''.join(frames)}{script}", encoding="utf-8")
    command = [
        chromium, *FLAGS, f"--blink-settings=preferredColorScheme={_PREFERRED[scheme]}",
        f"--user-data-dir={folder / scheme}", f"--virtual-time-budget={_PATIENCE * 1000}",
        "--dump-dom", wrapper.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, encoding="utf-8", timeout=_PATIENCE
    )
    report = re.search(r'<pre id="findings">(.*?)</pre>', done.stdout, re.DOTALL)
    assert report, f"Chromium left no findings: {done.stderr[-2000:]}"
    found = json.loads(html.unescape(report[1]))
    return {Look(each["name"], each["width"], scheme): each for each in found}


def _frame(page: Page, width: int) -> str:
    style = f"border:0;width:{width}px;height:800px"
    title, source = html.escape(page.name), html.escape(page.html)
    return f'<iframe title="{title}" style="{style}" srcdoc="{source}"></iframe>'
