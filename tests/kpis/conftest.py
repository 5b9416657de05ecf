"""All tests here run on each kind of database."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _on_each(database: str) -> None:
    """Have what is measured on each of them."""
