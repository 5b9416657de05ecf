"""Thanks: once for each person and story, to those with a part in it, told to others only as agreed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from shared import publishing, tables, thanking
from shared.people.choosing import erase, prefer
from shared.people.importing import import_people
from shared.people.reading import one
from shared.periods import Period
from shared.recording import record
from shared.rules import DEFAULTS
from shared.thanking import ThanksError
from tests import folded, make

if TYPE_CHECKING:
    from shared.store.engine import Store
    from shared.store.outbox import Record

NOW = make.LATER
STORY = "story-roadblock_beaten:SO-1"
EDITION = "newsletter-2026-04"
PEOPLE = b"""person_id,email,name,department,naming
p-giver,giver@example.com,Gil Over,finance,team
p-sales,ana@example.com,Ana Ruiz,sales,named
p-ops,jonas@example.com,Jonas Weber,logistics,team
"""


@pytest.fixture
def told(store: Store) -> Store:
    """A company with people, and an edition that told a story."""
    import_people(store, PEOPLE, NOW)
    won = [make.registered("C-1", name="Nordlicht", confidential=True), *make.win()]
    record(store, make.raw(won), as_of=NOW, rules=DEFAULTS)
    publishing.compose(store, "newsletter", Period.month(2026, 4), NOW, DEFAULTS, {})
    publishing.release(store, EDITION)
    folded.announced(store, NOW, DEFAULTS)
    return store


def thank(store: Store, person_id: str = "p-giver", **more: Any) -> None:
    with store.reading() as connection:
        person = one(connection, person_id)
    thanking.thank(store, person, STORY, EDITION, **{"now": NOW, **more})


def given(store: Store, person_id: str = "p-giver") -> thanking.Given | None:
    with store.reading() as connection:
        return thanking.given(connection, person_id, STORY)


def said(store: Store) -> list[dict[str, Any]]:
    """What leaves since it was asked last, by kind."""
    sent: list[Record] = folded.announced(store, NOW, DEFAULTS)
    return [event["data"] | {"kind": event["type"].split(".")[2]} for event in folded.events(sent)]


def rows(store: Store, table: Any) -> list[Any]:
    with store.reading() as connection:
        return list(connection.execute(table.select()))


def test_thanks_go_to_everyone_else_in_the_story(told: Store) -> None:
    thank(told)
    assert {row.person_id for row in rows(told, tables.thanked_people)} == {"p-sales", "p-ops"}
    assert {row.department for row in rows(told, tables.thanked_departments)} == {"sales", "logistics"}


def test_nobody_thanks_themselves(told: Store) -> None:
    thank(told, "p-ops")
    assert [row.person_id for row in rows(told, tables.thanked_people)] == ["p-sales"]


def test_thanking_twice_counts_once_and_keeps_the_later_note(told: Store) -> None:
    thank(told, note="Well done")
    thank(told, note=" Very\n well done ", now=NOW + timedelta(days=1))
    [row] = rows(told, tables.thanks)
    assert (row.note, row.given_at) == ("Very well done", NOW)


def test_thanks_may_be_taken_back_and_given_again(told: Store) -> None:
    thank(told, note="Well done")
    thanking.take_back(told, "p-giver", STORY, NOW)
    assert given(told) is None
    assert rows(told, tables.thanks)[0].note == ""
    thanking.take_back(told, "p-giver", STORY, NOW)
    thank(told, now=NOW + timedelta(days=1))
    assert given(told) == thanking.Given(NOW + timedelta(days=1), "", shown=False)


def test_a_long_note_is_refused(told: Store) -> None:
    with pytest.raises(ThanksError, match="at most 280"):
        thank(told, note="x" * 281)
    assert given(told) is None


def test_a_story_that_was_taken_back_is_thanked_by_nobody(told: Store) -> None:
    back = [make.returned("1", make.at("03-20")), make.assessed("quality", make.at("03-21"))]
    record(told, make.raw(back), as_of=NOW, rules=DEFAULTS)
    with pytest.raises(ThanksError, match="taken back"):
        thank(told)


def test_each_department_hears_of_it_once(told: Store) -> None:
    thank(told, note="Only for you")
    events = said(told)
    assert [(e["kind"], e["to_department"]) for e in events] == [("given", "logistics"), ("given", "sales")]
    assert all(e["from"] == {"department": "finance"} and "note" not in e for e in events)
    thank(told, note="Only for you")
    assert said(told) == []


def test_a_note_leaves_only_where_its_writer_lets_everyone_read_it(told: Store) -> None:
    thank(told, note="Thank you, Jonas Weber and Ana Ruiz, for Nordlicht!", shown=True)
    [first, _] = said(told)
    assert first["note"] == "Thank you, a colleague and Ana Ruiz, for a customer!"


def test_who_wishes_to_be_named_is_named_by_id(told: Store) -> None:
    prefer(told, "p-giver", NOW, who="test", naming="named")
    thank(told)
    assert said(told)[0]["from"] == {"person_id": "p-giver", "department": "finance"}


def test_what_is_taken_back_is_said_once_and_only_if_it_was_said(told: Store) -> None:
    thank(told)
    thanking.take_back(told, "p-giver", STORY, NOW)
    assert said(told) == []
    thank(told)
    said(told)
    thanking.take_back(told, "p-giver", STORY, NOW)
    assert len(said(told)) == 2
    assert said(told) == []


def test_two_people_of_one_department_are_two(told: Store) -> None:
    import_people(told, b"person_id,email,name,department\np-2,x@example.com,X Y,finance\n", NOW)
    thank(told)
    thank(told, "p-2")
    assert len({(e["thanks_id"], e["to_department"]) for e in said(told)}) == 4


def test_who_is_forgotten_is_forgotten_in_the_notes_of_others(told: Store) -> None:
    import_people(told, b"person_id,email,name,department\np-ops,o@example.com,Otto Kern,logistics\n", NOW)
    thank(told, note="Well done, Otto!", shown=True)
    erase(told, "p-ops", NOW, who="test")
    assert [row.note for row in rows(told, tables.thanks)] == ["Well done, a colleague in logistics!"]


def test_erasing_keeps_the_count_and_nothing_that_was_written(told: Store) -> None:
    thank(told, note="Well done", shown=True)
    erase(told, "p-giver", NOW, who="test")
    erase(told, "p-ops", NOW, who="test")
    [row] = rows(told, tables.thanks)
    assert (row.note, row.shown, row.department) == ("", False, "finance")
    assert [row.person_id for row in rows(told, tables.thanked_people)] == ["p-sales"]
    assert {row.department for row in rows(told, tables.thanked_departments)} == {"sales", "logistics"}


def test_no_edition_goes_out_with_a_note_that_names_who_wishes_it_no_more(told: Store) -> None:
    thank(told, note="Well done, Ana Ruiz and Jonas Weber!", shown=True)
    month, later = Period.month(NOW.year, NOW.month), NOW + timedelta(days=5)
    made = publishing.compose(told, "newsletter", month, later, DEFAULTS, {})
    assert made.thanked is not None
    assert [note.text for note in made.thanked.notes] == ["Well done, Ana Ruiz and a colleague!"]
    prefer(told, "p-sales", later, who="ana", naming="team")
    with pytest.raises(publishing.EditionError, match="wish it no more"):
        publishing.release(told, made.edition_id)
    again = publishing.compose(told, "newsletter", month, later, DEFAULTS, {})
    assert publishing.release(told, again.edition_id).state == "released"
