"""How people stand in a story, and until when it waits for them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shared.clearance import last_day_to_object
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
        (Heard(None, None), "unasked", True),
        (Heard(FRIDAY, FRIDAY + timedelta(hours=1)), "agreed", False),
        (Heard(FRIDAY - timedelta(days=9), FRIDAY - timedelta(days=8)), date(2026, 3, 18), True),
    ],
)
def test_until_when_a_story_waits(heard: Heard | None, until: object, waits: bool) -> None:  # noqa: FBT001 - a column
    person = Person("p-1", "a@example.com", "Ana", "sales", naming="named")
    last = last_day_to_object(heard, FRIDAY, CHOICE, DEFAULTS)
    found = Consent("p-1", "sales", person, False, last, TODAY)  # noqa: FBT003 - a field
    assert (found.until, found.waits, found.named) == (until, waits, True)


@pytest.mark.parametrize("naming", ["team", "never", "objected", "erased", "unknown"])
def test_it_waits_for_nobody_whom_it_does_not_name(naming: str) -> None:
    erased = FRIDAY if naming == "erased" else None
    called = "named" if naming in {"objected", "erased"} else naming
    person = Person("p-1", None, "Ana", "sales", naming=called, erased_at=erased)
    known = None if naming == "unknown" else person
    found = Consent("p-1", "sales", known, naming == "objected", TODAY, TODAY)
    assert (found.named, found.waits, found.until) == (False, False, None)
