"""Detectors under a supervisor that starts them anew, and a producer that does not give up."""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Self

from aiokafka.errors import KafkaError

from tests.chaos.checker import ahead
from tests.chaos.consumer import MEMORY_DAYS
from tests.kafka.client import committed, publish
from tests.kafka.process import DetectorProcess

if TYPE_CHECKING:
    import random
    import subprocess
    from collections.abc import Callable
    from types import TracebackType

    from tests.chaos.checker import Plain
    from tests.chaos.offering import Offering
    from tests.kafka.client import Sent

PATIENCE = 120
_BATCH = 50
_STALLED, _NOT_STARTED = 1, 2


class World:
    """Everything that is disturbed; `faults` are what went wrong, `tally` is what was done."""

    def __init__(
        self, url: str, plain: Plain, offering: Offering, dice: random.Random, width: int, folder: Path
    ) -> None:
        self.url, self.plain, self.dice, self.width = url, plain, dice, width
        self.group = f"chaos-{dice.getrandbits(32):x}"
        self.published: list[Sent] = []
        self.faults: list[str] = []
        self.tally: Counter[str] = Counter()
        self.members: list[DetectorProcess] = []
        self.helpers: list[subprocess.Popen[bytes]] = []
        self._folder = folder
        self._offering = offering
        self._left = list(offering.records)
        self._slice = 1
        self._orders: queue.Queue[list[Sent] | None] = queue.Queue()

    def __enter__(self) -> Self:
        self._producer = threading.Thread(target=self._produce, daemon=True)
        self._producer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for member in self.members:
            member.__exit__(kind, error, trace)
        self._orders.put(None)

    def divide(self, parts: int) -> None:
        """Offer the records in so many parts."""
        self._slice = len(self._left) // parts + 1

    def feed(self) -> None:
        """Offer the next part, or what was offered before once all is."""
        part, self._left = self._left[: self._slice], self._left[self._slice :]
        self._orders.put(part or self._offering.repeats(4 * _BATCH))

    def feed_rest(self) -> None:
        """Offer all that is left, and then what contradicts it."""
        self._orders.put(self._left)
        self._left = []
        self._orders.put(self._offering.contradictions)
        self.wait_for(lambda: self._orders.unfinished_tasks == 0, "the producer is done")

    def _produce(self) -> None:
        while (part := self._orders.get()) is not None:
            for start in range(0, len(part), 500):
                self.published += self._insist(part[start : start + 500])
            self._orders.task_done()

    def _insist(self, records: list[Sent]) -> list[Sent]:
        while True:
            try:
                return publish(self.url, records)
            except (KafkaError, OSError):
                self.tally["producer tried again"] += 1
                time.sleep(1)

    def start(self, **settings: object) -> DetectorProcess:
        """Start a detector."""
        member = DetectorProcess(
            self.url,
            self.group,
            self.plain.url,
            logs=self._folder,
            kafka_max_records=_BATCH,
            kafka_patience_seconds=30,
            kafka_publish=True,
            story_max_age_days=MEMORY_DAYS,
            **settings,
        )
        self.members.append(member)
        return member

    def staff(self) -> None:
        """Start anew what has ended by itself, as a supervisor does."""
        for member in [each for each in self.members if not each.running]:
            self.left(member, {_STALLED, _NOT_STARTED})
            self.tally["ended by itself"] += 1
        while len(self.members) < self.width:
            self.start()

    def left(self, member: DetectorProcess, codes: set[int]) -> None:
        """Take note of how a detector ended."""
        self.members.remove(member)
        code = member.wait_for_end()
        log = [line for line in member.log.splitlines() if " INFO " not in line and "Dead letter" not in line]
        if code == -signal.SIGTERM and "assigned to" not in member.log:
            code = 0  # it was not there yet, and had nothing to finish
        if code not in codes:
            self.faults.append(f"ended with {code} instead of {codes}: {log[:30]}")
        if "Traceback" in member.log:
            self.faults.append(f"a traceback: {log[:30]}")

    def busy(self) -> DetectorProcess:
        """Return a detector that has just recorded something."""
        self.staff()
        member = self.dice.choice(self.members)
        before = member.log.count("events recorded")
        self.feed()

        def recorded() -> bool:
            self.staff()
            return member not in self.members or member.log.count("events recorded") > before

        self.wait_for(recorded, "a detector records", self.feed)
        return member if member in self.members else self.busy()

    def wait_for(
        self, happened: Callable[[], bool], what: str, meanwhile: Callable[[], None] | None = None
    ) -> None:
        recorded, deadline = self._recorded(), time.monotonic() + PATIENCE
        nudge = time.monotonic() + 5
        while not happened():
            if (more := self._recorded()) != recorded:  # slow is not stuck
                recorded, deadline = more, time.monotonic() + PATIENCE
            if time.monotonic() > deadline:
                logs = "\n".join(member.log[-1500:] for member in self.members)
                raise AssertionError(
                    f"nothing was recorded for {PATIENCE} s, and it did not happen that {what}\n{logs}"
                )
            if meanwhile and time.monotonic() > nudge:
                nudge += 5
                meanwhile()
            time.sleep(0.05)

    def _recorded(self) -> int:
        return sum(member.log.count("events recorded") for member in self.members)

    def check_offsets(self) -> None:
        """Compare how far Kafka believes the group to be with what the database holds."""
        published = list(self.published)
        self.faults += ahead(self._committed(), published, self.plain)
        self.tally["offsets compared"] += 1

    def unread(self) -> int:
        read = self._committed()
        return sum(one.offset >= read[one.topic, one.partition] for one in self.published)

    def _committed(self) -> dict[tuple[str, int], int]:
        while True:
            try:
                return committed(self.url, self.group)
            except (KafkaError, OSError):
                time.sleep(0.5)


def apache_home() -> Path | None:
    """Where the Apache Kafka under test lives, if it may be killed."""
    home = os.environ.get("TANDEM_TEST_KAFKA_HOME")
    return Path(home) if home else None
