"""The invitation to the joint meeting: the right hour, known again by calendars, with the pack in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from shared.editions import compose
from shared.editions.brand import Brand
from shared.inviting import Attachment, invitation
from shared.meetings import MEETING, Meeting
from shared.rules import DEFAULTS
from shared.workdays import nth_working_day
from tests.editions.examples import material

PACK = compose("meeting_pack", material())
BERLIN = replace(DEFAULTS, zone=ZoneInfo("Europe/Berlin"), holidays=(date(2026, 1, 1), date(2026, 1, 6)))
FILE = Attachment("pack.html", "text/html", "<p>é</p>".encode() * 100)


def invited(**more: Any) -> bytes:
    starts = MEETING.starts(PACK, BERLIN)
    asked = {
        "organizer": "Tandem <tandem@example.com>",
        "attendees": ["Ana Ruiz <ana@example.com>"],
        "attachments": [FILE],
        "summary": "Sales and Operations, December; 2025",
        "description": "One\nTwo, three",
    }
    return invitation(PACK, Brand(), starts, 60, **{**asked, **more})


def event(text: bytes) -> Any:
    (found,) = Calendar.from_ical(text).walk("VEVENT")
    return found


def test_it_is_held_on_a_working_day_at_the_hour_of_the_house() -> None:
    assert MEETING.starts(PACK, BERLIN) == datetime(2026, 1, 13, 9, 0, tzinfo=UTC)
    assert MEETING.starts(PACK, DEFAULTS) == datetime(2026, 1, 9, 10, 0, tzinfo=UTC)
    summer = compose("meeting_pack", material(period=PACK_OF_JUNE))
    assert Meeting(1, time(9), 30).starts(summer, BERLIN) == datetime(2025, 7, 1, 7, 0, tzinfo=UTC)


PACK_OF_JUNE = material().period.back(6)


@pytest.mark.parametrize(
    ("first", "number", "day"),
    [
        (date(2026, 1, 1), 1, date(2026, 1, 2)),
        (date(2026, 1, 1), 2, date(2026, 1, 5)),
        (date(2026, 1, 3), 1, date(2026, 1, 5)),
        (date(2026, 1, 1), 7, date(2026, 1, 13)),
    ],
)
def test_working_days(first: date, number: int, day: date) -> None:
    assert nth_working_day(BERLIN, first, number) == day


def test_calendars_know_it_again() -> None:
    found, again = event(invited()), event(invited(sequence=1))
    assert found["uid"] == again["uid"] == "meeting_pack-2025-12@tandem.localhost"
    assert (found["sequence"], again["sequence"]) == (0, 1)
    assert invited() == invited()


def test_the_same_meeting_cancelled() -> None:
    calendar = Calendar.from_ical(invited(method="CANCEL", sequence=2))
    assert (calendar["method"], event(invited(method="CANCEL"))["status"]) == ("CANCEL", "CANCELLED")
    assert (Calendar.from_ical(invited())["method"], event(invited())["status"]) == ("REQUEST", "CONFIRMED")


def test_when_who_and_what() -> None:
    found = event(invited())
    assert (found.start, found.end) == (
        datetime(2026, 1, 13, 9, tzinfo=UTC), datetime(2026, 1, 13, 10, tzinfo=UTC),
    )  # fmt: skip
    assert str(found["organizer"]) == "mailto:tandem@example.com"
    assert str(found["attendee"]) == "mailto:ana@example.com"
    assert (found["summary"], found["description"]) == (
        "Sales and Operations, December; 2025", "One\nTwo, three",
    )  # fmt: skip


def test_the_pack_is_in_it() -> None:
    attached = event(invited())["attach"]
    assert attached.from_ical(attached.to_ical()) == FILE.content
    assert attached.params["FMTTYPE"] == "text/html"


def test_lines_are_short_and_end_as_the_standard_wants() -> None:
    lines = invited().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert lines[-1] == b""


@pytest.mark.parametrize("bad", ["nobody", "a@b\r\nATTENDEE:mailto:x@y"])
def test_an_address_adds_no_line(bad: str) -> None:
    with pytest.raises(ValueError, match="is no mail address"):
        invited(attendees=[bad])
