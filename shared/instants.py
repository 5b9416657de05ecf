"""Instants as numbers: what times of any offsets are stored, compared and sorted by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(value: datetime) -> int:
    """An instant since 1970."""
    return (value - _EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """The instant of so many microseconds since 1970, in UTC."""
    return _EPOCH + value * _MICROSECOND
