"""CloudEvents 1.0, as Tandem reads it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from shared.events.payload import Payload
from shared.events.scalars import Id, Line, Time

SIMULATED: Final = "simulated"
"""The attribute by which an event of a simulation says so."""
P_co = TypeVar("P_co", bound=Payload, covariant=True)


class Envelope(BaseModel):
    """The attributes every event has."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    specversion: Literal["1.0"]
    id: Id
    source: Id
    type: Id
    time: Time
    subject: Line | None = None


def is_invented(document: dict[str, Any]) -> bool:
    """Whether an event says that it is of a simulation; the same word in its data says nothing."""
    said = document.get(SIMULATED)
    return said is True or said == "true"  # headers hold only text


class Event(Envelope, Generic[P_co]):
    """One fact: `source` and `id` name it for ever, `time` is when it happened in the world."""

    data: P_co

    @property
    def recorded_at(self) -> datetime:
        """When the source system learned of it."""
        return self.data.recorded_at or self.time

    @property
    def known_at(self) -> datetime:
        """The instant from which the event exists: it has happened and been recorded."""
        recorded_at = self.data.recorded_at
        return self.time if recorded_at is None or recorded_at < self.time else recorded_at

    @property
    def key(self) -> tuple[str, str]:
        """`source` and `id`."""
        return (self.source, self.id)
