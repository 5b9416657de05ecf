"""Answers that cost much, kept for a minute: whoever asks the same while one is worked out waits for it."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

MOST: Final = 128
SECONDS: Final = 60.0
Answer = TypeVar("Answer")


class Kept(Generic[Answer]):
    """The latest answers, none older than a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._answers: OrderedDict[Hashable, tuple[float, Answer]] = OrderedDict()
        self._turns: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, question: Hashable, work_out: Callable[[], Answer]) -> Answer:
        """The kept answer to a question, else a new one; other questions do not wait for it."""
        with self._lock:
            turn = self._turns.setdefault(question, threading.Lock())
        try:
            with turn:
                return (self._known(question) or self._keep(question, work_out()))[1]
        finally:
            with self._lock:
                self._turns.pop(question, None)

    def _known(self, question: Hashable) -> tuple[float, Answer] | None:
        with self._lock:
            known = self._answers.get(question)
        return known if known is not None and self._clock() - known[0] < SECONDS else None

    def _keep(self, question: Hashable, answer: Answer) -> tuple[float, Answer]:
        with self._lock:
            self._answers[question] = kept = (self._clock(), answer)
            self._answers.move_to_end(question)
            while len(self._answers) > MOST:
                self._answers.popitem(last=False)
        return kept

    def forget(self) -> None:
        """Ask everything anew."""
        with self._lock:
            self._answers.clear()
