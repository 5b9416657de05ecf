"""The edition of the month over HTTP: chosen by hand, looked at, tried, released, held and stopped."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shared import publishing, tables
from shared.people.choosing import prefer
from shared.schedules import Schedule
from shared.store import runs, sendings
from tests.newsroom.test_pages import APRIL, asked, tell
from tests.newsroom.visiting import sign_in

if TYPE_CHECKING:
    from typing import Any

    import httpx

    from tests.http.newsroom import Newsroom
    from tests.newsroom.visiting import Browser

EDITION = "newsletter-2026-04"
BASE = f"/desk/editions/{EDITION}"
FIRST, SECOND = "roadblock_beaten:SO-1", "roadblock_beaten:SO-2"


@pytest.fixture
def editor(newsroom: Newsroom) -> Browser:
    """An editor, who composed April with two stories."""
    tell(newsroom, 2)
    found = sign_in(newsroom, "editor")
    answer = post(found, "/desk/editions", edition="newsletter", period="2026-04")
    assert answer.headers["location"] == BASE, answer.text
    return found


def post(visitor: Browser, path: str, **fields: str) -> httpx.Response:
    return visitor.post(path, {"csrf": visitor.csrf("/me"), **fields})


def composed(newsroom: Newsroom, editor: Browser) -> list[str]:
    assert post(editor, "/desk/editions", edition="newsletter", period="2026-04").status_code == 303
    return [each.win_id for each in publishing.get(newsroom.store, EDITION).stories]


def decided(newsroom: Newsroom) -> list[str]:
    return [row["what"] for row in newsroom.rows(tables.decisions) if row["about"] == EDITION]


def test_what_is_chosen_and_ordered_is_composed(newsroom: Newsroom, editor: Browser) -> None:
    assert composed(newsroom, editor) == [FIRST, SECOND]
    for _ in range(2):
        answer = post(editor, f"{BASE}/move", win=SECOND, to="0", **{"from": "1"})
        assert answer.status_code == 303
    page = editor.get(BASE).text
    assert "Not composed yet as chosen" in page
    assert page.index(f"/wins/{SECOND}") < page.index(f"/wins/{FIRST}")
    assert composed(newsroom, editor) == [SECOND, FIRST], "a double click moves it once"
    post(editor, f"{BASE}/choose", win=SECOND, do="drop", reason="They asked <us> not to")
    assert composed(newsroom, editor) == [FIRST]
    page = editor.get(BASE).text
    assert "They asked &lt;us&gt; not to" in page
    assert "an editor left it out" in page
    post(editor, f"{BASE}/choose", win=SECOND, do="free")
    post(editor, f"{BASE}/choose", win=FIRST, do="pin", reason="The board asked")
    assert composed(newsroom, editor) == [SECOND, FIRST]
    assert "Not composed yet as chosen" not in editor.get(BASE).text
    assert "an editor chose it" in editor.get(BASE).text
    assert [row["action"] for row in newsroom.rows(tables.choosing_log)] == ["arrange", "drop", "free", "pin"]


@pytest.mark.parametrize(
    ("path", "fields", "code"),
    [
        ("choose", {"win": FIRST, "do": "pin", "reason": " "}, 409),
        ("choose", {"win": "w", "do": "pin", "reason": "x"}, 409),
        ("choose", {"win": FIRST, "do": "x", "reason": "x"}, 409),
        ("choose", {"win": FIRST, "do": "drop", "reason": "\x00"}, 422),
        ("move", {"win": FIRST, "from": "-1", "to": "x"}, 422),
        ("lose", {}, 403),
    ],
)
def test_what_cannot_be_chosen_changes_nothing(
    newsroom: Newsroom, editor: Browser, path: str, fields: dict[str, str], code: int
) -> None:
    assert post(editor, f"{BASE}/{path}", **fields).status_code == code
    assert newsroom.rows(tables.choosing_log) == []


def test_what_cannot_be_composed_says_why(editor: Browser) -> None:
    for edition, period in (("newsletter", "2026-W17"), ("newsletter", "April"), ("lost", "2026-04")):
        assert post(editor, "/desk/editions", edition=edition, period=period).status_code == 422
    assert editor.get("/desk/editions/newsletter-2026-01").status_code == 404


@pytest.mark.parametrize("how", ["desktop", "phone", "dark", "text"])
def test_the_mail_as_readers_see_it(editor: Browser, how: str) -> None:
    answer = editor.get(f"{BASE}/look?as={how}&language=de")
    assert answer.status_code == 200
    if how == "text":
        assert "SALES" in answer.text.upper()
        return
    assert "frame-src 'self'" in answer.headers["content-security-policy"]
    [source] = re.findall(r'<iframe [^>]*sandbox [^>]*src="([^"]+)"', answer.text)
    mail = editor.get(source.replace("&amp;", "&"))
    assert "sandbox" in mail.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in mail.headers["content-security-policy"]
    assert 'lang="de"' in mail.text
    assert "prefers-color-scheme" not in mail.text
    assert ("@media all" in mail.text) == (how == "dark")


def test_other_looks_are_none(editor: Browser) -> None:
    assert editor.get(f"{BASE}/look?as=fax").status_code == 422


def test_a_test_goes_to_oneself_once(newsroom: Newsroom, editor: Browser) -> None:
    folder = Path(newsroom.settings.mail_folder)
    for path in folder.glob("test-*"):
        path.unlink()
    for _ in range(2):
        assert post(editor, f"{BASE}/try").status_code == 303
    [path] = folder.glob("test-*.eml")
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert mail["To"] == "editor@example.com"
    assert mail["Subject"].startswith("Test: ")
    assert decided(newsroom) == ["test mail"]


def test_who_holds_a_sending_is_told_in_ones_own_language(newsroom: Newsroom, editor: Browser) -> None:
    prefer(newsroom.store, "publisher", datetime.now(UTC), who="test", language="de")
    publisher = sign_in(newsroom, "publisher")
    for what in ("release", "pause"):
        assert post(publisher, f"{BASE}/{what}").status_code == 303
    for path in (BASE, "/desk/editions"):
        assert "angehalten: von publisher" in publisher.get(path).text.replace("Angehalten", "angehalten")
        assert "paused: by publisher" in editor.get(path).text.replace("Paused", "paused")


def test_a_publisher_releases_holds_and_stops_it(newsroom: Newsroom, editor: Browser) -> None:
    publisher = sign_in(newsroom, "publisher")
    assert f"{BASE}/release" not in editor.get(BASE).text
    for what in ("pause", "resume", "stop"):
        assert post(publisher, f"{BASE}/{what}").status_code == 409, "it was not released"
    for what, state in (
        ("release", "sending"),
        ("pause", "paused"),
        ("resume", "sending"),
        ("stop", "completed"),
    ):
        for _ in range(2):
            assert post(publisher, f"{BASE}/{what}").status_code == 303, what
        with newsroom.store.reading() as connection:
            found = sendings.find(connection, EDITION)
        assert found is not None
        assert found.state == state
    assert decided(newsroom) == ["release", "pause", "resume", "stop"]
    page = publisher.get(BASE).text
    assert "given up by publisher" in page
    assert "Every mail has left" in page
    assert "does not add up" not in page
    assert post(publisher, f"{BASE}/burn").status_code == 404


def test_what_does_not_add_up_is_said(newsroom: Newsroom, editor: Browser) -> None:
    post(sign_in(newsroom, "publisher"), f"{BASE}/release")
    with newsroom.store.noting() as connection:
        connection.execute(tables.mails.delete().where(tables.mails.c.person_id == "editor"))
    assert "This does not add up to its 6 candidates" in editor.get(BASE).text


def test_a_choice_after_composing_stops_the_release(newsroom: Newsroom, editor: Browser) -> None:
    publisher = sign_in(newsroom, "publisher")
    post(editor, f"{BASE}/choose", win=FIRST, do="drop", reason="No")
    answer = post(publisher, f"{BASE}/release")
    assert answer.status_code == 409
    assert "An editor chose otherwise since" in answer.text


def late(newsroom: Newsroom, state: str) -> Any:
    run = {
        "schedule": "monthly",
        "day": APRIL.end,
        "due_at": datetime.now(UTC) - timedelta(days=3),
        "edition": "newsletter",
        "period": "2026-04",
        "state": state,
        "note": "",
        "changed_at": datetime.now(UTC),
    }
    with newsroom.store.noting() as connection:
        runs.since(connection, "monthly", datetime.now(UTC))
        runs.add(connection, run)


@pytest.mark.parametrize(("what", "state"), [("go", "waiting"), ("skip", "skipped")])
def test_a_late_run_is_decided_once(newsroom: Newsroom, what: str, state: str) -> None:
    publisher = sign_in(newsroom, "publisher")
    path = f"/desk/runs/monthly/{APRIL.end}/{what}"
    assert post(publisher, path).status_code == 409
    late(newsroom, "late")
    for _ in range(2):
        assert post(publisher, path).status_code == 303
    [run] = newsroom.rows(tables.runs)
    assert run["state"] == state
    assert len(newsroom.rows(tables.decisions)) == 1
    for wrong in (f"/desk/runs/monthly/{APRIL.end}/x", "/desk/runs/monthly/today/go"):
        assert post(publisher, wrong).status_code == 404


def test_what_is_held_back_and_what_is_archived_is_shown(newsroom: Newsroom, editor: Browser) -> None:
    late(newsroom, "paused")
    publisher = sign_in(newsroom, "publisher")
    assert post(publisher, f"/desk/runs/monthly/{APRIL.end}/go").status_code == 303
    assert newsroom.rows(tables.runs)[0]["state"] == "waiting"
    for what in ("release", "stop"):
        post(publisher, f"{BASE}/{what}")
    with newsroom.store.noting() as connection:
        assert sendings.archive(connection, datetime.now(UTC) + timedelta(days=1)) == [EDITION]
    page = editor.get(BASE).text
    assert "It is archived" in page
    assert f"{BASE}/stop" not in page


def test_a_schedule_is_confirmed_once(newsroom: Newsroom) -> None:
    publisher = sign_in(newsroom, "publisher")
    assert post(publisher, "/desk/schedules/monthly/confirm").status_code == 409
    late(newsroom, "proof")
    for _ in range(2):
        assert post(publisher, "/desk/schedules/monthly/confirm").status_code == 303
    assert len(newsroom.rows(tables.decisions)) == 1


def test_more_wins_ask_no_more_questions(newsroom: Newsroom, editor: Browser) -> None:
    paths = ("/desk/editions", BASE)
    counts = []
    tell(newsroom, 3, first=3)
    post(editor, "/desk/editions", edition="newsletter", period="2026-04")
    for path in paths:
        editor.get(path)
        with asked(newsroom) as few:
            editor.get(path)
        counts.append(len(few))
    tell(newsroom, 10, first=6)
    post(editor, "/desk/editions", edition="newsletter", period="2026-04")
    assert len(publishing.get(newsroom.store, EDITION).explanation) == 15
    for path, before in zip(paths, counts, strict=True):
        with asked(newsroom) as more:
            editor.get(path)
        assert len(more) == before, path


def test_who_was_not_seen_for_a_quarter(editor: Browser) -> None:
    page = editor.get(BASE).text
    assert "Not seen for a quarter" in page
    unseen = page.partition("Not seen for a quarter")[2].partition("</p>")[0]
    assert "procurement" in unseen
    assert "finance" not in unseen, "only the two sides are credited"


def scheduled(newsroom: Newsroom) -> dict[str, str]:
    return {row["name"]: row["rule"] for row in newsroom.rows(tables.schedules)}


def test_a_publisher_sets_changes_and_removes_a_schedule(newsroom: Newsroom, editor: Browser) -> None:
    publisher = sign_in(newsroom, "publisher")
    told = {"name": "month", "edition": "newsletter", "on": "5", "at": "08:00"}
    assert post(publisher, "/desk/schedules", **told).status_code == 303
    page = publisher.get("/desk/editions").text
    assert "On working day 5 of each month at 08:00, about the month before." in page
    assert "Its first run goes to editors alone" in page
    assert "/desk/schedules/month/remove" not in editor.get("/desk/editions").text
    changed = {**told, "edition": "leadership", "on": "monday", "at": "07:30", "review": "yes"}
    for _ in range(2):
        assert post(publisher, "/desk/schedules", **changed).status_code == 303
    page = publisher.get("/desk/editions").text
    assert "Each Monday at 07:30, about the week before. It waits until a publisher releases it." in page
    assert '<option value="monday" selected>' in page
    assert post(publisher, "/desk/schedules/month/remove").status_code == 303
    assert post(publisher, "/desk/schedules/month/remove").status_code == 409
    assert scheduled(newsroom) == {}
    done = [(row["who"], row["what"]) for row in newsroom.rows(tables.decisions) if row["about"] == "month"]
    assert done == [("publisher", "schedule")] * 2 + [("publisher", "unschedule")]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "No!"}, "such as month or team-week"),
        ({"on": "monday"}, "not made of a week"),
        ({"on": "16"}, "from 1 to 15"),
        ({"on": "someday"}, "write one of monday"),
        ({"at": "25:00"}, "such as 08:00"),
        ({"edition": "gossip"}, "there is no edition"),
    ],
)
def test_a_wrong_schedule_is_said_and_typed_again(
    newsroom: Newsroom, wrong: dict[str, str], said: str
) -> None:
    publisher = sign_in(newsroom, "publisher")
    told = {"name": "month", "edition": "newsletter", "on": "5", "at": "08:15", **wrong}
    answer = post(publisher, "/desk/schedules", **told)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{told["name"]}"' in answer.text
    assert scheduled(newsroom) == {}


def test_a_schedule_of_the_settings_is_not_changed_at_the_desk(newsroom: Newsroom, editor: Browser) -> None:
    fixed = {"monthly": Schedule(edition="newsletter", workday=5)}
    newsroom.app.state.settings = newsroom.settings.model_copy(update={"schedules": fixed})
    try:
        publisher = sign_in(newsroom, "publisher")
        assert "Set in TANDEM_SCHEDULES" in publisher.get("/desk/editions").text
        assert post(publisher, "/desk/schedules/monthly/remove").status_code == 409
        assert "Set in TANDEM_SCHEDULES" in editor.get("/desk/editions").text
    finally:
        newsroom.app.state.settings = newsroom.settings
