"""What the pages show, how many questions they ask of the database, and that no input breaks one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import fromstring

import pytest
from sqlalchemy import event as sql_event

from shared import publishing, tables
from shared.periods import Period
from shared.recording import record
from shared.rules import DEFAULTS
from tests import make
from tests.newsroom.handing_in import told
from tests.newsroom.visiting import browser, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.http.newsroom import Newsroom

APRIL = Period.month(2026, 4)
ATOM = "{http://www.w3.org/2005/Atom}"
PAGES = (
    "/",
    "/archive",
    "/archive?q=first",
    "/archive/newsletter-2026-04",
    "/archive/newsletter-2026-04/page",
    "/archive/newsletter-2026-04/mail",
    "/archive/newsletter-2026-04/text",
    "/board?month=2026-03",
    "/board?month=2026-03&by=customer&of=C-1",
    "/board/otif?month=2026-03",
    "/board/otif?month=2026-03&by=customer",
    "/tell",
    "/tell?q=SO-",
    "/tell?order=SO-1",
    "/tell/orders?q=Customer",
    "/tell/people?q=The&for=witness",
    "/wins",
    "/wins?month=2026-04&status=final&pattern=roadblock_beaten",
    "/wins/roadblock_beaten:SO-1",
    "/wins/nearly?week=2026-W11",
    "/quality",
    "/me",
    "/people",
    "/people?q=editor",
    "/people/editor",
    "/thanks",
    "/desk",
    "/desk?state=retracted",
    "/desk/editions",
    "/desk/editions/newsletter-2026-04",
    "/wins/nearly?week=2026-W11&after=1~x",
    "/import/people",
)


def tell(newsroom: Newsroom, orders: int, first: int = 1) -> None:
    """So many customers whose first order was won together, and what is wrong with some events."""
    events = [
        event
        for i in range(first, first + orders)
        for event in (*make.win(f"SO-{i}", f"C-{i}"), make.registered(f"C-{i}", name=f"Customer C-{i}"))
    ]
    record(newsroom.store, make.raw(events), as_of=make.LATER, rules=DEFAULTS)
    newsroom.send(
        *({"id": f"bad-{i}", "type": "tandem.order.placed.v1"} for i in range(first, first + orders))
    )
    newsroom.app.state.tallies.forget()
    newsroom.app.state.nearly.forget()


def hand_in(newsroom: Newsroom, stories: int) -> None:
    """So many people, each with a story that an editor has not read yet."""
    for number in range(stories):
        by = {"person_id": f"p-{number}", "department": "warehouse", "name": f"Person {number}"}
        told(newsroom, draft_id=f"D-{number}", by=by, order_ids=[f"SO-{number + 1}"], thanks=[])


def release(newsroom: Newsroom, name: str = "newsletter", period: Period = APRIL) -> None:
    made = publishing.compose(newsroom.store, name, period, make.LATER, DEFAULTS, {})
    publishing.release(newsroom.store, made.edition_id)


@contextmanager
def asked(newsroom: Newsroom) -> Iterator[list[str]]:
    """The questions that are put to the database meanwhile."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.append(statement)

    engine = newsroom.store._engine  # noqa: SLF001 - nothing else sees every statement
    sql_event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sql_event.remove(engine, "before_cursor_execute", note)


def questions(newsroom: Newsroom) -> dict[str, int]:
    visitor = sign_in(newsroom, "admin")
    visitor.get("/")
    counts = {}
    for path in PAGES:
        newsroom.app.state.called.forget()
        newsroom.app.state.tallies.forget()
        newsroom.app.state.nearly.forget()
        with asked(newsroom) as found:
            assert visitor.get(path).status_code == 200, path
        counts[path] = len(found)
    return counts


def test_no_page_asks_more_for_more_rows(newsroom: Newsroom) -> None:
    tell(newsroom, 14)
    release(newsroom)
    hand_in(newsroom, 2)
    few = questions(newsroom)
    tell(newsroom, 14, first=15)
    hand_in(newsroom, 14)
    with newsroom.store.writing() as connection:
        connection.execute(tables.editions.delete())
        connection.execute(tables.told.delete())
    release(newsroom)
    assert questions(newsroom) == few


def test_the_archive_finds_words_and_customers(newsroom: Newsroom) -> None:
    tell(newsroom, 1)
    release(newsroom)
    visitor = sign_in(newsroom, "reporter")
    assert "April 2026" in visitor.get("/archive").text
    [story] = publishing.get(newsroom.store, "newsletter-2026-04").stories
    for words in ("april", story.headline.upper(), "Customer C-1"):
        assert "/archive/newsletter-2026-04" in visitor.get(f"/archive?q={words}").text
    assert "Nothing tells of" in visitor.get("/archive?q=nobody").text


