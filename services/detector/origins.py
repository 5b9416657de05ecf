"""Where records of Kafka came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, overload

from shared.intake import Origin


class Record(Protocol):
    """What aiokafka reads from a topic; time stamps are in milliseconds."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


class Origins(Sequence[Origin]):
    """Where each record came from, worked out only for those that are asked about."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, index: int) -> Origin: ...
    @overload
    def __getitem__(self, index: slice) -> Origins: ...
    def __getitem__(self, index: int | slice) -> Origin | Origins:
        if isinstance(index, slice):
            return Origins(self._records[index])
        return origin_of(self._records[index])


def origin_of(one: Record) -> Origin:
    """Name a record for ever; by its time too, because a topic made anew counts from 0 again."""
    name = f"{one.topic}/{one.partition}/{one.offset}@{one.timestamp}"
    return Origin(name, one.topic, tuple(one.headers), one.value, one.key)
