"""The newsroom's pages as a browser shows them, on a phone and a desk, light and dark, in both languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from shared import publishing, thanking
from shared.choosing import choose
from shared.mailing import scheduling
from shared.mailing.links import sign
from shared.people.choosing import prefer
from shared.people.importing import import_people
from shared.people.reading import one
from shared.rules import DEFAULTS
from shared.schedules import Schedule
from shared.store import ledger, sendings
from tests import make
from tests.browser.chromium import Look, Page, Scheme, look
from tests.browser.test_looks import FOUND
from tests.desk import HELPER
from tests.http.newsroom import Newsroom, running
from tests.newsroom.handing_in import people, told
from tests.newsroom.test_pages import APRIL, release, tell
from tests.newsroom.visiting import Browser, browser, leave, sign_in, staff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.browser

WIDTHS = (380, 1200)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
PATHS = (
    "/", "/archive", "/archive?q=zzz", "/archive/newsletter-2026-04", "/board?month=2026-03",
    "/board/otif?month=2026-03&by=customer", "/wins", "/wins/roadblock_beaten:SO-1",
    "/wins/nearly?week=2026-W11", "/quality", "/quality/letters/1", "/me", "/people", "/people/editor",
    "/nothing", "/archive/{story}", "/tell?q=SO-", "/archive/{story}/thanks", "/thanks",
    "/desk", "/desk/stories/story-team_told:D-1", "/desk/edit/story-team_told:D-1", "/desk/editions",
    "/desk/editions/leadership-2026-04", "/desk/editions/leadership-2026-04/look?as=text",
    "/desk/editions/newsletter-2026-04/doubtful", "/import/people", "/erase/editor",
    "/preferences/{token}",
)  # fmt: skip
OPEN = ("/sign-in", "/sign-in/link?secret=x")
LOOKS = [
    Look(f"{language} {path}", width, scheme)
    for language, path in [
        *(("en", each) for each in (*PATHS, *OPEN)),
        *(("de", each) for each in PATHS if each != "/nothing"),
    ]
    for width in WIDTHS
    for scheme in SCHEMES
]
STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
FOCUSED = re.compile(
    r"<(?:a [^>]*href|button|input(?! type=\"hidden\")|select|textarea|summary|\w+[^>]* tabindex)[^>]*>"
)


def whole(visitor: Browser, path: str) -> str:
    """A page with its style inside, as a frame without a server needs it, and with nothing folded away."""
    page = visitor.get(path).text.replace("<details>", "<details open>")
    [style] = STYLE.findall(page)
    return STYLE.sub(lambda _: f"<style>{visitor.get(style).text}</style>", page)


def at_the_desk(newsroom: Newsroom) -> None:
    """Someone who may do everything there, two stories of one order, and an edition that is being made."""
    chief = (
        b"person_id,email,name,department,roles\nchief,chief@example.com,The chief,sales,editor;publisher\n"
    )
    assert not import_people(newsroom.store, chief, make.LATER).rejects
    people(newsroom)
    told(newsroom, body="We moved **250** pieces by 17 o'clock, because Ana Ruiz had called.")
    told(newsroom, draft_id="D-2", by=HELPER, title="The same crate")
    made = publishing.compose(newsroom.store, "leadership", APRIL, make.LATER, DEFAULTS, {})
    monthly = Schedule(edition="newsletter", workday=5)
    scheduling.put(newsroom.store, {}, "month", monthly, datetime.now(UTC), who="chief")
    win_id = made.stories[0].win_id
    choose(newsroom.store, made.edition_id, "drop", win_id, make.LATER, who="chief", reason="Told last week")


def in_doubt(newsroom: Newsroom) -> None:
    """Two of the mails of April may have come, or not."""
    edition_id, now = "newsletter-2026-04", make.LATER
    sending = {"edition_id": edition_id, "state": "completed", "reason": "", "candidates": 2, "post": "{}"}
    sending |= {"released_at": now, "good_until": now, "finished_at": now}
    mail = {"edition_id": edition_id, "recipient": "x@example.com", "content": b"", "state": "doubtful"}
    mail |= {"reason": "the sender ended in the middle", "attempt": 1, "due_at": now, "changed_at": now}
    mails = [{"mail_id": f"{n}" * 20, "person_id": who, **mail} for n, who in enumerate(("leader", "editor"))]
    with newsroom.store.noting() as connection:
        sendings.add(connection, sending)
        ledger.add_mails(connection, mails)


def thank(newsroom: Newsroom, person_id: str) -> None:
    with newsroom.store.reading() as connection:
        person = one(connection, person_id)
    story, edition = "story-roadblock_beaten:SO-1", "newsletter-2026-04"
    note = "What a week that was, and what a finish!"
    thanking.thank(newsroom.store, person, story, edition, datetime.now(UTC), note=note)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Page]]:
    with running(tmp_path_factory.mktemp("newsroom") / "tandem.db") as newsroom:
        staff(newsroom)
        tell(newsroom, 4)
        release(newsroom)
        at_the_desk(newsroom)
        in_doubt(newsroom)
        stranger, admin = browser(newsroom), sign_in(newsroom, "admin")
        chief = sign_in(newsroom, "chief")
        for role in ("editor", "leader"):
            thank(newsroom, role)
        edition = admin.get("/archive/newsletter-2026-04").text
        story = re.findall(r'href="/archive/(newsletter-2026-04/story[^"]+)"', edition)[0]
        token = sign(newsroom.store.secret, "preferences", "admin", "newsletter")
        found = [Page(f"en {path}", whole(stranger, path)) for path in OPEN]
        for language in ("en", "de"):
            for person_id in ("admin", "chief"):
                prefer(newsroom.store, person_id, make.LATER, who="test", language=language)
            found += [
                Page(
                    f"{language} {path}",
                    whole(
                        chief if path.startswith("/desk") else admin, path.format(story=story, token=token)
                    ),
                )
                for path in PATHS
            ]
        leave()
        yield found


@pytest.fixture(scope="module")
def seen(chromium: str, sources: list[Page], tmp_path_factory: pytest.TempPathFactory) -> dict[Look, Any]:
    folder: Path = tmp_path_factory.mktemp("chromium")
    found: dict[Look, Any] = {}
    for scheme in SCHEMES:
        found |= look(chromium, folder, sources, WIDTHS, scheme)
    return found


@pytest.mark.parametrize("each", LOOKS, ids=lambda each: f"{each.name} {each.width} {each.scheme}")
def test_a_visitor_sees_it_well(seen: dict[Look, Any], each: Look) -> None:
    found = seen[each]
    assert found["dark"] == (each.scheme == "dark")
    assert found["lang"] == each.name.partition(" ")[0]
    assert found["requests"] == []
    for fault in FOUND:
        assert found[fault] == [], fault


def test_keys_go_through_a_page_in_the_order_of_its_text(sources: list[Page]) -> None:
    for page in sources:
        first, *rest = FOCUSED.findall(page.html.partition("<body>")[2])
        assert first == '<a class="skip" href="#content">', page.name
        assert rest
        assert not re.search(r'tabindex="[1-9]', page.html), page.name


def test_every_field_has_a_label(sources: list[Page]) -> None:
    for page in sources:
        for name in re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', page.html):
            assert f'<label for="{name}"' in page.html, (page.name, name)
        for field in re.findall(r"<(?:input|select|textarea)(?![^>]* id=)[^>]*>", page.html):
            assert 'type="hidden"' in field or 'type="radio"' in field or 'type="checkbox"' in field, (
                page.name
            )


def test_every_page_has_its_landmarks(sources: list[Page]) -> None:
    for page in sources:
        for landmark in ("<header>", '<main id="content"', "<footer>", "<h1>"):
            assert page.html.count(landmark) == 1, (page.name, landmark)
