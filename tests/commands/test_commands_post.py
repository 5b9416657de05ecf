"""`tandem mail bounces`, `take-back`, `write-again`, `alerts` and `steps`, and `tandem doctor mail`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shared.mailing.links import bounce_token
from shared.settings import load
from shared.store import ledger
from shared.store.engine import Store
from tests.mailing.reports import away, dsn

if TYPE_CHECKING:
    from collections.abc import Callable

    Tandem = Callable[..., Any]

STAFF = "person_id,email,name,department\np-1,ana@example.com,Ana,sales\np-2,bo@example.com,Bo,logistics\n"


@pytest.fixture
def sent(tandem: Tandem, spring: str) -> str:  # noqa: ARG001 - there is something to tell
    Path("people.csv").write_text(STAFF, encoding="utf-8")
    assert tandem("people", "import", "people.csv").code == 0
    made = tandem("compose", "newsletter", "--month", "2026-04", "--as-of", "2026-12-31T00:00:00Z", "--json")
    assert tandem("release", made.json["edition_id"]).code == 0
    assert tandem("send").code == 0
    return str(made.json["edition_id"])


def token(person_id: str = "p-1") -> str:
    with closing(Store.open(load().database_url)) as store, store.reading() as connection:
        [mail] = [row for row in ledger.listed(connection) if row.person_id == person_id]
        return bounce_token(store.secret, mail.mail_id)


def test_what_came_back_is_taken_in_listed_and_undone(tandem: Tandem, sent: str) -> None:
    assert tandem("mail", "bounces").code == 0
    Path("one.eml").write_bytes(dsn(token()))
    Path("box").write_bytes(b"".join(b"From x\n" + raw + b"\n\n" for raw in (dsn(token()), away(token()))))
    taken = tandem("mail", "take-back", "one.eml", "box", "--json")
    assert (taken.code, taken.json) == (0, {"read": 3, "hard": 1, "known": 1, "ignored": 1})
    [bounce] = tandem("mail", "bounces", "--json").json["bounces"]
    assert (bounce["kind"], bounce["person_id"], bounce["status"]) == ("hard", "p-1", "5.1.1")
    assert tandem("mail", "bounces", "--kind", "soft", "--json").json["bounces"] == []
    assert "p-1 had bounced" in tandem("mail", "write-again", "p-1").out
    again = tandem("mail", "write-again", "p-1")
    assert (again.code, "nothing is to undo" in again.err) == (1, True)
    [undone] = tandem("mail", "bounces", "--json").json["bounces"]

    def then(at: str) -> Any:
        return tandem("mail", "bounces", "--as-of", at, "--json").json["bounces"]

    assert then(undone["undone_at"]) == [undone]
    assert then(bounce["at"]) == [bounce]
    assert then("2026-01-01T00:00:00Z") == []
    assert sent


def test_a_forged_report_is_refused(tandem: Tandem, sent: str) -> None:
    Path("one.eml").write_bytes(dsn(f"{'0' * 20}-{'1' * 12}"))
    assert tandem("mail", "take-back", "one.eml").code == 1
    assert "named no mail that Tandem sent" in tandem("mail", "bounces").err
    for wrong in (("take-back", "nowhere.eml"), ("bounces", "--kind", "odd")):
        assert tandem("mail", *wrong).code == 2
    assert sent


def test_steps_and_alerts_are_listed(tandem: Tandem, sent: str) -> None:
    [step] = tandem("mail", "steps", "--json").json
    assert (step["edition_id"], step["step"], step["adds_up"]) == (sent, "completed", True)
    assert f"{sent}: completed (2 sent)" in tandem("mail", "steps").out
    assert tandem("mail", "alerts", "--json").json == []
    with closing(Store.open(load().database_url)) as store, store.noting() as connection:
        connection.exec_driver_sql("UPDATE mails SET state = 'doubtful' WHERE person_id = 'p-1'")
    [alert] = tandem("mail", "alerts", "--json").json
    assert (alert["kind"], alert["about"], alert["told"]) == ("doubtful", sent, [])
    assert f"doubtful  {sent}  1" in tandem("mail", "alerts").out


def test_doctor_mail(tandem: Tandem) -> None:
    said = tandem("doctor", "mail", "--json")
    assert said.code == 1
    found = {each["check"]: each["ok"] for each in said.json}
    assert found == {
        "Headers": True, "Sender": False, "Answers": False, "Links": False, "Returns": False, "Relay": True
    }  # fmt: skip
    assert tandem("doctor", "male").code == 2
    assert tandem("doctor", "mail", "--to", "nobody").code == 2
