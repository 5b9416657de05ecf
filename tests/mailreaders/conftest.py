"""The data on what mail readers can do: fetched by `.ci/caniemail`, which names it in a variable."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def features() -> dict[str, Any]:
    path = os.environ.get("TANDEM_TEST_CANIEMAIL")
    if not path:
        pytest.skip("run this by .ci/caniemail, which fetches the data on mail readers")
    told = json.loads(Path(path).read_text(encoding="utf-8"))
    return {each["slug"]: each for each in told["data"]}
