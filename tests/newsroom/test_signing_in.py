"""Signing in: a link is good once, for a short time; nobody learns who is known or tries without end."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from shared import tables
from shared.people.choosing import erase
from shared.signing_in import link_on_console
from shared.store import sign_ins
from tests.newsroom.visiting import browser, sign_in

if TYPE_CHECKING:
    from tests.http.newsroom import Newsroom

PATIENCE = 10


def mails(newsroom: Newsroom) -> list[str]:
    folder = Path(newsroom.settings.mail_folder)
    written = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [path.read_text() for path in written]


def wait_for_mail(newsroom: Newsroom, before: int) -> str:
    deadline = time.monotonic() + PATIENCE
    while len(found := mails(newsroom)) == before:
        assert time.monotonic() < deadline, "no mail came"
        time.sleep(0.02)
    return found[-1]


def test_a_link_by_mail_signs_in_once_and_goes_on(newsroom: Newsroom) -> None:
    found, before = browser(newsroom), len(mails(newsroom))
    wanted = found.get("/archive?q=a%20b")
    assert wanted.status_code == 303
    assert wanted.headers["location"] == "/sign-in?next=%2Farchive%3Fq%3Da%2520b"
    assert 'value="/archive?q=a%20b"' in found.get(wanted.headers["location"]).text
    said = found.post("/sign-in", {"email": " Editor@Example.com ", "next": "/archive?q=a%20b"})
    assert said.status_code == 202
    mail = message_from_bytes(wait_for_mail(newsroom, before).encode(), policy=policy.default)
    assert mail["To"] == "editor@example.com"
    text = mail.get_body(("plain",)).get_content()
    link = re.search(r"^http://localhost:8080(/sign-in/link\?\S+)$", text, re.MULTILINE)
    assert link
    secret = parse_qs(urlsplit(link[1]).query)["secret"][0]
    for _ in range(2):  # whoever only looks uses nothing up
        assert secret in found.get(link[1]).text
    done = found.post("/sign-in/link", {"secret": secret, "next": "/archive?q=a%20b"})
    assert (done.status_code, done.headers["location"]) == (303, "/archive?q=a%20b")
    assert "The editor" in found.get("/").text
    again = browser(newsroom).post("/sign-in/link", {"secret": secret})
    assert again.status_code == 410
    assert "good once" in again.text


def test_nobody_learns_who_is_known(newsroom: Newsroom) -> None:
    before = len(mails(newsroom))
    known = browser(newsroom).post("/sign-in", {"email": "editor@example.com"})
    wait_for_mail(newsroom, before)
    unknown = browser(newsroom).post("/sign-in", {"email": "nobody@example.com"})
    assert unknown.status_code == known.status_code
    assert unknown.text.replace("nobody@", "editor@") == known.text
    assert len(mails(newsroom)) == before + 1


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "/a\nb"]
)
def test_a_link_goes_on_to_pages_of_ours_alone(newsroom: Newsroom, path: str) -> None:
    secret = sign_ins.link(newsroom.store, "editor", datetime.now(UTC))
    answer = browser(newsroom).post("/sign-in/link", {"secret": secret, "next": path.replace("\n", "")})
    assert answer.headers["location"] in {"/", "/ab"}


def test_an_old_link_signs_nobody_in(newsroom: Newsroom) -> None:
    secret = sign_ins.link(newsroom.store, "editor", datetime.now(UTC) - sign_ins.LINK)
    assert browser(newsroom).post("/sign-in/link", {"secret": secret}).status_code == 410


def test_of_secrets_only_digests_are_kept(newsroom: Newsroom) -> None:
    secret = sign_ins.link(newsroom.store, "editor", datetime.now(UTC))
    found = sign_in(newsroom, "editor")
    cookie = found.http.cookies["tandem"]
    kept = repr([newsroom.rows(table) for table in (tables.sign_ins, tables.sign_in_links)])
    assert secret not in kept
    assert cookie not in kept


def test_the_console_has_a_link_for_the_first_administrator(newsroom: Newsroom) -> None:
    now = datetime.now(UTC)
    link = link_on_console(newsroom.store, newsroom.settings, "reporter", now, administrator=True, who="root")
    secret = parse_qs(urlsplit(link).query)["secret"][0]
    found = browser(newsroom)
    assert found.post("/sign-in/link", {"secret": secret}).status_code == 303
    assert "The reporter" in found.get("/").text
    told = [(row["what"], row["about"], row["who"]) for row in newsroom.rows(tables.decisions)]
    assert told == [("roles", "reporter", "root"), ("sign-in link", "reporter", "root")]


def test_an_account_is_tried_five_times_a_minute(newsroom: Newsroom) -> None:
    found = browser(newsroom)
    answers = [found.post("/sign-in", {"email": "nobody@example.com"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429]
    assert answers[-1].headers["retry-after"] == "60"
    assert "Wait a minute" in answers[-1].text
    other_spelling = found.post("/sign-in", {"email": "Nobody@EXAMPLE.com"})
    assert other_spelling.status_code == 429
    assert found.post("/sign-in", {"email": "other@example.com"}).status_code == 202


def test_a_visitor_tries_thirty_times_a_minute(newsroom: Newsroom) -> None:
    found = browser(newsroom)
    token = found.csrf()
    sent = [found.post("/sign-in/link", {"csrf": token, "secret": f"guess{i}"}) for i in range(31)]
    assert [answer.status_code for answer in sent] == [410] * 30 + [429]


def test_the_secret_changes_at_every_sign_in_and_out(newsroom: Newsroom) -> None:
    found = browser(newsroom)
    found.get("/sign-in")
    planted = found.http.cookies["tandem"]
    secret = sign_ins.link(newsroom.store, "editor", datetime.now(UTC))
    found.post("/sign-in/link", {"secret": secret})
    signed_in = found.http.cookies["tandem"]
    assert signed_in != planted
    found.post("/sign-out", {"csrf": found.csrf("/")})
    assert found.http.cookies["tandem"] != signed_in
    found.http.cookies.set("tandem", signed_in)
    assert found.get("/").status_code == 303


def test_signing_out_everywhere(newsroom: Newsroom) -> None:
    here, there, other = (sign_in(newsroom, who) for who in ("editor", "editor", "leader"))
    unused = sign_ins.link(newsroom.store, "editor", datetime.now(UTC))
    here.post("/sign-out", {"csrf": here.csrf("/"), "where": "everywhere"})
    assert there.get("/").status_code == 303
    assert other.get("/").status_code == 200
    assert browser(newsroom).post("/sign-in/link", {"secret": unused}).status_code == 410


@pytest.mark.parametrize(
    ("began", "seen", "status"),
    [
        (timedelta(days=6, hours=23), timedelta(hours=7, minutes=59), 200),
        (timedelta(days=7), timedelta(minutes=5), 303),
        (timedelta(days=1), timedelta(hours=8), 303),
    ],
)
def test_a_sign_in_ends_when_idle_and_in_any_case(
    newsroom: Newsroom, began: timedelta, seen: timedelta, status: int
) -> None:
    found, now = sign_in(newsroom, "editor"), datetime.now(UTC)
    with newsroom.store.noting() as connection:
        connection.execute(tables.sign_ins.update().values(began_at=now - began, seen_at=now - seen))
    assert found.get("/").status_code == status


def test_being_seen_is_noted(newsroom: Newsroom) -> None:
    found, long_ago = sign_in(newsroom, "editor"), datetime.now(UTC) - timedelta(hours=1)
    with newsroom.store.noting() as connection:
        connection.execute(tables.sign_ins.update().values(seen_at=long_ago))
    found.get("/")
    [row] = newsroom.rows(tables.sign_ins)
    assert row["seen_at"] > long_ago


def test_who_is_forgotten_is_signed_out(newsroom: Newsroom) -> None:
    found = sign_in(newsroom, "editor")
    erase(newsroom.store, "editor", datetime.now(UTC), who="test")
    assert found.get("/").status_code == 303
    assert newsroom.rows(tables.sign_ins) == []


def test_nothing_secret_is_logged(newsroom: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="tandem")
    secret = sign_ins.link(newsroom.store, "editor", datetime.now(UTC))
    found = browser(newsroom)
    found.get(f"/sign-in/link?secret={secret}&next=%00")
    found.post("/sign-in/link", {"secret": secret})
    found.post("/sign-in/link", {"secret": secret})
    assert caplog.records
    assert secret not in caplog.text
