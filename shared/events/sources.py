"""What a source says about itself on any topic: how far it has told all, and what never happened."""

from __future__ import annotations

from typing import ClassVar

from shared.events.payload import EventName, Payload
from shared.events.scalars import Reason, Time


class SourceHeartbeat(Payload):
    """This source has sent all it knows up to `complete_until`."""

    TYPE: ClassVar[str] = "tandem.source.heartbeat.v1"
    TOPIC: ClassVar[str] = ""

    complete_until: Time


class EventRetracted(Payload):
    """The named event never happened."""

    TYPE: ClassVar[str] = "tandem.event.retracted.v1"
    TOPIC: ClassVar[str] = ""

    corrects: EventName
    reason: Reason
