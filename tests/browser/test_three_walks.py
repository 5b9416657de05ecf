"""An editor runs a month, a leader opens one page, an employee thanks a team: by real clicks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from shared import publishing, tables
from shared.people.importing import import_people
from tests.browser.driving import visit
from tests.http.newsroom import running
from tests.newsroom.handing_in import people, read, told
from tests.newsroom.test_pages import release, tell
from tests.newsroom.visiting import leave, sign_in, staff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser.chromium import Scheme
    from tests.browser.driving import Device
    from tests.http.newsroom import Newsroom

pytestmark = pytest.mark.browser
EDITION = "newsletter-2026-04"
MORE = b"""person_id,email,name,department,roles
chief,chief@example.com,The chief,planning,editor;publisher
p-sales,ana@example.com,Ana Ruiz,sales,
p-ops,jonas@example.com,Jonas Weber,logistics,
"""
WAYS = [
    ("phone", "light", True), ("phone", "dark", False), ("desk", "dark", True), ("desk", "light", False),
]  # fmt: skip
ALL_WAYS = pytest.mark.parametrize(("device", "scheme", "javascript"), WAYS)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with running(tmp_path_factory.mktemp("walks") / "tandem.db") as newsroom:
        yield newsroom


@pytest.fixture
def newsroom(opened: Newsroom) -> Iterator[Newsroom]:
    opened.forget()
    opened.tries.forget()
    staff(opened)
    people(opened)
    assert not import_people(opened.store, MORE, datetime.now(UTC)).rejects
    tell(opened, 2)
    yield opened
    leave()


@ALL_WAYS
def test_an_editor_runs_a_month(
    driven: Browser, newsroom: Newsroom, device: Device, scheme: Scheme, *, javascript: bool
) -> None:
    told(newsroom)
    chief = sign_in(newsroom, "chief")
    with visit(driven, newsroom, chief, device=device, scheme=scheme, javascript=javascript) as page:
        page.goto("/")
        menu(page, "Desk")
        page.locator("a[href^='/desk/stories/']").first.click()
        approve(page)
        page.get_by_text("approved").first.wait_for()
        menu(page, "Desk")
        page.get_by_role("link", name="Editions of the month").click()
        page.get_by_label("Edition").select_option("newsletter")
        page.get_by_label("Month").fill("2026-04")
        page.get_by_role("button", name="Compose").click()
        page.get_by_role("button", name="Send a test to me").click()
        page.get_by_text("Release", exact=False).first.wait_for()
        page.locator("summary", has_text="Release").click()
        page.get_by_role("button", name="Release and send").dblclick()
        page.get_by_text("Candidates").wait_for()
    assert read(newsroom).state == "approved"
    assert publishing.get(newsroom.store, EDITION).state == "released"
    assert len(newsroom.rows(tables.sendings)) == 1


def approve(page: Page) -> None:
    """Approve the story at hand, with a reason where its words need one."""
    reason = page.get_by_label("Why what no record backs may stand")
    if reason.count():
        reason.fill("I was there and counted")
    page.get_by_role("button", name="Approve").click()


@ALL_WAYS
def test_a_leader_opens_one_page(
    driven: Browser, newsroom: Newsroom, device: Device, scheme: Scheme, *, javascript: bool
) -> None:
    release(newsroom, "leadership")
    leader = sign_in(newsroom, "leader")
    with visit(driven, newsroom, leader, device=device, scheme=scheme, javascript=javascript) as page:
        page.goto("/archive")
        page.get_by_role("link", name="April 2026").first.click()
        assert page.locator("h1").is_visible()
        page.goto("/")
        menu(page, "Wins")
        page.get_by_role("main").get_by_role("link").filter(has_text="Customer C-1").first.click()
        assert page.locator("svg").first.is_visible(), "its timeline"
        menu(page, "Board")
        page.get_by_role("link", name="On time, in full").first.click()
        page.get_by_text("The same as a table").first.click()
        assert page.get_by_role("table").first.is_visible()


@ALL_WAYS
def test_an_employee_finds_what_was_written_and_thanks(
    driven: Browser, newsroom: Newsroom, device: Device, scheme: Scheme, *, javascript: bool
) -> None:
    release(newsroom)
    reporter = sign_in(newsroom, "reporter")
    with visit(driven, newsroom, reporter, device=device, scheme=scheme, javascript=javascript) as page:
        page.goto("/archive")
        page.get_by_role("searchbox").fill("on time")
        page.get_by_role("searchbox").press("Enter")
        page.locator(f"a[href*='/{EDITION}/story']").first.click()
        page.get_by_role("link", name="Say thanks").click()
        page.get_by_label("A note, if you like").fill("Well done, all of you")
        page.get_by_role("button", name="Say thanks").dblclick()
        page.get_by_text("Your thanks are on their way").wait_for()
        menu(page, "Thanks")
        assert page.get_by_role("table").first.is_visible()
    assert [row["note"] for row in newsroom.rows(tables.thanks)] == ["Well done, all of you"]


def menu(page: Page, name: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).first.click()
