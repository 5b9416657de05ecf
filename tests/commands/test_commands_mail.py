"""`tandem release`, `send` and `mail`: from an edition to files, counted, held and decided."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shared.settings import load
from shared.store import ledger
from shared.store.engine import Store, put_fact

if TYPE_CHECKING:
    from collections.abc import Callable

    Tandem = Callable[..., Any]

STAFF = "person_id,email,name,department\np-1,ana@example.com,Ana,sales\np-2,bo@example.com,Bo,logistics\n"


@pytest.fixture
def released(tandem: Tandem, spring: str) -> str:  # noqa: ARG001 - there is something to tell
    Path("people.csv").write_text(STAFF, encoding="utf-8")
    assert tandem("people", "import", "people.csv").code == 0
    made = tandem("compose", "newsletter", "--month", "2026-04", "--as-of", "2026-12-31T00:00:00Z", "--json")
    assert tandem("release", made.json["edition_id"]).code == 0
    return str(made.json["edition_id"])


def test_mails_become_files_once(tandem: Tandem, released: str) -> None:
    said = tandem("send", "--json")
    assert (said.code, said.json["ended"]) == (0, None)
    [sending] = said.json["sendings"]
    assert (sending["edition_id"], sending["state"], sending["candidates"]) == (released, "completed", 2)
    assert (sending["counts"]["sent"], sending["adds_up"]) == (2, True)
    files = sorted(Path("mail").glob("*.eml"))
    mails = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
    assert {mail["To"] for mail in mails} == {"Ana <ana@example.com>", "Bo <bo@example.com>"}
    for file in files:
        file.unlink()
    assert tandem("send").code == 0
    assert list(Path("mail").glob("*.eml")) == []


def test_a_dry_run_changes_nothing(tandem: Tandem, released: str) -> None:
    [sending] = tandem("send", released, "--dry-run", "--json").json["sendings"]
    assert (sending["counts"]["queued"], Path("mail").exists()) == (2, False)


def test_a_link_is_in_mails_where_there_is_a_page(tandem: Tandem, spring: str) -> None:
    del spring
    Path("people.csv").write_text(STAFF, encoding="utf-8")
    tandem("people", "import", "people.csv")
    tandem("compose", "newsletter", "--month", "2026-04", "--as-of", "2026-12-31T00:00:00Z")
    tandem("release", "newsletter-2026-04", TANDEM_PUBLIC_URL="https://tandem.example.com")
    tandem("send")
    file = next(Path("mail").glob("*.eml"))
    mail = message_from_bytes(file.read_bytes(), policy=default)
    link = str(mail["List-Unsubscribe"]).strip("<>")
    text, page = (part.get_content() for part in mail.iter_parts())  # type: ignore[attr-defined]
    assert link.startswith("https://tandem.example.com/preferences/")
    assert link in text
    assert f'href="{link}"' in page


def test_a_pause_holds_and_is_told(tandem: Tandem, released: str) -> None:
    assert tandem("mail", "pause").code == 0
    assert "All mail is paused" in tandem("send").err
    assert tandem("mail", "resume").code == 0
    assert tandem("mail", "pause", released).code == 0
    assert tandem("mail", "status", "--json").json["sendings"][0]["state"] == "paused"
    assert tandem("mail", "stop", released).code == 0
    assert tandem("mail", "resume", released).code == 1
    assert not Path("mail").exists()


def test_a_doubtful_mail_is_listed_and_decided(tandem: Tandem, released: str) -> None:
    [one, _] = tandem("mail", "list", "--json").json
    store, now = Store.open(load().database_url), datetime.now(UTC)
    with store.noting() as connection:
        ledger.claim(connection, released, now, load().post.most_late, 2)
        held = ledger.Held(one["mail_id"], 1)
        ledger.start(connection, [ledger.Start(held, b"x")], now, load().post.most_late)
        ledger.finish(connection, [ledger.Result(held, "doubtful", "no answer")], now)
    store.close()
    [told] = tandem("mail", "list", "--state", "doubtful", "--json").json
    assert told["message_id"] == f"<{one['mail_id']}.{released}@localhost>"
    assert told["message_id"] in tandem("mail", "list", "--state", "doubtful").out
    assert "1 doubtful" in tandem("mail", "status").err
    assert tandem("mail", "settle", one["mail_id"]).code == 2
    assert tandem("mail", "settle", one["mail_id"], "--delivered", "--reason", "in the log").code == 0
    assert tandem("mail", "settle", one["mail_id"], "--send-again").code == 1
    assert tandem("mail", "settle", "m-0", "--delivered").code == 1


def test_a_mail_is_called_what_the_relay_calls_it_whatever_the_sender_is_today(
    tandem: Tandem, released: str
) -> None:
    tandem("send", released)
    mails = [message_from_bytes(file.read_bytes(), policy=default) for file in Path("mail").iterdir()]
    listed = tandem("mail", "list", "--json", TANDEM_SENDER="Tandem <tandem@elsewhere.example>").json
    assert {each["message_id"] for each in listed} == {str(mail["Message-ID"]) for mail in mails}


def test_what_cannot_be_sent_is_told_in_a_line(tandem: Tandem, released: str) -> None:
    assert tandem("send", "newsletter-1999-01").code == 1
    assert tandem("mail", "list", "--state", "lost").code == 2
    answer = tandem("send", TANDEM_SMTP_HOST="relay.example.com")
    assert (answer.code, "TANDEM_REPLY_TO" in answer.err) == (1, True)
    for name, value in {
        "TANDEM_BOUNCE_ADDRESS": "nobody",
        "TANDEM_PUBLIC_URL": "http://tandem.example.com",
        "TANDEM_MAIL_ALLOWED": "example.com",
        "TANDEM_REPLY_TO": "x",
    }.items():
        wrong = tandem("send", released, **{name: value})
        assert (wrong.code, name in wrong.err) == (2, True)


def test_the_mails_of_a_simulation_stay_in_a_folder(tandem: Tandem, released: str) -> None:
    del released
    store = Store.open(load().database_url)
    with store.noting() as connection:
        put_fact(connection, "simulated", "1")
    store.close()
    told = {"TANDEM_SMTP_HOST": "relay.example.com", "TANDEM_REPLY_TO": "editor@example.com"}
    assert "simulation" in tandem("send", **told).err
    assert tandem("send").code == 0


def test_a_past_month_goes_out_as_of_then(tandem: Tandem, spring: str) -> None:
    del spring
    Path("people.csv").write_text(STAFF, encoding="utf-8")
    tandem("people", "import", "people.csv")
    tandem("compose", "newsletter", "--month", "2026-04", "--as-of", "2026-05-08T08:00:00Z")
    assert tandem("release", "newsletter-2026-04", "--as-of", "2026-05-08T08:00:00Z").code == 0
    said = tandem("send", "--as-of", "2026-05-08T09:00:00Z", "--json")
    assert said.json["sendings"][0]["counts"]["sent"] == 2
    mails = [message_from_bytes(file.read_bytes(), policy=default) for file in Path("mail").iterdir()]
    days = {mail["Date"].datetime for mail in mails}
    assert {day.date().isoformat() for day in days} == {"2026-05-08"}
    assert tandem("send", "--as-of", "yesterday").code == 2
