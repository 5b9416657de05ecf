"""A story as its author writes it: answers to the questions, before and after it is handed in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import orjson

from shared.events.drafts import MOST_PHOTOS

if TYPE_CHECKING:
    from datetime import datetime

ASKED: Final = 5
"""Of the seven questions, how many are answered in words; the last two choose people."""
DEED: Final = 2
"""The place of the question what one did, where a text goes that is not in parts."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A photo of a manuscript, with what the author says that it shows."""

    photo_id: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """All that an author wrote and chose, whatever it is: it is checked when it is handed in."""

    title: str = ""
    answers: tuple[str, ...] = ("",) * ASKED
    order_id: str = ""
    witness: str = ""
    """Who of the other side can confirm it, by id."""
    thanks: tuple[str, ...] = ()
    naming: str = ""
    photos: tuple[Attached, ...] = ()

    @property
    def body(self) -> str:
        """The answers as one text."""
        return "\n\n".join(text for each in self.answers if (text := each.strip()))

    def with_photo(self, photo_id: str) -> Words:
        """The same with one more photo, of at most a few."""
        if len(self.photos) >= MOST_PHOTOS or photo_id in {each.photo_id for each in self.photos}:
            return self
        return replace(self, photos=(*self.photos, Attached(photo_id)))

    def without_photo(self, photo_id: str) -> Words:
        """The same without that photo."""
        return replace(self, photos=tuple(each for each in self.photos if each.photo_id != photo_id))

    def reworded(self, title: str, body: str) -> Words:
        """The same as somebody else worded it, in one piece."""
        answers = [""] * ASKED
        answers[DEED] = body
        return replace(self, title=title, answers=tuple(answers))

    def dumped(self) -> str:
        """As it is kept."""
        return orjson.dumps(self).decode()


def loaded(text: str) -> Words:
    """Words as they were kept."""
    told: dict[str, Any] = orjson.loads(text)
    photos = tuple(Attached(**each) for each in told.pop("photos"))
    return Words(
        **{**told, "answers": tuple(told["answers"]), "thanks": tuple(told["thanks"])}, photos=photos
    )


@dataclass(frozen=True, slots=True)
class Manuscript:
    """Words on their way to becoming a story."""

    manuscript_id: str
    person_id: str
    draft_id: str
    words: Words
    began_at: datetime
    changed_at: datetime
    aside: Words | None = None
    """Another version, so that none is ever lost."""
    returns: bool = field(default=False)
    """Whether that version was sent while nobody was signed in, and is the newer one."""
    sent: int = 0
    sent_words: Words | None = None

    @property
    def is_sent(self) -> bool:
        """Whether it was handed in as it reads now."""
        return self.words == self.sent_words
