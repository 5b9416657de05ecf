"""The driver: it clicks and types as people do, and sees what is wrong with a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.driving import violations, visit
from tests.http.newsroom import running
from tests.newsroom.visiting import leave, sign_in, staff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.driving import Device
    from tests.http.newsroom import Newsroom

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with running(tmp_path_factory.mktemp("driven") / "tandem.db") as opened:
        staff(opened)
        yield opened
        leave()


@pytest.mark.parametrize("device", ["phone", "desk"])
def test_someone_chooses_and_signs_out(driven: Browser, newsroom: Newsroom, device: Device) -> None:
    with visit(driven, newsroom, sign_in(newsroom, "editor"), device=device) as page:
        page.goto("/me")
        page.get_by_label("Yes, by my name").check()
        page.get_by_role("button", name="Save").click()
        assert page.get_by_role("status").inner_text() == "Saved. No list of people changes it again."
        assert violations(page) == []
        page.get_by_role("button", name="Sign out", exact=True).click()
        assert page.url.endswith("/sign-in")


def test_what_is_wrong_with_a_page_is_seen(driven: Browser, newsroom: Newsroom) -> None:
    with visit(driven, newsroom) as page:
        page.set_content("<html><body><img src='data:,'><button></button>")
        found = {each.partition(":")[0] for each in violations(page)}
        assert {"image-alt", "button-name", "html-has-lang"} <= found


def test_without_javascript_nothing_of_it_runs(driven: Browser, newsroom: Newsroom) -> None:
    with visit(driven, newsroom, javascript=False, scheme="dark") as page:
        page.set_content("<noscript><p>no code</p></noscript><script>document.title = 'ran'</script>")
        assert page.get_by_text("no code").is_visible()
        assert page.title() == ""