def test_a_story_has_a_page_whose_proof_is_for_some(newsroom: Newsroom) -> None:
    tell(newsroom, 1)
    release(newsroom)
    edition = publishing.get(newsroom.store, "newsletter-2026-04")
    [story] = edition.stories
    path = f"/archive/newsletter-2026-04/{story.story_id.replace(':', '-')}"
    reporter, editor = (sign_in(newsroom, who).get(path).text for who in ("reporter", "editor"))
    assert story.headline in reporter
    assert "Why this is true" in editor
    assert story.evidence[0].id in editor
    assert "Why this is true" not in reporter
    page = "/archive/newsletter-2026-04/page"
    assert "Why this is true" in sign_in(newsroom, "editor").get(page).text
    assert "Why this is true" not in sign_in(newsroom, "reporter").get(page).text
    assert sign_in(newsroom, "reporter").get(path + "x").status_code == 404


def test_what_is_not_released_or_for_others_is_not_there(newsroom: Newsroom) -> None:
    tell(newsroom, 1)
    release(newsroom, "leadership")
    publishing.compose(newsroom.store, "newsletter", APRIL, make.LATER, DEFAULTS, {})
    seen = {
        who: {name for name in ("leadership", "newsletter") if found(newsroom, who, f"{name}-2026-04")}
        for who in ("reporter", "leader", "editor", "publisher", "admin", "auditor")
    }
    both = {"leadership", "newsletter"}
    assert seen == {
        "reporter": set(), "leader": {"leadership"}, "editor": both, "publisher": both, "admin": both,
        "auditor": both,
    }  # fmt: skip


def found(newsroom: Newsroom, who: str, edition_id: str) -> bool:
    visitor = sign_in(newsroom, who)
    listed = f"/archive/{edition_id}" in visitor.get("/archive").text
    assert listed == (visitor.get(f"/archive/{edition_id}").status_code == 200)
    return listed


def test_a_story_that_was_taken_back_says_so(newsroom: Newsroom) -> None:
    tell(newsroom, 1)
    release(newsroom)
    with newsroom.store.writing() as connection:
        connection.execute(tables.wins.update().values(reason="the goods came back"))
    visitor = sign_in(newsroom, "reporter")
    assert "taken back" in visitor.get("/archive/newsletter-2026-04").text


def test_the_feed_needs_its_own_address_and_nothing_else(newsroom: Newsroom) -> None:
    tell(newsroom, 1)
    release(newsroom)
    page = sign_in(newsroom, "reporter").get("/archive").text
    address = page.partition('type="application/atom+xml"')[2].partition('href="')[2].partition('"')[0]
    answer = browser(newsroom).get(address.replace("&amp;", "&"))
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = fromstring(answer.text)
    [entry] = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "April 2026"
    assert "Customer C-1" in (entry.findtext(f"{ATOM}summary") or "")
    stolen = address.replace("&amp;", "&").replace("for=reporter", "for=editor")
    assert browser(newsroom).get(stolen).status_code == 404


def test_the_board_has_a_table_for_each_chart_and_no_ranking(newsroom: Newsroom) -> None:
    tell(newsroom, 3)
    visitor = sign_in(newsroom, "leader")
    page = visitor.get("/board/otif?month=2026-03&by=customer").text
    assert page.count("<svg") == page.count("The same as a table")
    assert "100.0%" in page
    assert page.index("Customer C-1") < page.index("Customer C-2") < page.index("Customer C-3")
    assert sign_in(newsroom, "reporter").get("/board?by=customer").status_code == 403


def test_a_win_is_shown_with_gates_picture_and_events(newsroom: Newsroom) -> None:
    tell(newsroom, 1)
    page = sign_in(newsroom, "auditor").get("/wins/roadblock_beaten:SO-1").text
    for part in (
        "on time and in full, by the first promise.",
        "R-SO-1",
        "promised 2026-03-12",
        "ordered 100 of line 1",
        "<svg",
    ):
        assert part in page


def test_dead_letters_are_shown_tried_again_and_given_up(newsroom: Newsroom) -> None:
    tell(newsroom, 2)
    numbers = [row["number"] for row in newsroom.letters]
    admin, auditor = sign_in(newsroom, "admin"), sign_in(newsroom, "auditor")
    page = admin.get(f"/quality/letters/{numbers[0]}").text
    assert "bad-1" in page
    assert "Try it again" not in auditor.get(f"/quality/letters/{numbers[0]}").text
    token = admin.csrf("/me")
    given_up = {"csrf": token, "reason": "sent again"}
    assert admin.post(f"/quality/letters/{numbers[0]}/discard", given_up).status_code == 303
    assert "sent again" in admin.get(f"/quality/letters/{numbers[0]}").text
    assert (
        admin.post(f"/quality/letters/{numbers[1]}/discard", {"csrf": token, "reason": " "}).status_code
        == 422
    )
    assert admin.post("/quality/letters/replay", {"csrf": token}).status_code == 303
    assert {row["state"] for row in newsroom.letters} == {"discarded", "waiting"}
    mended = make.raw([make.placed()])[0]
    with newsroom.store.noting() as connection:
        connection.execute(tables.dead_letters.update().values(body=mended))
    assert admin.post(f"/quality/letters/{numbers[1]}/replay", {"csrf": token}).status_code == 303
    assert "recorded since" in admin.get(f"/quality/letters/{numbers[1]}").text
    assert admin.post("/quality/letters/99999/replay", {"csrf": token}).status_code == 422


