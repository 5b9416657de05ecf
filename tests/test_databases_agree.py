"""One world in both databases: the same rows, and the same digits of every figure."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.measuring import measure
from shared.periods import Period
from shared.rules import DEFAULTS
from shared.viewing import view
from tests import databases, seen
from tests.test_recording_oracle import as_ofs
from tests.worlds import worlds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

Json = dict[str, Any]
PERIODS = (Period.month(2026, 3), Period.parse("2026-W11"))


@pytest.fixture(scope="module", autouse=True)
def _lent_until_the_end() -> Iterator[None]:
    with databases.using("postgresql"):
        yield


@pytest.mark.skipif(not databases.POSTGRES, reason="TANDEM_TEST_POSTGRES_URL is not set")
@settings(max_examples=settings().max_examples // 3)
@given(worlds(), as_ofs, st.data())
def test_sqlite_and_postgresql_say_the_same(events: list[Json], as_of: datetime, data: st.DataObject) -> None:
    seen_at = data.draw(as_ofs)
    one, other = (told(kind, events, as_of, seen_at) for kind in ("sqlite", "postgresql"))
    assert list(seen.differences(one[0], other[0])) == []
    assert one[1] == other[1]


def told(kind: str, events: list[Json], as_of: datetime, seen_at: datetime) -> tuple[Any, list[str]]:
    """All rows, and what every figure prints."""
    with databases.using(kind), closing(seen.recorded(events, as_of, DEFAULTS)) as store:
        with view(store, seen_at, DEFAULTS) as connection:
            rows = seen.dump(connection)
            figures = [
                repr(kpi)
                for period in PERIODS
                for kpi in measure(connection, period, seen_at, DEFAULTS, {}).kpis
            ]
        return rows, figures
