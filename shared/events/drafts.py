"""The topic `drafts`: people's own stories."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from shared.events.payload import Payload, Person
from shared.events.scalars import Id, Name, Text


class _Draft(Payload):
    TOPIC: ClassVar[str] = "drafts"

    draft_id: Id

    @property
    def subject(self) -> str:
        """The draft."""
        return f"draft/{self.draft_id}"


class DraftSubmitted(_Draft):
    """Someone tells a story; `actor` submits, the body is Markdown."""

    TYPE: ClassVar[str] = "tandem.draft.submitted.v1"

    title: Name
    body: Text
    order_ids: tuple[Id, ...] = Field(default=(), max_length=1000, strict=False)
    customer_id: Id | None = None
    thanks: tuple[Person, ...] = Field(default=(), max_length=1000, strict=False)
    named: tuple[Person, ...] = Field(default=(), max_length=1000, strict=False)


class DraftConfirmed(_Draft):
    """The other department's one line; `actor` confirms."""

    TYPE: ClassVar[str] = "tandem.draft.confirmed.v1"

    line: Text
