"""Any split of events into posts, in any order, any number of times: the rows that an import leaves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.recording import record
from shared.rules import DEFAULTS
from tests import databases, seen
from tests.make import raw
from tests.worlds import worlds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.http.newsroom import Newsroom

Json = dict[str, Any]


@pytest.fixture(autouse=True, scope="module")
def _lent() -> Iterator[None]:
    with databases.using("sqlite"):
        yield


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(events=worlds(), dice=st.randoms(use_true_random=False))
def test_any_split(newsroom: Newsroom, events: list[Json], dice: Any) -> None:
    newsroom.forget()
    told = events + [event for event in events if dice.random() < 0.3]
    dice.shuffle(told)
    while told:
        size = dice.choice((1, 2, 5, 30))
        batch, told = told[:size], told[size:]
        assert newsroom.send(*batch).status_code in {202, 422}
    whole = databases.opened()
    whole.secret = newsroom.store.secret
    record(whole, raw(events), as_of=datetime.now(UTC), rules=DEFAULTS)
    with whole.reading() as one, newsroom.store.reading() as other:
        assert list(seen.differences(seen.dump(one), seen.dump(other))) == []
    whole.close()
