"""Doubtful mails at the desk: listed by what the relay's log calls them, decided once, and written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from shared import tables
from shared.asking.asking import ask
from shared.people.choosing import prefer
from shared.store import ledger, sendings
from shared.store.ledger import Held, Result, Start
from tests.asking.company import asker, company
from tests.desk import hand_in, traded
from tests.newsroom.test_desk_editions import BASE, EDITION, editor, post
from tests.newsroom.visiting import sign_in

if TYPE_CHECKING:
    from tests.http.newsroom import Newsroom
    from tests.newsroom.visiting import Browser

__all__ = ["editor"]
PAGE = f"{BASE}/doubtful"


@pytest.fixture
def publisher(newsroom: Newsroom, editor: Browser) -> Browser:  # noqa: ARG001 - it composes
    """A publisher who released April; the connection broke in the middle of the mails to two people."""
    found, now, soon = sign_in(newsroom, "publisher"), datetime.now(UTC), timedelta(minutes=2)
    assert post(found, f"{BASE}/release").status_code == 303
    with newsroom.store.noting() as connection:
        rows = ledger.claim(connection, EDITION, now + soon, soon, 100)
        lost = [Held(row.mail_id, row.attempt) for row in rows if row.person_id in ("leader", "auditor")]
        ledger.start(connection, [Start(held, b"x") for held in lost], now, soon)
        ledger.finish(connection, [Result(held, "doubtful", "no answer <yet>") for held in lost], now)
        others = [row for row in rows if row.person_id not in ("leader", "auditor")]
        held = [Result(Held(row.mail_id, row.attempt), "queued", "") for row in others]
        ledger.put_back(connection, held, now)
    return found


def mail(newsroom: Newsroom, person_id: str) -> dict[str, object]:
    [found] = [row for row in newsroom.rows(tables.mails) if row["person_id"] == person_id]
    return dict(found)


def settled(newsroom: Newsroom) -> list[tuple[str, str, str, str]]:
    rows = newsroom.rows(tables.decisions)
    about = {row["mail_id"] for row in newsroom.rows(tables.mails)}
    return [(row["who"], row["what"], row["about"], row["note"]) for row in rows if row["about"] in about]


def test_each_is_listed_with_its_message_id_and_nobodys_address(
    newsroom: Newsroom, publisher: Browser
) -> None:
    page = publisher.get(PAGE).text
    for person_id in ("leader", "auditor"):
        assert f"The {person_id}" in page
        assert f"&lt;{mail(newsroom, person_id)['mail_id']}.{EDITION}@localhost&gt;" in page
        assert f"{person_id}@example.com" not in page
    assert "no answer &lt;yet&gt;" in page
    assert page.count("It was delivered</summary>") == 2
    assert PAGE in publisher.get(BASE).text


def test_a_publisher_says_that_one_was_delivered_and_has_the_other_sent_again(
    newsroom: Newsroom, publisher: Browser
) -> None:
    one, other = (str(mail(newsroom, each)["mail_id"]) for each in ("leader", "auditor"))
    for _ in range(2):
        answer = post(publisher, f"{PAGE}/{one}", do="delivered", reason="queued as 4F2 <at> the relay")
        assert answer.headers["location"] == f"{PAGE}?done=delivered"
        answer = post(publisher, f"{PAGE}/{other}", do="again", reason="")
        assert answer.headers["location"] == f"{PAGE}?done=again"
    assert (mail(newsroom, "leader")["state"], mail(newsroom, "auditor")["state"]) == ("sent", "queued")
    assert settled(newsroom) == [
        ("publisher", "delivered", one, "queued as 4F2 <at> the relay"),
        ("publisher", "send again", other, ""),
    ], "a second click changes nothing"
    assert "No mail of this edition is doubtful" in publisher.get(PAGE).text
    page = publisher.get(BASE).text
    assert "said that a doubtful mail was delivered" in page
    assert "queued as 4F2 &lt;at&gt; the relay" in page
    assert post(publisher, f"{PAGE}/{one}", do="again", reason="").status_code == 409


def test_who_wants_no_more_gets_it_not_again(newsroom: Newsroom, publisher: Browser) -> None:
    never = {"newsletter": "never"}
    prefer(newsroom.store, "leader", datetime.now(UTC), who="leader", subscriptions=never)
    path = f"{PAGE}/{mail(newsroom, 'leader')['mail_id']}"
    assert post(publisher, path, do="again", reason="").headers["location"] == f"{PAGE}?done=none"
    assert (mail(newsroom, "leader")["state"], mail(newsroom, "leader")["reason"]) == (
        "excluded",
        "unsubscribed",
    )


def test_what_cannot_be_decided_changes_nothing(newsroom: Newsroom, publisher: Browser) -> None:
    doubtful, sure = (str(mail(newsroom, each)["mail_id"]) for each in ("leader", "editor"))
    for path, fields, code in (
        (f"{PAGE}/{doubtful}", {"do": "burn", "reason": ""}, 422),
        (f"{PAGE}/{doubtful}", {"do": "again", "reason": "\x00"}, 422),
        (f"{PAGE}/{doubtful}", {"do": "again", "csrf": "0" * 64}, 403),
        (f"{PAGE}/{sure}", {"do": "again", "reason": ""}, 409),
        (f"{PAGE}/nothing", {"do": "again", "reason": ""}, 404),
        (f"/desk/editions/newsletter-2026-03/doubtful/{doubtful}", {"do": "again", "reason": ""}, 404),
    ):
        assert post(publisher, path, **fields).status_code == code, (path, fields)
    assert mail(newsroom, "leader")["state"] == "doubtful"
    assert settled(newsroom) == []


def test_editors_see_them_and_decide_nothing(newsroom: Newsroom, publisher: Browser) -> None:
    del publisher
    found = sign_in(newsroom, "editor")
    page = found.get(PAGE).text
    assert "A publisher decides" in page
    assert "<details" not in page.partition("<main")[2]
    path = f"{PAGE}/{mail(newsroom, 'leader')['mail_id']}"
    assert post(found, path, do="delivered", reason="").status_code == 403
    assert mail(newsroom, "leader")["state"] == "doubtful"


def test_mails_that_ask_people_something_are_decided_too(newsroom: Newsroom, publisher: Browser) -> None:
    now, soon, page = datetime.now(UTC), timedelta(minutes=2), "/desk/questions/doubtful"
    assert page not in publisher.get("/desk/editions").text
    company(newsroom.store)
    traded(newsroom.store)
    hand_in(newsroom.store, now)
    [question] = ask(asker(newsroom.store), now).asked
    name = question.question_id
    with newsroom.store.noting() as connection:
        [row] = [each for each in ledger.listed(connection) if each.mail_id == name]
        ledger.claim(connection, row.edition_id, now, soon, 1)
        ledger.start(connection, [Start(Held(name, 1), b"x")], now, soon)
        ledger.finish(connection, [Result(Held(name, 1), "doubtful", "no answer")], now)
    assert page in publisher.get("/desk/editions").text
    assert f"&lt;{name}.{row.edition_id}@" in publisher.get(page).text
    of_an_edition = str(mail(newsroom, "leader")["mail_id"])
    assert post(publisher, f"{page}/{of_an_edition}", do="again", reason="").status_code == 404
    assert post(publisher, f"{PAGE}/{name}", do="again", reason="").status_code == 404
    for _ in range(2):
        answer = post(publisher, f"{page}/{name}", do="again", reason="not in <the> log")
        assert answer.headers["location"] == f"{page}?done=again"
    assert ("publisher", "send again", name, "not in <the> log") in settled(newsroom)
    told = publisher.get(page).text
    assert "No mail that asks somebody something is doubtful" in told
    assert "not in &lt;the&gt; log" in told, "who decided is shown"
    with newsroom.store.reading() as connection:
        sending = sendings.find(connection, row.edition_id)
    assert sending is not None
    assert sending.state == "sending", "it is sent again"
