"""How people stand in a story, and until when it waits for them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shared.clearance import days_to_object
from shared.consent import Consent
from shared.editions.choice import CHOICE
from shared.people.model import Person
from shared.rules import DEFAULTS
from shared.store.questions import Heard
from tests.make import instant

FRIDAY = instant("03-13", "10:00")
TODAY = date(2026, 3, 18)


@pytest.mark.parametrize(
    ("heard", "until", "waits"),
    [
        (None, date(2026, 3, 18), True),
        (Heard(FRIDAY - timedelta(days=9), None), date(2026, 3, 18), True),
        (Heard(FRIDAY + timedelta(days=4), None), date(2026, 3, 20), True),
        (Heard(None, None), None, True),
        (Heard(FRIDAY, FRIDAY + timedelta(hours=1)), None, False),
        (Heard(FRIDAY - timedelta(days=9), FRIDAY - timedelta(days=8)), date(2026, 3, 18), True),
    ],
    ids=["not asked", "asked before", "asked later", "mail not left", "agreed", "agreed to other words"],
)
def test_until_when_a_story_waits(heard: Heard | None, until: date | None, waits: bool) -> None:  # noqa: FBT001 - a column
    days = days_to_object(heard, FRIDAY, CHOICE, DEFAULTS)
    assert (days.until, days.waits_on(TODAY)) == (until, waits)
    assert until is None or not days.waits_on(until + timedelta(days=1))


@pytest.mark.parametrize("naming", ["named", "team", "never", "objected", "erased", "unknown"])
def test_readers_see_a_name_only_where_its_bearer_wishes_it(naming: str) -> None:
    erased = FRIDAY if naming == "erased" else None
    called = "named" if naming in {"objected", "erased"} else naming
    person = Person("p-1", None, "Ana", "sales", naming=called, erased_at=erased)
    known = None if naming == "unknown" else person
    found = Consent("p-1", "sales", known, objected=naming == "objected", until=None, waits=False)
    assert found.named == (naming == "named")
