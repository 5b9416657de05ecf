"""`--as-of` of commands that look at what was kept: they answer as they would have at that instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shared.intake import Origin
from shared.recording import record
from shared.roles import Actor
from shared.rules import DEFAULTS
from shared.store.engine import Store
from tests import make
from tests.asking.company import PEOPLE, asked, company
from tests.desk import EDITOR, FORM, SECOND, STORY, desk, hand_in, traded

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


def test_a_story_reads_as_it_was_told_decided_and_told_again(tandem: Tandem, store: Store) -> None:
    company(store, "named")
    traded(store)
    hand_in(store, NOW - timedelta(days=9))
    desk(store, NOW - timedelta(days=8)).edit(STORY, EDITOR, title="A tall crate")
    desk(store, NOW - timedelta(days=7)).approve(STORY, SECOND)
    other = {"title": "Two crates", "order_ids": ["SO-1", "SO-9"]}
    hand_in(store, NOW - timedelta(days=5), **other)
    desk(store, NOW - timedelta(days=4)).object(STORY, Actor("p-sales"))
    hand_in(store, NOW - timedelta(days=3), draft_id="D-2")
    desk(store, NOW - timedelta(days=2)).merge(STORY, EDITOR, "story-team_told:D-2")
    store.close()

    def listed(days: float) -> list[tuple[str, str, str | None]]:
        found = tandem("stories", "--as-of", days_ago(days), "--json").json
        return [(one["title"], one["state"], one["edited_by"]) for one in found]

    told = FORM["title"]
    assert [listed(days) for days in (10, 9, 7.5, 6)] == [
        [],
        [(told, "submitted", None)],
        [("A tall crate", "submitted", "p-editor")],
        [("A tall crate", "approved", "p-editor")],
    ]
    assert listed(4.5) == [("Two crates", "submitted", None)]
    assert sorted(listed(2.5)) == [(told, "submitted", None), ("Two crates", "submitted", None)]
    assert sorted(listed(1)) == [(told, "submitted", None), ("Two crates", "retracted", None)]
    assert tandem("stories", "--state", "approved", "--as-of", days_ago(1), "--json").json == []

    def shown(days: float) -> Any:
        return tandem("stories", "show", STORY, "--as-of", days_ago(days), "--json").json

    early, late = shown(6), shown(1)
    assert (early["age_days"], early["merged_into"], early["missing_orders"]) == (1, None, [])
    assert [each["action"] for each in early["history"]] == ["submit", "edit", "approve"]
    assert (early["order_ids"], late["order_ids"]) == (["SO-1"], ["SO-1", "SO-9"])
    assert (late["merged_into"], late["missing_orders"]) == ("story-team_told:D-2", ["SO-9"])
    assert late["hash"] != early["hash"]
    assert "Ana Ruiz" not in tandem("stories", "show", STORY, "--as-of", days_ago(6)).out
    assert "Ana Ruiz" in tandem("stories", "show", "story-team_told:D-2", "--as-of", days_ago(1)).out
    astray = tandem("stories", "--as-of", days_ago(6), "show", STORY)
    assert (astray.code, astray.out, "write it behind show" in astray.err) == (2, "", True)
    absent = tandem("stories", "show", STORY, "--as-of", days_ago(10))
    assert (absent.code, "There was no story" in absent.err) == (1, True)


def test_a_story_of_tandem_is_listed_from_its_first_decision_on(
    tandem: Tandem, store: Store, spring: str
) -> None:
    story = f"story-{spring}"
    desk(store, NOW - timedelta(days=2)).retract(story, EDITOR, "Too small")
    store.close()

    def states(days: float) -> list[str]:
        return [one["state"] for one in tandem("stories", "--as-of", days_ago(days), "--json").json]

    assert [states(days) for days in (3, 1)] == [[], ["retracted"]]
    assert tandem("stories", "show", story, "--as-of", days_ago(3), "--json").json["state"] == "approved"
    assert tandem("stories", "show", story, "--as-of", "2026-02-01T00:00:00Z").code == 1


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
        "stories",
        "stories show story-team_told:D-1",
        "mail bounces",
    ],
)
def test_what_is_no_instant_is_told_in_one_line(tandem: Tandem, call: str) -> None:
    answer = tandem(*call.split(), "--as-of", "2026-05-08")
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert "--as-of 2026-05-08: write RFC 3339 with an offset" in answer.err