def test_people_choose_for_themselves(newsroom: Newsroom) -> None:
    visitor = sign_in(newsroom, "reporter")
    wanted = {
        "csrf": visitor.csrf("/me"), "naming": "named", "language": "de", "edition.newsletter": "monthly",
    }  # fmt: skip
    assert visitor.post("/me", wanted).status_code == 303
    [row] = [row for row in newsroom.rows(tables.people) if row["person_id"] == "reporter"]
    assert (row["naming"], row["language"]) == ("named", "de")
    page = visitor.get("/me").text
    assert '<html lang="de">' in page
    assert "Say whether" not in visitor.get("/").text
    for wrong in ({"naming": "loud"}, {"language": "xx"}, {"edition.nothing": "every"}):
        assert visitor.post("/me", {"csrf": visitor.csrf("/me"), **wrong}).status_code == 422


def test_an_administrator_changes_roles_which_signs_out(newsroom: Newsroom) -> None:
    admin, reporter = sign_in(newsroom, "admin"), sign_in(newsroom, "reporter")
    change = {"csrf": admin.csrf("/me"), "department": "warehouse", "role": ["editor", "leader"]}
    assert admin.post("/people/reporter", change).status_code == 303
    assert reporter.get("/").status_code == 303
    assert sign_in(newsroom, "reporter").get("/quality").status_code == 200
    last = admin.post("/people/admin", {**change, "role": []})
    assert last.status_code == 422
    assert "last administrator" in last.text
    wrong = admin.post("/people/reporter", {**change, "department": "moon"})
    assert wrong.status_code == 422


NASTY = (
    "\x00",
    "\ud800",
    "\u202eabc",
    "<script>alert(1)</script>",
    '"onerror="',
    "{{7*7}}",
    "%",
    "_",
    "'",
    "9" * 5000,
    "-1",
    "1e999",
    "NaN",
    "9223372036854775808",
    "../../etc/passwd",
    "Ａ",
    "é",
    "a" * 600,
)
QUESTIONS = (
    "/archive?q={}",
    "/archive?page={}",
    "/archive/{}",
    "/archive/{}/mail",
    "/archive/newsletter-2026-04/{}",
    "/archive/feed.atom?for={}&key={}",
    "/board?month={}",
    "/board?by=customer&of={}",
    "/board?by={}",
    "/board/{}",
    "/tell?q={}",
    "/tell?order={}&told={}",
    "/tell/orders?q={}",
    "/tell/people?q={}&for={}",
    "/tell/{}",
    "/photos/{}",
    "/wins?month={}",
    "/wins?pattern={}",
    "/wins?status={}",
    "/wins?page={}",
    "/wins/{}",
    "/wins/nearly?week={}",
    "/quality/letters/{}",
    "/people?q={}",
    "/people/{}",
    "/me?saved={}",
    "/sign-in?next={}",
    "/sign-in/link?secret={}",
    "/static/{}",
    "/preferences/{}",
)


@pytest.mark.parametrize("path", QUESTIONS)
def test_no_question_breaks_a_page(newsroom: Newsroom, path: str) -> None:
    visitor = sign_in(newsroom, "admin")
    for nasty in NASTY:
        escaped = "".join(f"%{byte:02X}" for byte in nasty.encode("utf-8", "surrogatepass"))
        answer = visitor.get(path.replace("{}", escaped))
        assert answer.status_code in {200, 303, 400, 404, 405, 422}, (path, nasty)
        assert "<script>" not in answer.text  # our own is a file
        assert '"onerror="' not in answer.text


def test_no_field_breaks_a_form(newsroom: Newsroom) -> None:
    admin = sign_in(newsroom, "admin")
    token = admin.csrf("/me")
    for nasty in NASTY:
        raw = "".join(f"%{byte:02X}" for byte in nasty.encode("utf-8", "surrogatepass"))
        for path, field in (("/me", "naming"), ("/people/reporter", "department"), ("/sign-in", "email")):
            newsroom.tries.forget()
            answer = admin.http.post(
                path,
                content=f"csrf={token}&{field}={raw}".encode(),
                headers={
                    "sec-fetch-site": "same-origin",
                    "content-type": "application/x-www-form-urlencoded",
                },
            )
            assert answer.status_code in {415, 422}, (path, nasty)


def test_a_form_has_an_end(newsroom: Newsroom) -> None:
    admin = sign_in(newsroom, "admin")
    headers = {"sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}
    large = admin.http.post("/me", content=b"a=" + b"x" * 200_000, headers=headers)
    assert large.status_code == 413
    many = admin.http.post("/me", content=b"&".join([b"a=1"] * 2000), headers=headers)
    assert many.status_code == 415
