"""Answers that cost much, kept while what they rest on stays the same; anew they are worked out beside.

Whoever asks meanwhile sees the earlier answer, or waits a little for the first one.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

MOST: Final = 128
SECONDS: Final = 60.0
"""For so long nobody looks whether an answer still holds."""
LONGEST: Final = 3600.0
"""An answer is worked out anew after so long in any case, for figures settle as time goes by."""
PATIENCE: Final = 3.0
"""Seconds that a page waits for a first answer."""
Answer = TypeVar("Answer")
log = logging.getLogger("tandem.newsroom")


class PendingError(Exception):
    """An answer takes longer than anybody waits for a page; it is there for whoever asks later."""


class _Known(NamedTuple, Generic[Answer]):
    at: float
    version: Hashable
    answer: Answer


class Kept(Generic[Answer]):
    """The latest answers; a question is worked out once, however many ask it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, patience: float = PATIENCE) -> None:
        self._clock = clock
        self.patience = patience
        self._answers: OrderedDict[Hashable, _Known[Answer]] = OrderedDict()
        self._begun: dict[Hashable, Future[Answer]] = {}
        self._lock = threading.Lock()

    def get(self, question: Hashable, work_out: Callable[[], Answer], version: Hashable = None) -> Answer:
        """The kept answer, else a new one; raises PendingError where that takes long.

        `version` tells whether what answers rest on is still the same; None where that cannot be told.
        """
        with self._lock:
            known = self._answers.get(question)
            age = self._clock() - known.at if known else LONGEST
            same = version is not None and known is not None and known.version == version
            if known and (age < SECONDS or (same and age < LONGEST)):
                return known.answer
            work = self._begun.get(question) or self._begin(question, work_out, version)
        if known and age < LONGEST:
            return known.answer
        try:
            return work.result(self.patience)
        except TimeoutError:
            if work.done():
                raise
            raise PendingError from None

    def _begin(self, question: Hashable, work_out: Callable[[], Answer], version: Hashable) -> Future[Answer]:
        future = self._begun[question] = Future[Answer]()
        beside = threading.Thread(target=self._work, args=(future, question, work_out, version), daemon=True)
        beside.start()
        return future

    def _work(
        self, future: Future[Answer], question: Hashable, work_out: Callable[[], Answer], version: Hashable
    ) -> None:
        try:
            answer = work_out()
        except Exception as error:  # noqa: BLE001 - whoever waits for it raises it
            log.info("%s could not be worked out: %r", question, error)
            self._end(future, question)
            future.set_exception(error)
        else:
            self._end(future, question, _Known(self._clock(), version, answer))
            future.set_result(answer)

    def _end(self, future: Future[Answer], question: Hashable, known: _Known[Answer] | None = None) -> None:
        with self._lock:
            if self._begun.get(question) is not future:  # all was forgotten meanwhile
                return
            del self._begun[question]
            if known is not None:
                self._answers[question] = known
                self._answers.move_to_end(question)
            while len(self._answers) > MOST:
                self._answers.popitem(last=False)

    def forget(self) -> None:
        """Ask everything anew."""
        with self._lock:
            self._answers.clear()
            self._begun.clear()
