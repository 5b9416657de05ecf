"""Editors choose by hand: composing follows them on every way, and nothing else is released."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared import publishing
from shared.choosing import choose, move
from shared.editions.sections import ByHand
from shared.periods import Period
from shared.publishing import EditionError
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store import choosing
from shared.stories.redaction import Hidden
from tests import make

if TYPE_CHECKING:
    from typing import Any

    from shared.editions.model import Edition
    from shared.store.engine import Store

APRIL, EDITION = Period.month(2026, 4), "newsletter-2026-04"
NOW = make.LATER
FIRST, SECOND, THIRD = (f"roadblock_beaten:SO-{number}" for number in (1, 2, 3))


def composed(store: Store) -> Edition:
    return publishing.compose(store, "newsletter", APRIL, NOW, DEFAULTS, {})


def order(store: Store) -> list[str]:
    return [each.win_id for each in composed(store).stories]


def say(store: Store, action: Any, win_id: str, reason: str = "It is the better one") -> None:
    choose(store, EDITION, action, win_id, NOW, who="p-editor", reason=reason)


def log(store: Store) -> list[tuple[str, tuple[str, ...], str]]:
    with store.reading() as connection:
        return [(each.action, each.win_ids, each.reason) for each in choosing.history(connection, EDITION)]


@pytest.fixture
def told(store: Store) -> Store:
    events = [event for number in (1, 2, 3) for event in make.win(f"SO-{number}", f"C-{number}")]
    record(store, make.raw(events), as_of=NOW, rules=DEFAULTS)
    assert order(store) == [FIRST, SECOND, THIRD]
    return store


def test_what_editors_choose_is_composed_and_kept(told: Store) -> None:
    say(told, "drop", FIRST, " Its customer asked us not to ")
    assert order(told) == [SECOND, THIRD]
    move(told, EDITION, THIRD, 1, 0, NOW, who="p-editor")
    edition = composed(told)
    assert [each.win_id for each in edition.stories] == [THIRD, SECOND]
    assert edition.by_hand == ByHand(dropped=(FIRST,), order=(THIRD, SECOND))
    say(told, "free", FIRST, "")
    assert order(told) == [THIRD, SECOND, FIRST]
    assert log(told) == [
        ("drop", (FIRST,), "Its customer asked us not to"),
        ("arrange", (THIRD, SECOND), ""),
        ("free", (FIRST,), ""),
    ]


def test_the_same_again_changes_nothing(told: Store) -> None:
    for _ in range(2):
        say(told, "pin", SECOND)
        move(told, EDITION, FIRST, 0, 1, NOW, who="p-editor")
    move(told, EDITION, FIRST, 0, 9, NOW, who="p-editor")
    assert [each[0] for each in log(told)] == ["pin", "arrange"]


def test_only_what_was_chosen_last_is_released(told: Store) -> None:
    say(told, "drop", FIRST)
    with pytest.raises(EditionError, match="An editor chose otherwise since; compose"):
        publishing.release(told, EDITION)
    composed(told)
    publishing.release(told, EDITION)
    for late in ("pin", "free"):
        with pytest.raises(EditionError, match="was released and stays"):
            say(told, late, FIRST)
    with pytest.raises(EditionError, match="was released and stays"):
        move(told, EDITION, SECOND, 0, 1, NOW, who="p-editor")


def test_what_cannot_be_chosen_says_why(told: Store) -> None:
    for action, win_id, reason, why in (
        ("pin", FIRST, " ", "reason is empty"),
        ("pin", "roadblock_beaten:SO-9", "x", "is no win"),
        ("arrange", FIRST, "x", "nothing that can be chosen"),
    ):
        with pytest.raises(EditionError, match=why):
            say(told, action, win_id, reason)
    with pytest.raises(EditionError, match="There is no edition"):
        choose(told, "newsletter-2020-01", "pin", FIRST, NOW, who="p", reason="x")
    assert log(told) == []


def test_an_erased_name_is_in_no_reason(told: Store) -> None:
    say(told, "pin", FIRST, "Jonas Weber asked for it")
    with told.noting() as connection:
        choosing.erase(connection, Hidden("Jonas Weber", "warehouse"))
    [(_, _, reason)] = log(told)
    assert "Jonas" not in reason
