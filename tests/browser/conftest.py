"""The browser that the tests here look through."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session")
def chromium() -> str:
    path = os.environ.get("TANDEM_TEST_CHROMIUM")
    if not path:
        pytest.skip("set TANDEM_TEST_CHROMIUM to the path of a Chromium to look at mails and pages in it")
    return path
