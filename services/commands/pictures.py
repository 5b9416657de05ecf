"""Mails as pictures: how they look on a desk, on a phone, in the dark and without pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from services.browser import LOOKS, Browser, Look, browser, found
from services.commands.context import note
from shared.rendering.writing import Rendered


def pictured(mails: Mapping[str, Rendered], out: Path, chromium: str | None) -> list[Path]:
    """Write `<name>.<look>.png` of each mail; none, and a word why, where there is no Chromium."""
    path = found(chromium)
    if path is None:
        what = chromium or "Chromium on the PATH"
        note(f"No pictures: there is no {what}; install one, or name another in TANDEM_CHROMIUM.")
        return []
    with browser(path) as running:
        return [_one(running, mail, look, out / name) for name, mail in mails.items() for look in LOOKS]


def _one(running: Browser, mail: Rendered, look: Look, stem: Path) -> Path:
    """Without pictures the HTML stays as it is sent: its content ids lead nowhere in a browser."""
    html = mail.page if look.pictures else mail.html
    file = stem.with_name(f"{stem.name}.{look.name}.png")
    file.write_bytes(running.picture(html, look))
    return file
