"""Axe finds nothing that keeps anyone out of a page of the newsroom, on a phone and a desk."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.browser import test_newsroom_looks
from tests.browser.chromium import Look, Page, Scheme, look

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.browser

AXE: Final = os.environ.get("TANDEM_TEST_AXE")
SCRIPT: Final = Path(__file__).with_name("axe.js")
SEEN: Final[Mapping[Scheme, int]] = {"light": 380, "dark": 1200}
LEAST_RULES: Final = 10
"""Axe looked at the page: that many of its rules have something to say of any."""
sources = test_newsroom_looks.sources
BROKEN: Final = Page(
    "broken", '<!doctype html><html lang="en"><title>A page</title><img src="data:,"><a href="/"></a>'
)


@pytest.fixture(scope="module")
def found(chromium: str, sources: list[Page], tmp_path_factory: pytest.TempPathFactory) -> dict[Look, Any]:
    if not AXE:
        pytest.skip("set TANDEM_TEST_AXE to the path of axe.min.js, or run .ci/axe")
    folder, code = tmp_path_factory.mktemp("axe"), Path(AXE).read_text(encoding="utf-8")
    looks: dict[Look, Any] = {}
    english = [each for each in sources if each.name.startswith("en ")]
    for scheme, width in SEEN.items():
        looks |= look(chromium, folder, [*english, BROKEN], [width], scheme, SCRIPT, code)
    return looks


def test_no_page_keeps_anyone_out(found: dict[Look, Any]) -> None:
    wrong = {each: what["violations"] for each, what in found.items() if what["violations"]}
    assert {each: what for each, what in wrong.items() if each.name != BROKEN.name} == {}
    assert all(each["rules"] >= LEAST_RULES for each in found.values() if each["name"] != BROKEN.name)


def test_it_would_find_what_is_wrong(found: dict[Look, Any]) -> None:
    told = found[Look(BROKEN.name, SEEN["light"], "light")]["violations"]
    assert {each.partition(":")[0] for each in told} >= {"image-alt", "link-name"}
