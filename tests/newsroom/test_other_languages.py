"""Whoever reads in another language than English meets no English of ours, on whatever page."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from shared import tables
from shared.intake import INTAKE
from shared.languages import ENGLISH, catalogue, languages
from shared.mending import Mending
from shared.people.choosing import prefer
from shared.recording import record
from shared.rules import DEFAULTS
from shared.sayings import said
from tests import make
from tests.newsroom.test_pages import PAGES, hand_in, release, tell
from tests.newsroom.visiting import ROLES, sign_in

if TYPE_CHECKING:
    from tests.http.newsroom import Newsroom

MORE = (
    "/wins/nearly?week=2026-W12", "/wins?status=revoked", "/wins/roadblock_beaten:SO-81",
    "/quality/letters/1", "/erase/editor", "/desk/stories/story-team_told:D-0",
    "/desk/edit/story-team_told:D-0",
    "/desk/editions/newsletter-2026-05", "/desk/editions/leadership-2026-04/look?as=text",
    "/archive/nothing", "/board?by=nothing", "/board?month=2026-13", "/wins?page=0", "/wins?status=nothing",
    "/wins/nearly?after=nothing", "/people/nobody", "/desk?state=nothing",
)  # fmt: skip
ALIKE = frozenset(("newsletter", "system", "normal", "export", "marketing", "operations", "material", *ROLES))
"""Words of ours that are also those of customers, ids or other languages."""


class _Texts(HTMLParser):
    """What a page says, also of its pictures and fields."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside.append(tag)
        self.found += [text for name, text in attrs if name in {"aria-label", "placeholder", "alt"} and text]

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "option" not in self._inside:
            self.found.append(" ".join(data.split()))


def happened(newsroom: Newsroom) -> None:
    """A month with what goes well, what nearly does, what goes wrong, and what nobody can read."""
    tell(newsroom, 3)
    events = [
        *make.win("SO-81", "C-81"),
        make.returned(1, make.at("03-20"), order_id="SO-81", customer_id="C-81"),
        make.assessed("quality", make.at("03-21"), order_id="SO-81", customer_id="C-81"),
        *make.win("SO-82", "C-82")[:-1],
        make.delivered(100, make.at("03-14"), order_id="SO-82", customer_id="C-82"),
        make.delivered(100, make.at("03-11"), order_id="SO-83", customer_id="C-82"),
    ]
    record(newsroom.store, make.raw(events), as_of=make.LATER, rules=DEFAULTS)
    release(newsroom)
    hand_in(newsroom, 1)


def english(page: str, language: str) -> set[str]:
    """What a page says as only English does."""
    texts = _Texts()
    texts.feed(page)
    ours = {str(each.id) for each in catalogue(language) if each.id and each.string != each.id}
    found = {text for text in texts.found if text and text not in ALIKE}
    return {text for text in found if text in ours or said(text, language) != text}


@pytest.mark.parametrize("language", [each for each in languages() if each != ENGLISH])
def test_no_page_says_anything_in_english(newsroom: Newsroom, language: str) -> None:
    happened(newsroom)
    prefer(newsroom.store, "admin", datetime.now(UTC), who="test", language=language)
    visitor = sign_in(newsroom, "admin")
    for path in (*PAGES, *MORE):
        assert english(visitor.get(path).text, language) == set(), path


def test_what_became_of_a_letter_is_said_too(newsroom: Newsroom) -> None:
    tell(newsroom, 1)
    [good] = make.raw([make.placed(name="mended", order_id="SO-90")])
    [letter] = newsroom.rows(tables.dead_letters)
    number = letter["number"]
    Mending(newsroom.store, now=datetime.now(UTC), rules=DEFAULTS, intake=INTAKE).mend(number, good)
    prefer(newsroom.store, "admin", datetime.now(UTC), who="test", language="de")
    page = sign_in(newsroom, "admin").get(f"/quality/letters/{number}").text
    assert "Berichtigt aufgenommen" in page
    assert "Das Feld fehlt" in page
