"""The archive: the newest first, whatever kind of period ended last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared import archive, publishing
from shared.archive import Shelf
from shared.mailing.steps import progress
from shared.periods import Period
from shared.recording import record
from shared.rules import DEFAULTS
from tests import make

if TYPE_CHECKING:
    from shared.store.engine import Store

LEADERS = Shelf(frozenset({"leadership"}), composed=True)
BY_END = ["leadership-2026-W18", "leadership-2026-04", "leadership-2026-W05", "leadership-2025-12"]


@pytest.fixture
def filled(store: Store) -> Store:
    record(store, make.raw(make.win()), as_of=make.LATER, rules=DEFAULTS)
    for name in sorted(BY_END):
        period = Period.parse(name.removeprefix("leadership-"))
        publishing.compose(store, "leadership", period, make.LATER, DEFAULTS, {})
    return store


def test_weeks_and_months_stand_in_the_order_in_which_they_ended(filled: Store) -> None:
    with filled.reading() as connection:
        found, total = archive.page_of(connection, LEADERS, "", 0, 9)
        assert ([each.edition_id for each in found], total) == (BY_END, 4)
        second, total = archive.page_of(connection, LEADERS, "", 1, 2)
        assert ([each.edition_id for each in second], total) == (BY_END[1:3], 4)
        searched, total = archive.page_of(connection, LEADERS, "2026-W", 0, 9)
        assert ([each.edition_id for each in searched], total) == ([BY_END[0], BY_END[2]], 2)
        assert [each.edition_id for each in progress(connection)] == BY_END


def test_nothing_is_on_an_empty_shelf(filled: Store) -> None:
    with filled.reading() as connection:
        assert archive.page_of(connection, Shelf(frozenset()), "", 0, 9) == ([], 0)
        assert archive.latest(connection, "newsletter") is None
        assert archive.latest(connection, "leadership") is None, "none was released"
