"""The meeting pack carries its invitation: the same bytes each time, and nobody's own link in a calendar."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar

from shared.inviting import Attachment
from shared.mailing.freezing import MINE, Mail, freeze, frozen_bytes
from shared.mailing.post import Headers, MailError
from shared.rendering.writing import Rendered
from tests.mailing.world import PUBLIC, START, listed

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.mailing.relay import Relay
    from tests.mailing.world import World

TEAM = (
    b"person_id,email,name,department,roles\n"
    b"m-1,ana@example.com,Ana Ruiz,sales,meeting\nm-2,bo@example.com,Bo,logistics,meeting\n"
)


def files(mail: EmailMessage) -> dict[str, Any]:
    return {str(part.get_filename()): part for part in mail.iter_attachments()}


def test_the_pack_invites_those_who_meet(world: World, relay: Relay) -> None:
    world.people(TEAM)
    world.people(listed(2))
    world.to(relay, meeting_working_day=7, meeting_time="10:00", zone="Europe/Berlin")
    edition = world.release("meeting_pack")
    world.send()
    assert relay.recipients == {"ana@example.com": 1, "bo@example.com": 1}
    first, second = (files(mail)[f"{edition}.ics"] for mail in relay.mails)
    assert first.get_content_type() == "text/calendar"
    assert first.get_param("method") == "REQUEST"
    assert first.get_content() == second.get_content()
    [event] = Calendar.from_ical(first.get_content()).walk("VEVENT")
    assert event["dtstart"].dt.isoformat() == "2026-05-11T08:00:00+00:00"
    assert [str(each) for each in event["attendee"]] == ["mailto:ana@example.com", "mailto:bo@example.com"]
    assert str(event["organizer"]) == "mailto:editor@example.com"
    for secret in (MINE, PUBLIC + "/preferences"):
        assert secret not in str(event["description"])


def test_only_the_pack_carries_files(world: World, relay: Relay) -> None:
    world.people(TEAM)
    world.to(relay)
    world.release()
    world.send()
    assert [part.get_filename() for mail in relay.mails for part in mail.iter_attachments()] == []


def test_an_invitation_that_is_too_large_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.mailing.enclosing.MOST_ICS", 100)
    world.people(TEAM)
    with pytest.raises(MailError, match="of at most 100"):
        world.release("meeting_pack")


def test_files_arrive_as_they_are_in_the_same_bytes() -> None:
    enclosed = [
        Attachment("a.pdf", "application/pdf", bytes(range(256)) * 10),
        Attachment("b.ics", "text/calendar", b"B"),
    ]
    rendered = Rendered("Hello", f"text {MINE}", f"<p>{MINE}</p>")
    made = freeze(rendered, enclosed)
    assert made == freeze(rendered, enclosed)
    told = {"recipient": "ana@example.com", "attempt": 1, "released_at": START, "content": b""}
    mail = Mail(mail_id="0" * 20, edition_id="meeting_pack-2026-04", person_id="p-1", **told)  # type: ignore[arg-type]
    raw = frozen_bytes(mail, made, b"secret", Headers(public_url=PUBLIC))
    parsed: EmailMessage = message_from_bytes(raw, policy=default)  # type: ignore[assignment]
    assert files(parsed)["a.pdf"].get_content() == enclosed[0].content
    body = parsed.get_body(("plain",))
    assert body is not None
    assert PUBLIC in body.get_content()
