"""Answers that cost much are worked out once for all who ask, and beside those who saw an earlier one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING

import pytest

from services.newsroom.web.kept import LONGEST, MOST, SECONDS, Kept, PendingError

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 30.0


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def counting() -> Callable[[], int]:
    asked: list[int] = []
    return lambda: asked.append(1) or len(asked)  # type: ignore[func-returns-value] # it returns None


def settled(kept: Kept[int], work_out: Callable[[], int], wanted: int, version: int | None = None) -> bool:
    """Whether the answer becomes this one in the end."""
    return any(kept.get("a", work_out, version) == wanted or Event().wait(0.01) for _ in range(3000))


def test_an_answer_is_kept_while_what_it_rests_on_stays_the_same() -> None:
    clock, work_out = Clock(), counting()
    kept: Kept[int] = Kept(clock, PATIENCE)
    assert [kept.get("a", work_out, 1), kept.get("b", work_out, 1)] == [1, 2]
    clock.now = SECONDS + 1
    assert kept.get("a", work_out, 1) == 1
    clock.now = LONGEST
    assert kept.get("a", work_out, 1) == 3, "too old in any case"
    kept.forget()
    assert kept.get("a", work_out, 1) == 4


@pytest.mark.parametrize("version", [2, None])
def test_what_changed_is_worked_out_beside_those_who_see_the_earlier_answer(version: int | None) -> None:
    clock, work_out, go = Clock(), counting(), Event()
    kept: Kept[int] = Kept(clock, PATIENCE)

    def when_told() -> int:
        assert go.wait(PATIENCE)
        return work_out()

    assert kept.get("a", work_out, 1) == 1
    clock.now = SECONDS - 1
    assert kept.get("a", when_told, version) == 1, "nobody looks so soon"
    clock.now = SECONDS
    assert [kept.get("a", when_told, version) for _ in range(3)] == [1, 1, 1]
    go.set()
    assert settled(kept, when_told, 2, version)


def test_the_oldest_gives_way() -> None:
    kept: Kept[int] = Kept(Clock(), PATIENCE)
    for number in range(MOST + 1):
        assert kept.get(number, lambda number=number: number) == number
    assert kept.get(MOST, lambda: -1) == MOST
    assert kept.get(0, lambda: -1) == -1


def test_many_who_ask_at_once_cost_one_answer() -> None:
    kept: Kept[int] = Kept(patience=PATIENCE)
    work_out = counting()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: kept.get("a", work_out), range(64)))
    assert answers == [1] * 64


def test_who_waited_long_enough_may_come_back_and_nobody_else_waits() -> None:
    kept: Kept[str] = Kept(patience=0.01)
    go = Event()

    def slowly() -> str:
        assert go.wait(PATIENCE)
        return "slow"

    for _ in range(2):
        with pytest.raises(PendingError):
            kept.get("slow", slowly)
    kept.patience = PATIENCE
    assert kept.get("quick", lambda: "quick") == "quick"
    go.set()
    assert kept.get("slow", lambda: "again") == "slow"


def test_what_was_forgotten_meanwhile_is_not_kept() -> None:
    kept: Kept[str] = Kept(patience=0.01)
    go = Event()

    def slowly() -> str:
        assert go.wait(PATIENCE)
        return "old"

    with pytest.raises(PendingError):
        kept.get("a", slowly)
    kept.forget()
    kept.patience = PATIENCE
    assert kept.get("a", lambda: "new") == "new"
    go.set()
    assert kept.get("a", lambda: "newer") == "new"


def test_a_question_that_failed_may_be_asked_again() -> None:
    kept: Kept[int] = Kept(patience=PATIENCE)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 2) == 2
