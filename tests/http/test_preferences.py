"""The link in every mail: shown by GET, obeyed by POST, at once, and only for whom it was signed."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest

from shared import tables
from shared.mailing.links import sign
from shared.people.choosing import erase
from shared.people.importing import import_people
from shared.people.reading import one
from shared.store import ledger
from tests import make
from tests.mailing.world import World, listed

if TYPE_CHECKING:
    import httpx

    from shared.people.model import Person
    from tests.http.newsroom import Newsroom

CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def link(newsroom: Newsroom) -> str:
    """The link of p-1's newsletter."""
    import_people(newsroom.store, listed(2), make.LATER)
    return f"/preferences/{sign(newsroom.store.secret, 'preferences', 'p-1', 'newsletter')}"


def person(newsroom: Newsroom, person_id: str = "p-1") -> Person:
    with newsroom.store.reading() as connection:
        return one(connection, person_id)


def anonymous(newsroom: Newsroom, method: str, path: str, **more: Any) -> httpx.Response:
    return newsroom.client.request(method, path, headers={"authorization": ""}, **more)


def test_a_scanner_that_follows_the_link_changes_nothing(newsroom: Newsroom, link: str) -> None:
    for method in ("GET", "GET", "HEAD"):
        answer = anonymous(newsroom, method, link)
        assert answer.status_code in (200, 405)
    assert person(newsroom).subscriptions == {}
    assert newsroom.rows(tables.decisions) == []


@pytest.mark.parametrize(
    "form",
    [{"data": CLICK}, {"files": {"List-Unsubscribe": (None, "One-Click")}}],
    ids=["urlencoded", "multipart"],
)
def test_one_click_unsubscribes_without_cookie_or_login_and_twice_is_once(
    newsroom: Newsroom, link: str, form: dict[str, Any]
) -> None:
    for _ in range(2):
        answer = anonymous(newsroom, "POST", link, **form)
        assert (answer.status_code, answer.history, answer.cookies) == (200, [], {})
        assert person(newsroom).wants("newsletter") == "never"
    assert person(newsroom).wants("leadership") == "every"
    assert person(newsroom, "p-2").subscriptions == {}


def test_what_is_queued_is_not_sent_any_more(newsroom: Newsroom, link: str) -> None:
    world = World(newsroom.store)
    world.release()
    anonymous(newsroom, "POST", link, data=CLICK)
    assert world.states() == {"queued": 1, "excluded": 1}
    with newsroom.store.reading() as connection:
        [row] = ledger.listed(connection, state="excluded")
    assert (row.person_id, row.reason) == ("p-1", "unsubscribed")


def test_the_page_offers_to_undo_it_and_does(newsroom: Newsroom, link: str) -> None:
    page = anonymous(newsroom, "POST", link, data=CLICK).text
    [(name, value)] = re.findall(r'type="hidden" name="([^"]+)" value="([^"]+)"', page)
    anonymous(newsroom, "POST", link, data={name: value})
    assert person(newsroom).wants("newsletter") == "every"


def test_to_undo_it_gives_back_what_was_chosen_before(newsroom: Newsroom, link: str) -> None:
    anonymous(newsroom, "POST", link, data={"edition.newsletter": "monthly"})
    page = anonymous(newsroom, "POST", link, data=CLICK).text
    assert 'name="edition.newsletter" value="monthly"' in page
    again = anonymous(newsroom, "POST", link, data=CLICK).text
    assert 'name="edition.newsletter" value="every"' in again, "what was before is not known any more"


def test_it_speaks_to_readers_in_words_of_their_language(newsroom: Newsroom, link: str) -> None:
    page = anonymous(newsroom, "POST", link, data={"language": "de"}).text
    for said in ("Was ankommt", "Bericht für den Vertrieb", "Deutsch", "Abbestellen: Newsletter"):
        assert said in page
    assert "sales" not in re.sub(r"<[^>]*>", "", page)


def test_what_nobody_gets_is_not_unsubscribed_again(newsroom: Newsroom, link: str) -> None:
    assert "List-Unsubscribe" in anonymous(newsroom, "GET", link).text
    anonymous(newsroom, "POST", link, data=CLICK)
    assert "List-Unsubscribe" not in anonymous(newsroom, "GET", link).text


def test_the_form_saves_what_it_shows(newsroom: Newsroom, link: str) -> None:
    page = anonymous(newsroom, "GET", link).text
    assert set(re.findall(r'select id="([^"]+)"', page)) >= {"edition.newsletter", "naming"}
    told = {"edition.newsletter": "monthly", "naming": "named"}
    assert anonymous(newsroom, "POST", link, data=told).status_code == 200
    assert (person(newsroom).wants("newsletter"), person(newsroom).naming) == ("monthly", "named")
    assert 'value="monthly" selected' in anonymous(newsroom, "GET", link).text
    assert {row["who"] for row in newsroom.rows(tables.decisions)} == {"p-1 by link"}


@pytest.mark.parametrize("told", [{"naming": "loud"}, {"edition.gazette": "never"}, {"language": "xx"}])
def test_what_the_form_does_not_offer_is_refused(newsroom: Newsroom, link: str, told: dict[str, str]) -> None:
    answer = anonymous(newsroom, "POST", link, data=told)
    assert (answer.status_code, "Nothing was changed" in answer.text) == (422, True)
    assert person(newsroom).chosen == frozenset()


def test_a_link_that_was_changed_or_made_by_others_does_nothing(newsroom: Newsroom, link: str) -> None:
    token = link.rpartition("/")[2]
    forged = [
        token[:-2],
        token[::-1],
        "x",
        sign(b"another secret", "preferences", "p-1", "newsletter"),
        sign(newsroom.store.secret, "approve", "p-1", "newsletter"),
        sign(newsroom.store.secret, "preferences", "p-9", "newsletter"),
    ]
    for each in forged:
        for method in ("GET", "POST"):
            answer = anonymous(newsroom, method, f"/preferences/{each}", data=CLICK)
            assert (answer.status_code, "does not work" in html.unescape(answer.text)) == (404, True)
    assert person(newsroom).subscriptions == {}


def test_of_the_forgotten_nothing_is_shown(newsroom: Newsroom, link: str) -> None:
    erase(newsroom.store, "p-1", make.LATER, who="test")
    assert anonymous(newsroom, "GET", link).status_code == 404
    assert anonymous(newsroom, "POST", link, data=CLICK).status_code == 404


def test_a_form_of_countless_fields_is_refused(newsroom: Newsroom, link: str) -> None:
    told = "&".join(f"edition.{number}=never" for number in range(500))
    answer = anonymous(newsroom, "POST", link, content=told.encode())
    assert (answer.status_code, "Nothing was changed" in answer.text) == (422, True)


def test_a_body_without_end_is_refused(newsroom: Newsroom, link: str) -> None:
    assert anonymous(newsroom, "POST", link, content=b"x" * 100_000).status_code == 413
