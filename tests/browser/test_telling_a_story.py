"""A shift leader tells a story by real clicks: phone and desk, light and dark, with code and without."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import TYPE_CHECKING

import pytest

from shared import tables
from shared.editing import Desk
from shared.people.choosing import prefer
from shared.roles import Actor
from shared.rules import DEFAULTS
from shared.store import sign_ins
from tests import make
from tests.browser.driving import violations, visit
from tests.http.newsroom import running
from tests.newsroom.visiting import leave, sign_in, staff
from tests.newsroom.writing import company, jpeg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser.chromium import Scheme
    from tests.browser.driving import Device
    from tests.http.newsroom import Newsroom

pytestmark = pytest.mark.browser
DEED = "One crate stood in the wrong hall, and **we** drove it over."
WAYS = [
    ("phone", "light", True), ("phone", "dark", False), ("desk", "dark", True), ("desk", "light", False),
]  # fmt: skip
EDITOR = Actor("editor", frozenset({"reporter", "editor"}))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with running(tmp_path_factory.mktemp("telling") / "tandem.db") as newsroom:
        yield newsroom


@pytest.fixture
def newsroom(opened: Newsroom) -> Iterator[Newsroom]:
    opened.forget()
    opened.tries.forget()
    staff(opened)
    company(opened)
    yield opened
    leave()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "crate.jpg"
    path.write_bytes(jpeg(400, 300))
    return path


def begin(page: Page, *, javascript: bool) -> None:
    """From the start page to the form, by the customer's name."""
    page.goto("/")
    page.get_by_role("link", name="Tell a story").first.click()
    page.get_by_label("Number of the order, or customer").fill("nordl")
    if not javascript:
        page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="SO-1").click()
    assert page.get_by_label("Who was the customer?").input_value().startswith("Nordlicht Pumps, order SO-1")


def choose(page: Page, group: str, name: str, *, javascript: bool) -> None:
    """Find a colleague by a part of the name, and tick them."""
    box = page.get_by_role("group", name=group)
    box.get_by_label("Somebody else, by name").fill(name[:3])
    if not javascript:
        box.get_by_role("button", name="Search").click()
    page.get_by_role("group", name=group).get_by_label(name).check()


def saved(page: Page) -> None:
    page.locator("[data-state]").get_by_text("Saved", exact=True).wait_for()


@pytest.mark.parametrize(("device", "scheme", "javascript"), WAYS)
def test_a_story_is_told(
    driven: Browser, newsroom: Newsroom, photo: Path, device: Device, scheme: Scheme, *, javascript: bool
) -> None:
    weber = sign_in(newsroom, "p-weber")
    with visit(driven, newsroom, weber, device=device, scheme=scheme, javascript=javascript) as page:
        begin(page, javascript=javascript)
        assert violations(page) == [] if javascript else True
        page.get_by_label("What did you do?").fill(DEED)
        choose(page, "Who of the other side can confirm it?", "Ana Ruiz", javascript=javascript)
        choose(page, "Whom do you want to thank?", "Mei Lin", javascript=javascript)
        page.get_by_label("Add a photo").set_input_files(photo)
        if not javascript:
            page.get_by_role("button", name="Add it").click()
        page.get_by_label("What does it show?").fill("A crate")
        assert (
            page.locator(".photo img").evaluate("image => image.decode().then(() => image.naturalWidth)")
            == 400
        )
        page.get_by_role("button", name="Preview").click()
        assert page.locator(".preview strong").inner_text() == "we"
        page.get_by_role("button", name="Hand it in").click()
        assert "Write a headline" in page.locator("#wrong-title").inner_text()
        page.get_by_label("In one line").fill("A crate in the wrong hall")
        page.get_by_role("button", name="Hand it in").dblclick()
        page.get_by_text("Thank you. It is handed in.").wait_for()
        assert page.get_by_role("link", name="A crate in the wrong hall").is_visible()
    [row] = newsroom.rows(tables.stories)
    assert DEED in row["body"]
    for told in ('"p-ruiz"', '"p-lin"', '"photos":["'):
        assert told in row["about"]


def test_what_is_typed_is_kept_and_comes_back_after_signing_in(driven: Browser, newsroom: Newsroom) -> None:
    weber = sign_in(newsroom, "p-weber")
    with visit(driven, newsroom, weber) as page:
        begin(page, javascript=True)
        page.get_by_label("What did you do?").type("We drove it over")
        saved(page)
        path = page.url
        with newsroom.store.noting() as connection:
            sign_ins.end_all(connection, "p-weber")
        page.get_by_label("What did you do?").type(", in the break.")
        page.get_by_role("link", name="You are signed out. Your text is kept").click()
        assert "/sign-in?next=/tell/" in page.url
    with visit(driven, newsroom, sign_in(newsroom, "p-weber")) as page:
        page.goto(path)
        assert page.get_by_label("What did you do?").input_value() == "We drove it over, in the break."


def test_a_save_that_fails_is_said_and_tried_again(driven: Browser, newsroom: Newsroom) -> None:
    with visit(driven, newsroom, sign_in(newsroom, "p-weber")) as page:
        begin(page, javascript=True)
        page.route("**/saved", lambda route: route.abort())
        page.get_by_label("What did you do?").type("We drove it over.")
        page.get_by_text("Not saved. Trying again …").wait_for()
        page.unroute("**/saved")
        saved(page)
        page.goto(page.url)
        assert page.get_by_label("What did you do?").input_value() == "We drove it over."


def test_a_returned_story_is_changed_and_handed_in_again(driven: Browser, newsroom: Newsroom) -> None:
    with visit(driven, newsroom, sign_in(newsroom, "p-weber"), device="desk") as page:
        begin(page, javascript=True)
        page.get_by_label("What did you do?").fill(DEED)
        page.get_by_label("In one line").fill("A crate")
        page.get_by_role("button", name="Hand it in").click()
        [row] = newsroom.rows(tables.stories)
        Desk(newsroom.store, datetime.now(UTC), DEFAULTS).give_back(row["story_id"], EDITOR, "Which hall?")
        page.goto("/")
        page.get_by_role("link", name="1 story of yours was sent back").click()
        assert page.get_by_text("Which hall?").is_visible()
        page.get_by_role("link", name="A crate").click()
        page.get_by_label("In one line").fill("A crate in hall 4")
        page.get_by_role("button", name="Hand it in again").click()
        page.get_by_text("Thank you. It is handed in.").wait_for()
    [row] = newsroom.rows(tables.stories)
    assert (row["state"], row["title"]) == ("submitted", "A crate in hall 4")


@pytest.mark.parametrize(("device", "scheme"), list(product(("phone", "desk"), ("light", "dark"))))
def test_nothing_runs_over_and_axe_finds_nothing(
    driven: Browser, newsroom: Newsroom, photo: Path, device: Device, scheme: Scheme
) -> None:
    prefer(newsroom.store, "p-weber", make.LATER, who="test", language="de")
    with visit(driven, newsroom, sign_in(newsroom, "p-weber"), device=device, scheme=scheme) as page:
        page.goto("/tell?q=SO-")
        seen_well(page)
        page.get_by_role("button", name="SO-1").click()
        page.get_by_label("Foto hinzufügen").set_input_files(photo)
        page.locator(".photo img").wait_for()
        page.get_by_role("button", name="Einreichen").click()
        assert page.locator(".wrong").count() == 3
        seen_well(page)
        page.get_by_role("button", name="Vorschau").click()
        seen_well(page)


def seen_well(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
