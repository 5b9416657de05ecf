"""The browser that the tests here look through."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.browser.driving import driver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def chromium() -> str:
    path = os.environ.get("TANDEM_TEST_CHROMIUM")
    if not path:
        pytest.skip("set TANDEM_TEST_CHROMIUM to the path of a Chromium to look at mails and pages in it")
    return path


@pytest.fixture(scope="module")
def driven(chromium: str) -> Iterator[Browser]:
    """A Chromium to click in; it ends with its module, as its loop would be in the way of others."""
    with driver(chromium) as running:
        yield running
