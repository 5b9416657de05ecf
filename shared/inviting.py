"""The invitation to the joint meeting, as a calendar reads it, with the pack attached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final, Literal

from icalendar import Calendar, Event, vBinary, vCalAddress, vText

from shared.sending import address

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from shared.editions.brand import Brand
    from shared.editions.model import Edition

Method = Literal["REQUEST", "CANCEL"]
MAKER: Final = "-//Tandem//Joint meeting//EN"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the invitation."""

    name: str
    media_type: str
    content: bytes


def invitation(
    edition: Edition,
    brand: Brand,
    starts: datetime,
    minutes: int,
    organizer: str,
    attendees: Sequence[str],
    attachments: Sequence[Attachment] = (),
    *,
    summary: str,
    description: str,
    sequence: int = 0,
    method: Method = "REQUEST",
) -> bytes:
    """An invitation (RFC 5546) that calendars know again by its UID; the same arguments make the same bytes.

    Whoever moves or cancels the meeting sends it again with a higher `sequence`.
    """
    event = Event()
    event.add("uid", f"{edition.edition_id}@{brand.list_id}")
    event.add("sequence", sequence)
    event.add("dtstamp", edition.as_of.astimezone(UTC))
    event.add("dtstart", starts.astimezone(UTC))
    event.add("dtend", (starts + timedelta(minutes=minutes)).astimezone(UTC))
    event.add("summary", summary)
    event.add("description", description)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("organizer", _calendar_address(organizer))
    for each in attendees:
        event.add("attendee", _asked(each), encode=False)
    for attachment in attachments:
        event.add("attach", _attached(attachment), encode=False)
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made


def _calendar_address(text: str) -> vCalAddress:
    found = address(text)
    known = vCalAddress(f"mailto:{found.addr_spec}")
    if found.display_name:
        known.params["CN"] = vText(found.display_name)
    return known


def _asked(text: str) -> vCalAddress:
    known = _calendar_address(text)
    known.params["ROLE"] = vText("REQ-PARTICIPANT")
    known.params["PARTSTAT"] = vText("NEEDS-ACTION")
    known.params["RSVP"] = vText("TRUE")
    return known


def _attached(attachment: Attachment) -> vBinary:
    binary = vBinary(attachment.content)
    binary.params["FMTTYPE"] = attachment.media_type
    binary.params["X-FILENAME"] = attachment.name
    return binary
