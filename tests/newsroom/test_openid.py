"""Signing in with the company account: known by issuer and subject alone, in the browser that began, once."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, Any

import pytest

from shared import tables
from tests.http.newsroom import Newsroom, running
from tests.newsroom.identities import CLIENT, Identities, serving
from tests.newsroom.visiting import Browser, browser, leave, sign_in, staff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def provider() -> Iterator[Identities]:
    yield from serving()


@pytest.fixture
def newsroom(provider: Identities, empty: Path, tmp_path: Path) -> Iterator[Newsroom]:
    shutil.copy(empty, tmp_path / "tandem.db")
    told: dict[str, Any] = {"openid_issuer": provider.url, "openid_client_id": CLIENT}
    with running(tmp_path / "tandem.db", mail_folder=str(tmp_path / "mail"), **told) as found:
        staff(found)
        yield found
        leave()


def connect(newsroom: Newsroom, provider: Identities, person_id: str, subject: str) -> Browser:
    visitor = sign_in(newsroom, person_id)
    page = visitor.post("/me/openid", {"csrf": visitor.csrf("/me")}).text
    way = page.partition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert visitor.get(provider.authorize(way, subject)).headers["location"] == "/me"
    return visitor


def come(visitor: Browser, provider: Identities, subject: str) -> Any:
    away = visitor.get("/sign-in/openid").headers["location"]
    return visitor.get(provider.authorize(away, subject))


def test_a_connected_account_signs_in(newsroom: Newsroom, provider: Identities) -> None:
    connect(newsroom, provider, "editor", "u-1")
    visitor = browser(newsroom)
    answer = come(visitor, provider, "u-1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "The editor" in visitor.get("/").text
    [row] = newsroom.rows(tables.identities)
    assert (row["issuer"], row["subject"], row["person_id"]) == (provider.url, "u-1", "editor")


def test_a_mail_address_opens_nothing(newsroom: Newsroom, provider: Identities) -> None:
    provider.claims = {"email": "admin@example.com", "email_verified": True}
    answer = come(browser(newsroom), provider, "u-2")
    assert answer.status_code == 403
    assert "connect the account" in answer.text


def test_the_answer_is_for_the_browser_that_began_and_once(newsroom: Newsroom, provider: Identities) -> None:
    connect(newsroom, provider, "editor", "u-1")
    began, other = browser(newsroom), browser(newsroom)
    back = provider.authorize(began.get("/sign-in/openid").headers["location"], "u-1")
    assert other.get(back).status_code == 400
    assert other.get("/").status_code == 303
    assert began.get(back).status_code == 303
    assert began.get(back).status_code == 400


def test_connecting_is_for_who_asked(newsroom: Newsroom, provider: Identities) -> None:
    visitor = sign_in(newsroom, "editor")
    page = visitor.post("/me/openid", {"csrf": visitor.csrf("/me")}).text
    way = page.partition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    back = provider.authorize(way, "u-1")
    assert sign_in(newsroom, "admin").get(back).status_code == 400
    assert newsroom.rows(tables.identities) == []


WRONG: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "x"},
    "another issuer": {"iss": "https://evil.example"},
    "another client": {"aud": "else"},
    "too old": {"exp": int(time.time()) - 3600},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_claims_sign_nobody_in(newsroom: Newsroom, provider: Identities, wrong: str) -> None:
    connect(newsroom, provider, "editor", "u-1")
    provider.claims = WRONG[wrong]
    visitor = browser(newsroom)
    assert come(visitor, provider, "u-1").status_code == 502
    assert visitor.get("/").status_code == 303


def test_a_shared_secret_signs_nothing(newsroom: Newsroom, provider: Identities) -> None:
    connect(newsroom, provider, "editor", "u-1")
    provider.algorithm = "HS256"
    assert come(browser(newsroom), provider, "u-1").status_code == 502


def test_a_key_of_somebody_else_signs_nothing(newsroom: Newsroom, provider: Identities) -> None:
    connect(newsroom, provider, "editor", "u-1")
    away = browser(newsroom)
    back = provider.authorize(away.get("/sign-in/openid").headers["location"], "u-1")
    real, provider.key = provider.key, Identities().key
    signed = provider.token
    provider.token = lambda told: swapped(provider, signed, real, told)  # type: ignore[method-assign]
    assert away.get(back).status_code == 502


def swapped(provider: Identities, sign: Any, real: Any, told: dict[str, Any]) -> Any:
    """Sign with a key that nobody knows, while the real one is published."""
    answer = sign(told)
    provider.key = real
    return answer


def test_a_provider_by_another_name_is_refused(newsroom: Newsroom, provider: Identities) -> None:
    provider.name = "https://evil.example"
    answer = browser(newsroom).get("/sign-in/openid")
    assert answer.status_code == 502
    assert "TANDEM_OPENID_ISSUER" in answer.text


def test_a_provider_that_is_away_is_told(newsroom: Newsroom, provider: Identities) -> None:
    newsroom.app.state.provider.issuer = "http://127.0.0.1:9"
    answer = browser(newsroom).get("/sign-in/openid")
    assert answer.status_code == 502
    assert "sign in by mail" in answer.text
    assert provider.codes == {}


def test_an_error_of_the_provider_is_told(newsroom: Newsroom, provider: Identities) -> None:
    visitor = browser(newsroom)
    away = visitor.get("/sign-in/openid").headers["location"]
    state = provider.authorize(away, "u-1").partition("&state=")[2]
    answer = visitor.get(f"/sign-in/openid/back?state={state}&error=access_denied")
    assert answer.status_code == 502
    assert "access_denied" in answer.text
