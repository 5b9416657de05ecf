"""`--as-of` of commands that look at what was kept: they answer as they would have at that instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shared.intake import Origin
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store.engine import Store
from tests import make
from tests.asking.company import PEOPLE, asked, company
from tests.desk import hand_in, traded

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commands.conftest import Tandem

NOW = datetime.now(UTC)


def days_ago(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat()


@pytest.fixture
def store(folder: Path) -> Store:
    return Store.open(f"sqlite:///{folder / 'tandem.db'}")


def test_a_conflict_and_what_corrects_it_exist_from_their_times_on(
    tandem: Tandem, events: Callable[..., Path]
) -> None:
    stored = make.placed(name="e-1")
    other = {**stored, "time": make.at("03-04")}
    right = make.corrected(stored, lines=[make.line(qty=120)]) | {"id": "e-2", "time": make.at("03-06")}
    tandem("import", events(stored, other, right))

    def corrected(day: str, *key: str) -> list[list[str]]:
        answer = tandem("conflicts", *key, "--as-of", f"2026-{day}T12:00:00Z", "--json").json
        return [[one["id"] for one in each["corrected_by"]] for each in (answer if not key else [answer])]

    def doctor(day: str) -> bool:
        checks = tandem("doctor", "--as-of", f"2026-{day}T12:00:00Z", "--json").json
        return bool(next(check["ok"] for check in checks if check["check"] == "Conflicts"))

    assert (corrected("03-03"), doctor("03-03")) == ([], True)
    assert (corrected("03-05"), corrected("03-05", "erp", "e-1"), doctor("03-05")) == ([[]], [[]], False)
    assert (corrected("03-07"), doctor("03-07")) == ([["e-2"]], True)
    assert tandem("conflicts", "erp", "e-1", "--as-of", "2026-03-03T12:00:00Z").code == 1


def test_a_dead_letter_waits_until_it_is_settled(tandem: Tandem, store: Store) -> None:
    origin = Origin("orders/0/0@1767225600000", "orders", (), b"junk", b"C-1")
    at = NOW - timedelta(days=5)
    record(store, [b"junk"], as_of=at, rules=DEFAULTS, origins=[origin])
    store.close()
    done = ("dead", "discard", "1", "--reason", "sent again", "--as-of", days_ago(3), "--json")
    assert tandem(*done).json == {"discarded": [1]}

    def states(days: float) -> list[str]:
        return [one["state"] for one in tandem("dead", "list", "--as-of", days_ago(days), "--json").json]

    assert [states(days) for days in (6, 4, 2)] == [[], ["waiting"], ["discarded"]]
    assert tandem("dead", "list", "--state", "discarded", "--as-of", days_ago(4), "--json").json == []
    shown = tandem("dead", "show", "1", "--as-of", days_ago(4), "--json").json
    assert (shown["state"], shown["settled_at"], shown["note"]) == ("waiting", None, None)
    absent = tandem("dead", "show", "1", "--as-of", days_ago(6))
    assert (absent.code, "There is no dead letter 1 as of" in absent.err) == (1, True)
    for days, ok in ((6, True), (4, False), (2, True)):
        checks = tandem("doctor", "--as-of", days_ago(days), "--json").json
        assert [one["ok"] for one in checks if one["check"] == "Dead letters"] == [ok]


def test_the_doctor_judges_sources_clocks_and_orders_as_of_then(
    tandem: Tandem, events: Callable[..., Path]
) -> None:
    early = make.delivered(1, make.at("03-06"), order_id="SO-2")
    tandem("import", events(make.placed(make.at("03-07"), order_id="SO-2"), early))

    def says(day: str) -> dict[str, str]:
        checks = tandem("doctor", "--as-of", f"2026-{day}T12:00:00Z", "--json").json
        return {one["check"]: one["says"] for one in checks}

    before, after = says("03-03"), says("03-20")
    assert before["Clock"].startswith("2 events lie more than a day ahead")
    assert before["Quarantine"] == "no order is put aside"
    assert after["Clock"] == "no event lies more than a day ahead"
    assert after["Quarantine"].startswith("SO-2")
    assert after["Sources"].startswith("1 of 1 silent")
    assert says("03-08")["Sources"] == "1 tell what happens, none is silent"


def test_an_edition_is_there_once_it_was_composed(tandem: Tandem, spring: str) -> None:
    assert spring
    tandem("compose", "newsletter", "--month", "2026-04", "--as-of", "2026-05-08T08:00:00Z")
    early = tandem("preview", "newsletter-2026-04", "--as-of", "2026-05-08T07:59:59Z")
    assert (early.code, early.out, early.err.count("\n")) == (1, "", 1)
    assert "it was composed as of 2026-05-08 08:00" in early.err
    assert not Path("out").exists()
    made = tandem("preview", "newsletter-2026-04", "--as-of", "2026-05-08T08:00:00Z", "--json").json
    assert made["edition_id"] == "newsletter-2026-04"


def test_questions_stood_as_they_were_asked_and_answered(tandem: Tandem, store: Store) -> None:
    company(store)
    traded(store)
    hand_in(store, NOW)
    at = NOW - timedelta(minutes=5)
    [question] = asked(store, NOW)
    store.close()

    def listed(instant: datetime) -> list[tuple[str, str]]:
        told = tandem("ask", "--list", "--as-of", instant.isoformat(), "--json").json["asked"]
        return [(one["question_id"], one["state"]) for one in told]

    assert listed(at) == []
    assert listed(NOW) == [(question.question_id, "asked")]
    assert listed(NOW + timedelta(days=60)) == [(question.question_id, "expired")]


def test_people_are_asked_as_of_an_instant(tandem: Tandem, store: Store) -> None:
    company(store)
    traded(store)
    hand_in(store, NOW)
    store.close()
    url = {"TANDEM_PUBLIC_URL": "https://tandem.example.com"}
    told = tandem("ask", "--as-of", days_ago(-1), "--json", **url).json["asked"]
    assert [datetime.fromisoformat(one["asked_at"]) for one in told] == [NOW + timedelta(days=1)]


def test_people_are_changed_as_of_an_instant(tandem: Tandem) -> None:
    Path("people.csv").write_text(PEOPLE.format(naming="team"), encoding="utf-8")
    assert tandem("people", "import", "people.csv", "--as-of", days_ago(9)).code == 0
    assert tandem("people", "prefer", "p-ops", "--naming", "named", "--as-of", days_ago(8)).code == 0
    erased = tandem("people", "erase", "p-ops", "--as-of", days_ago(7), "--json").json
    assert datetime.fromisoformat(erased["erased_at"]) == NOW - timedelta(days=7)


@pytest.mark.parametrize(
    "call",
    [
        "preview newsletter-2026-04",
        "people import people.csv",
        "people prefer p-1 --naming team",
        "people erase p-1",
        "doctor",
        "doctor mail",
        "dead list",
        "dead show 1",
        "dead replay --all",
        "dead discard 1 --reason x",
        "conflicts",
        "ask",
    ],
)
def test_what_is_no_instant_is_told_in_one_line(tandem: Tandem, call: str) -> None:
    answer = tandem(*call.split(), "--as-of", "2026-05-08")
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert "--as-of 2026-05-08: write RFC 3339 with an offset" in answer.err
