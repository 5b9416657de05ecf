"""Someone who tells a story over HTTP, as the page's own form sends it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from PIL import Image

from shared.people.importing import import_people
from shared.recording import record
from shared.rules import DEFAULTS
from shared.stories.manuscript import ASKED
from tests import make
from tests.newsroom.visiting import Browser, sign_in

if TYPE_CHECKING:
    import httpx

    from tests.http.newsroom import Newsroom

PEOPLE = """person_id,email,name,department,language,naming
p-weber,weber@example.com,Jonas Weber,warehouse,en,named
p-ruiz,ruiz@example.com,Ana Ruiz,sales,en,named
p-lin,lin@example.com,Mei Lin,logistics,de,team
p-boss,boss@example.com,Bo Boss,management,en,team
"""
STORY: dict[str, Any] = {
    **{f"answer-{number}": "" for number in range(ASKED)},
    "order": "SO-1",
    "title": "A crate in the wrong hall",
    "answer-2": "One crate stood in the wrong hall, and **we** drove it over.",
    "witness": "p-ruiz",
    "thanks": ["p-ruiz", "p-lin"],
}
_PHOTO_ID = re.compile(r'name="photo-id" value="([0-9a-f]+)"')


def company(newsroom: Newsroom) -> None:
    """Two sides, and two orders of one customer each."""
    done = import_people(newsroom.store, PEOPLE.encode(), datetime.now(UTC))
    assert not done.rejects
    events = [
        event
        for order, customer, name in (("SO-1", "C-1", "Nordlicht Pumps"), ("SO-2", "C-2", "Müller"))
        for event in (*make.win(order, customer), make.registered(customer, name=name))
    ]
    record(newsroom.store, make.raw(events), as_of=datetime.now(UTC), rules=DEFAULTS)


def jpeg(width: int = 60, height: int = 40, **more: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "#2A3FA6").save(out, "JPEG", **more)
    return out.getvalue()


@dataclass(frozen=True)
class Writer:
    """A signed-in browser with a story that was begun."""

    browser: Browser
    path: str
    csrf: str
    told: dict[str, Any] = field(default_factory=lambda: dict(STORY))

    def send(self, do: str = "save", to: str = "", **fields: Any) -> httpx.Response:
        """Press a button of the form; what stays as it was is sent, too."""
        self.told.update(fields)
        return self.browser.post(self.path + to, {"csrf": self.csrf, "do": do, **self.told})

    def upload(self, raw: bytes, **fields: Any) -> httpx.Response:
        """Choose a photo, and press Add it."""
        self.told.update(fields)
        return self.browser.http.post(
            f"{self.path}/photos",
            data={"csrf": self.csrf, **self.told},
            files={"photo": ("photo.jpg", raw, "image/jpeg")},
            headers={"sec-fetch-site": "same-origin"},
        )

    def page(self) -> str:
        return self.browser.get(self.path).text

    def photos(self) -> list[str]:
        """The photos that the form shows; from then on they are sent along."""
        self.told["photo-id"] = _PHOTO_ID.findall(self.page())
        return list(self.told["photo-id"])


def writer(newsroom: Newsroom, person_id: str = "p-weber", order: str = "SO-1") -> Writer:
    """Sign in and begin a story about an order."""
    browser = sign_in(newsroom, person_id)
    begun = browser.post("/tell", {"csrf": browser.csrf("/"), "order": order})
    assert begun.status_code == 303, begun.text
    path = begun.headers["location"]
    return Writer(browser, path, browser.csrf(path))
