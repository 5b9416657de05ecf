"""What all tests share: how long properties are searched for a counterexample."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from shared.store.engine import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile("default", deadline=None, max_examples=60, suppress_health_check=_SLOW)
settings.register_profile("ci", deadline=None, max_examples=600, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty database in memory."""
    opened = Store.open("sqlite://")
    yield opened
    opened.close()
