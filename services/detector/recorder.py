"""Batches of Kafka records into the database, with patience for the database."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from faststream.exceptions import NackMessage

from services.detector.origins import Origins, origin_of
from shared.events.cloudevents import structured
from shared.intake import INTAKE, Intake
from shared.isolating import record_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.detector.metrics import Metrics
    from services.detector.origins import Record
    from shared.recording import Report
    from shared.rules import Rules
    from shared.store.engine import Store

WAITS = tuple(min(0.1 * 2**attempt, 30.0) for attempt in range(10))
"""Most seconds between two attempts at one batch: 81 in all, well within the poll interval of 900."""

log = logging.getLogger("tandem.detector")


class Recorder:
    """Records one batch at a time, in a thread; others may look at it meanwhile."""

    def __init__(
        self, store: Store, rules: Rules, waits: Sequence[float], metrics: Metrics, intake: Intake = INTAKE
    ) -> None:
        self._store = store
        self._rules = rules
        self._waits = waits
        self._metrics = metrics
        self._intake = intake
        self._stopping = threading.Event()
        self._alone = threading.Lock()
        self._began: float | None = None
        self.hand: Counter[tuple[str, int]] = Counter()
        """How many records of each partition the latest batch holds."""
        self.batches = 0
        """How many Kafka noted as read."""
        self.refusal: str | None = None
        """Why the database does not take batches, or None."""

    def stop(self) -> None:
        """End any waiting; the batch in hand is read again by whoever comes next."""
        self._stopping.set()

    def recording_for(self) -> float:
        """Seconds since the attempt in progress began; 0 without one."""
        began = self._began
        return 0 if began is None else time.monotonic() - began

    def noted(self) -> None:
        """Say that Kafka has noted the batch as read."""
        self.batches += 1
        self._metrics.progress.set_to_current_time()

    def check(self) -> None:
        """Find out whether the database takes writes, unless a batch is telling just now."""
        if not self._alone.acquire(blocking=False):
            return
        try:
            with self._store.writing():
                self.refusal = None
        except Exception as error:  # noqa: BLE001 - whatever it is, the database takes no batch
            self.refusal = _brief(error)
        finally:
            self._alone.release()

    def record_patiently(self, records: Sequence[Record]) -> None:
        """Record a batch; when the database does not take it after many attempts, have it read again."""
        self.hand = Counter((one.topic, one.partition) for one in records)
        for wait in self._waits:
            try:
                return _tell(self._record(records), records)
            except Exception as error:  # noqa: BLE001 - bad records raise nothing: the fault is not in them
                self._refuse(error)
                pause = wait * random.uniform(0.5, 1)  # noqa: S311 - spreads the load, guards nothing
                log.warning(
                    "%d records are not recorded yet (%s); nothing is lost, trying again in %.1f s",
                    len(records),
                    self.refusal,
                    pause,
                )
            if self._stopping.wait(pause):
                break
        raise NackMessage

    def _record(self, records: Sequence[Record]) -> Report:
        with self._alone:
            self._began = time.monotonic()
            try:
                with self._metrics.seconds.time():
                    report = record_apart(
                        self._store,
                        [structured(one.value, one.headers) for one in records],
                        as_of=datetime.now(UTC),
                        rules=self._rules,
                        origins=Origins(records),
                        intake=self._intake,
                    )
            finally:
                self._began = None
            self.refusal = None
        self._metrics.count(report)
        return report

    def _refuse(self, error: Exception) -> None:
        self.refusal = _brief(error)
        self._metrics.refusals.inc()


def _tell(report: Report, records: Sequence[Record]) -> None:
    counts = (report.accepted, report.duplicates, report.conflicts, len(report.rejects))
    log.info("%d events recorded, %d duplicates, %d conflicts, %d dead letters", *counts)
    for reject in report.rejects:
        log.warning(
            "Dead letter %s: %s %s", origin_of(records[reject.index]).name, reject.field, reject.reason
        )


def _brief(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".partition("\n")[0]
