"""What a mail reader lacks of what our mails use stands in docs/design.md, with the reason why it may."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from services.simulator.states import STATES
from shared.editions import EDITIONS, compose
from shared.editions.brand import Brand
from shared.rendering.writing import render_email
from tests.editions.examples import material
from tests.mailreaders.features import used

DESIGN = Path(__file__).parents[2] / "docs" / "design.md"
READERS: dict[str, tuple[tuple[str, str | None], ...]] = {
    "Gmail": (("gmail", None),),
    "Outlook for Windows": (("outlook", "windows"),),
    "Outlook on the web": (("outlook", "outlook-com"),),
    "Apple Mail": (("apple-mail", None),),
    "Yahoo": (("yahoo", None),),
    "GMX, Web.de": (("gmx", None), ("web-de", None)),
}
ROW = re.compile(r"^\| `((?:css|html|image)-[\w-]+)` \| ([^|]*) \| ([^|]+) \|$", re.MULTILINE)
BRAND = Brand(
    site_url="https://tandem.example/archive",
    draft_email="newsroom@tandem.example",
    logo_url="https://tandem.example/logo.png",
)


def support(feature: dict[str, Any], reader: str) -> set[str]:
    """`y`, `a` (in part), `n` or `u` (unknown) of the newest version, on each of a reader's platforms."""
    return {
        list(versions.values())[-1][0]
        for family, only in READERS[reader]
        for platform, versions in feature["stats"].get(family, {}).items()
        if only in {None, platform}
    }


def lacking(feature: dict[str, Any]) -> str:
    """`Gmail; in part Yahoo`: who lacks a feature on any platform."""
    none = [reader for reader in READERS if "n" in support(feature, reader)]
    part = [r for r in READERS if r not in none and "a" in support(feature, r)]
    return "; ".join(filter(None, (" · ".join(none), f"in part {' · '.join(part)}" if part else "")))


@pytest.fixture(scope="module")
def ours(features: dict[str, Any]) -> set[str]:
    month = material(told=12)
    mails = (
        render_email(compose(name, change(month)), BRAND).html
        for name in EDITIONS
        for change in STATES.values()
    )
    return {feature for html in mails for feature in used(html, features.keys())}


def test_what_a_reader_lacks_is_explained(features: dict[str, Any], ours: set[str]) -> None:
    found = {name: said for name in sorted(ours) if (said := lacking(features[name]))}
    told = {name: said.strip() for name, said, _ in ROW.findall(DESIGN.read_text(encoding="utf-8"))}
    assert told == found


def test_a_mail_is_read_as_what_it_is_made_of(features: dict[str, Any]) -> None:
    css = "@media (max-width:9px) { .a > b { gap: 1em !important } }"
    old = "<!--[if mso]><video></video><![endif]-->"
    link = '<a href="mailto:a@b.de" style="position:fixed;display:none">x</a>'
    named = "html-doctype html-style html-mailto-links css-at-media css-gap css-unit-em css-important"
    more = "css-position css-selector-class css-selector-child css-selector-type css-display css-display-none"
    assert used(f"<style>{css}</style>{old}{link}", features.keys()) == {*named.split(), *more.split()}
    assert lacking(features["css-position"]).startswith("Gmail")
