"""The topic `drafts`: people's own stories."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from shared.events.payload import Payload, Person
from shared.events.scalars import Id, Name, Text

MOST_OF_A_TITLE = 150
MOST_BYTES = 20_480
"""Of a body: ten pages, and as much as Markdown is read of without effort."""
MOST_PHOTOS = 4
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that show text in another order than it has."""


def _subject(title: str) -> str:
    """A title becomes the subject of a mail: no encoded words, no half-empty lines."""
    if not title.strip():
        raise PydanticCustomError("title", "The title is empty; say in a few words what happened")
    if "=?" in title:
        raise PydanticCustomError("title", "=? is how mails encode other text; write the title without it")
    return title


def _prose(body: str) -> str:
    if (size := len(body.encode())) > MOST_BYTES:
        raise PydanticCustomError(
            "body",
            "The text has {size} bytes; the most is {most}: shorten it",
            {"size": size, "most": MOST_BYTES},
        )
    if found := _OVERRIDES & set(body):
        raise PydanticCustomError(
            "body",
            "The text holds U+{code}, which shows text in another order; take it out",
            {"code": f"{ord(min(found)):04X}"},
        )
    return body


Title = Annotated[Name, Field(max_length=MOST_OF_A_TITLE), AfterValidator(_subject)]
Markdown = Annotated[Text, AfterValidator(_prose)]


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

    title: Title
    body: Markdown
    order_ids: tuple[Id, ...] = Field(default=(), max_length=1000, strict=False)
    customer_id: Id | None = None
    thanks: tuple[Person, ...] = Field(default=(), max_length=1000, strict=False)
    named: tuple[Person, ...] = Field(default=(), max_length=1000, strict=False)
    photos: tuple[Id, ...] = Field(default=(), max_length=MOST_PHOTOS, strict=False)


class DraftConfirmed(_Draft):
    """The other department's one line; `actor` confirms."""

    TYPE: ClassVar[str] = "tandem.draft.confirmed.v1"

    line: Text
