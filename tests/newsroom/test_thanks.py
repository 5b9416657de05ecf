"""Thanks by the link in a mail and from the newsroom: a page that asks, and a POST that does it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from services.newsroom.web.matrix import matrix
from shared import tables, thanking
from shared.mailing.links import sign
from shared.people.choosing import erase, prefer
from shared.people.importing import import_people
from shared.people.reading import one
from tests.newsroom.test_pages import release, tell
from tests.newsroom.visiting import browser, sign_in

if TYPE_CHECKING:
    from tests.http.newsroom import Newsroom
    from tests.newsroom.visiting import Browser

EDITION = "newsletter-2026-04"
TO = b"""person_id,email,name,department,naming
p-sales,ana@example.com,Ana Ruiz,sales,named
p-ops,jonas@example.com,Jonas Weber,logistics,team
"""


@pytest.fixture
def story(newsroom: Newsroom) -> str:
    """The path of a story that a newsletter told."""
    import_people(newsroom.store, TO, datetime.now(UTC))
    tell(newsroom, 1)
    release(newsroom)
    page = sign_in(newsroom, "reporter").get(f"/archive/{EDITION}").text
    return re.findall(rf'href="(/archive/{EDITION}/story[^"]+)"', page)[0]


def link(newsroom: Newsroom, story: str, person_id: str = "reporter", edition: str = EDITION) -> str:
    return f"/thanks/{sign(newsroom.store.secret, 'thanks', person_id, edition)}/{story.rpartition('/')[2]}"


def thanks(newsroom: Newsroom) -> list[tuple[str, str, bool]]:
    return [
        (row["person_id"], row["note"], row["shown"])
        for row in newsroom.rows(tables.thanks)
        if row["taken_back_at"] is None
    ]


def ways(newsroom: Newsroom, story: str) -> dict[str, tuple[Browser, str]]:
    return {
        "link": (browser(newsroom), link(newsroom, story)),
        "signed in": (sign_in(newsroom, "reporter"), f"{story}/thanks"),
    }


@pytest.mark.parametrize("way", ["link", "signed in"])
def test_a_page_asks_and_a_form_does_it(newsroom: Newsroom, story: str, way: str) -> None:
    visitor, path = ways(newsroom, story)[way]
    asked = visitor.get(path)
    assert asked.status_code == 200
    assert "You thank as The reporter." in asked.text
    assert "sales, logistics" in asked.text or "logistics, sales" in asked.text
    assert thanks(newsroom) == []
    answer = visitor.post(path, {"note": "Well\r\ndone", "shown": "1"})
    assert answer.status_code == 303
    done = visitor.get(answer.headers["location"]).text
    assert "Your thanks are on their way" in done
    assert thanks(newsroom) == [("reporter", "Well done", True)]
    visitor.post(path, {"note": "Well done!"})
    assert thanks(newsroom) == [("reporter", "Well done!", False)]
    answer = visitor.post(path, {"take_back": "1"})
    assert "You took your thanks back." in visitor.get(answer.headers["location"]).text
    assert thanks(newsroom) == []


@pytest.mark.parametrize("way", ["link", "signed in"])
def test_a_note_that_is_too_long_is_shown_again(newsroom: Newsroom, story: str, way: str) -> None:
    visitor, path = ways(newsroom, story)[way]
    note = "so many words " * 30
    answer = visitor.post(path, {"note": note, "shown": "1"})
    assert answer.status_code == 422
    assert note in answer.text
    assert 'value="1" checked' in answer.text
    assert thanks(newsroom) == []


def test_the_link_speaks_the_language_of_its_reader(newsroom: Newsroom, story: str) -> None:
    prefer(newsroom.store, "reporter", datetime.now(UTC), who="test", language="de")
    page = browser(newsroom).get(link(newsroom, story)).text
    assert '<html lang="de">' in page
    assert "Danke sagen" in page


def test_links_that_are_not_ours_do_nothing(newsroom: Newsroom, story: str) -> None:
    erased = link(newsroom, story, "leader")
    erase(newsroom.store, "leader", datetime.now(UTC), who="test")
    preferences = sign(newsroom.store.secret, "preferences", "reporter", EDITION)
    for path in (
        link(newsroom, story)[:-30] + "/story",
        link(newsroom, story, "nobody"),
        link(newsroom, story, edition="sales-2026-04"),
        link(newsroom, "/story-of-nothing"),
        f"/thanks/{preferences}/{story.rpartition('/')[2]}",
        erased,
    ):
        for answer in (browser(newsroom).get(path), browser(newsroom).post(path)):
            assert answer.status_code == 410, path
            assert "This link does not work" in answer.text
    assert thanks(newsroom) == []


def test_a_body_that_is_no_form_is_refused(newsroom: Newsroom, story: str) -> None:
    for body in (b"\xff", b"&".join(b"a=1" for _ in range(600))):
        assert browser(newsroom).http.post(link(newsroom, story), content=body).status_code == 415


def test_nobody_thanks_for_what_was_taken_back(newsroom: Newsroom, story: str) -> None:
    with newsroom.store.writing() as connection:
        connection.execute(tables.wins.update().values(reason="return.assessed"))
    visitor, path = ways(newsroom, story)["link"]
    assert "There is nobody to thank here" in visitor.get(path).text
    assert visitor.post(path).status_code == 422
    assert "/thanks" not in sign_in(newsroom, "reporter").get(story).text.partition("<article>")[2]


def test_those_thanked_see_it_on_their_start_page(newsroom: Newsroom, story: str) -> None:
    visitor, path = ways(newsroom, story)["signed in"]
    visitor.post(path, {"note": "Well done <b>"})
    page = sign_in(newsroom, "p-ops").get("/").text
    assert "Someone thanked you and the others in this story" in page
    assert "“Well done &lt;b&gt;”" in page
    assert "Someone in sales" in page
    assert "The reporter" not in page
    assert "Well done" not in sign_in(newsroom, "editor").get("/").text


def test_the_story_counts_who_thanked(newsroom: Newsroom, story: str) -> None:
    visitor, path = ways(newsroom, story)["signed in"]
    assert "person thanked" not in visitor.get(story).text
    visitor.post(path)
    assert "1 person thanked" in visitor.get(story).text
    assert "You thanked for this" in visitor.get(story).text


def test_departments_thank_departments(newsroom: Newsroom, story: str) -> None:
    visitor, path = ways(newsroom, story)["signed in"]
    assert "Nobody has thanked yet" in visitor.get("/thanks").text
    visitor.post(path)
    page = visitor.get("/thanks").text
    assert 'aria-label="by month: 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1"' in page
    assert "reporter" not in page.partition("<main")[2]


def test_months_are_those_of_the_organisation(newsroom: Newsroom, story: str) -> None:
    zone = newsroom.settings.rules.zone
    now = datetime(2026, 5, 10, tzinfo=UTC)
    begins = datetime(2026, 5, 1, tzinfo=zone)
    with newsroom.store.reading() as connection:
        people = [one(connection, name) for name in ("reporter", "editor")]
    for person, at in zip(people, (begins, begins - timedelta(seconds=1)), strict=True):
        thanking.thank(newsroom.store, person, story.rpartition("/")[2].replace("-SO", ":SO"), EDITION, at)
    with newsroom.store.reading() as connection:
        found = matrix(connection, now, zone)
    assert found.cells["sales", "logistics"].counts == (0,) * 10 + (1, 1)
    assert [(each.name, each.given, each.stories) for each in found.months[-2:]] == [
        ("2026-04", 1, 1),
        ("2026-05", 1, 1),
    ]
