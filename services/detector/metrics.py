"""What a detector counts, for Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.recording import Report

_BATCH_SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)


class Metrics:
    """The figures of one detector, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._events = Counter(
            "tandem_detector_events", "Records by what became of them.", ["outcome"], registry=self.registry
        )
        for outcome in ("accepted", "duplicate", "conflict", "rejected"):
            self._events.labels(outcome)
        self._batches = Counter("tandem_detector_batches", "Batches recorded.", registry=self.registry)
        self.refusals = Counter(
            "tandem_detector_refusals",
            "Attempts at a batch that the database did not take.",
            registry=self.registry,
        )
        self.seconds = Histogram(
            "tandem_detector_batch_seconds",
            "Seconds from a batch in hand to its commit in the database.",
            buckets=_BATCH_SECONDS,
            registry=self.registry,
        )
        self.progress = Gauge(
            "tandem_detector_last_progress_timestamp_seconds",
            "When Kafka last noted that a batch was read.",
            registry=self.registry,
        )
        self._lag = Gauge(
            "tandem_detector_lag_records",
            "Records of the partitions held that are not recorded yet.",
            ["topic", "partition"],
            registry=self.registry,
        )
        self.connected = Gauge(
            "tandem_detector_kafka_up", "Whether Kafka answered last time: 1 or 0.", registry=self.registry
        )

    def count(self, report: Report) -> None:
        """Add what became of a batch."""
        self._batches.inc()
        self._events.labels("accepted").inc(report.accepted)
        self._events.labels("duplicate").inc(report.duplicates)
        self._events.labels("conflict").inc(report.conflicts)
        self._events.labels("rejected").inc(len(report.rejects))

    def show_lag(self, lag: Mapping[tuple[str, int], int]) -> None:
        """Show the lag of these partitions and of no others."""
        self._lag.clear()
        for (topic, partition), records in lag.items():
            self._lag.labels(topic, str(partition)).set(records)
