"""What is good once is good once, also for two who come at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from shared.store import sign_ins
from shared.store.sign_ins import OpenidRequest
from tests import databases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from shared.store.engine import Store

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ASKED = OpenidRequest("verifier", "nonce", "p-1")
AT_ONCE = 6


@pytest.fixture
def shared(database: str, tmp_path: Path) -> Iterator[Store]:  # noqa: ARG001 - decides which kind
    with closing(databases.opened_for_all(tmp_path)) as store:
        yield store


def at_once(do: Callable[[], Any]) -> list[Any]:
    """What each of some gets who do the same at one moment."""
    gate = threading.Barrier(AT_ONCE)

    def one(_: int) -> Any:
        gate.wait(20)
        return do()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_a_link_signs_in_once(shared: Store) -> None:
    for _ in range(10):
        secret = sign_ins.link(shared, "p-1", NOW)
        got = at_once(lambda secret=secret: sign_ins.redeem(shared, secret, NOW))
        assert sorted(got, key=str) == [None] * (AT_ONCE - 1) + ["p-1"]
    late = sign_ins.link(shared, "p-1", NOW)
    assert sign_ins.redeem(shared, late, NOW + sign_ins.LINK) is None


def test_a_state_is_good_once_and_for_its_browser_alone(shared: Store) -> None:
    for _ in range(10):
        state = sign_ins.ask(shared, "browser", ASKED, NOW)
        assert sign_ins.answered(shared, "another", state, NOW) is None
        got = at_once(lambda state=state: sign_ins.answered(shared, "browser", state, NOW))
        assert [each for each in got if each is not None] == [ASKED]
