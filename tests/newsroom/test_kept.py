"""Answers that cost much are worked out once a minute, and only so many of them are kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from services.newsroom.web.kept import MOST, SECONDS, Kept


def test_an_answer_is_kept_for_a_minute() -> None:
    now, asked = 0.0, []
    kept: Kept[int] = Kept(lambda: now)

    def work_out() -> int:
        asked.append(1)
        return len(asked)

    assert [kept.get("a", work_out), kept.get("a", work_out), kept.get("b", work_out)] == [1, 1, 2]
    now = SECONDS - 0.1
    assert kept.get("a", work_out) == 1
    now = SECONDS
    assert kept.get("a", work_out) == 3
    kept.forget()
    assert kept.get("a", work_out) == 4


def test_the_oldest_gives_way() -> None:
    kept: Kept[int] = Kept(lambda: 0.0)
    for number in range(MOST + 1):
        assert kept.get(number, lambda number=number: number) == number
    assert kept.get(MOST, lambda: -1) == MOST
    assert kept.get(0, lambda: -1) == -1


def test_many_who_ask_at_once_cost_one_answer() -> None:
    kept: Kept[int] = Kept()
    asked: list[int] = []
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: kept.get("a", lambda: asked.append(1) or len(asked)), range(64)))
    assert answers == [1] * 64


def test_nobody_waits_for_the_answer_to_another_question() -> None:
    kept: Kept[str] = Kept()
    began, go = Event(), Event()

    def slowly() -> str:
        began.set()
        assert go.wait(30)
        return "slow"

    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(kept.get, "slow", slowly)
        assert began.wait(30)
        assert kept.get("quick", lambda: "quick") == "quick"
        assert not slow.done()
        go.set()
        assert slow.result() == "slow"


def test_a_question_that_failed_may_be_asked_again() -> None:
    kept: Kept[int] = Kept()
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 2) == 2
