"""Thanks reach those whom they are for in their next mail, once, and never as a mail of their own."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shared import publishing, thanking
from shared.mailing.links import read
from shared.people.choosing import prefer
from shared.people.reading import one
from shared.periods import Period
from shared.publishing import EditionError
from tests.mailing.world import EDITION, World

if TYPE_CHECKING:
    from shared.store.engine import Store

STORY = "story-roadblock_beaten:SO-1"
PEOPLE = b"""person_id,email,name,department,naming,language
p-giver,giver@example.com,Gil Over,finance,named,en
p-sales,ana@example.com,Ana Ruiz,sales,team,de
p-ops,jonas@example.com,Jonas Weber,logistics,team,en
"""


@pytest.fixture
def world(store: Store, tmp_path: Path) -> World:
    found = World(store, settings={"mail_folder": str(tmp_path / "mail")})
    found.people(PEOPLE)
    found.trade()
    found.release()
    found.send()
    return found


def thank(world: World, note: str = "", *, shown: bool = False, person_id: str = "p-giver") -> None:
    with world.store.reading() as connection:
        person = one(connection, person_id)
    thanking.thank(world.store, person, STORY, EDITION, world.now, note=note, shown=shown)


def mails(world: World, name: str) -> dict[str, tuple[str, str]]:
    """The text and HTML that each got in an edition, by the part of the address before the @."""
    found = {}
    for file in Path(world.chosen.mail_folder).rglob("*.eml"):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        if name in str(mail["Feedback-ID"]):
            to = mail["To"].addresses[0].username
            parts = [mail.get_body([kind]) for kind in ("plain", "html")]
            found[to] = tuple("" if part is None else part.get_content() for part in parts)
    return found


def following(world: World, month: int = 5) -> dict[str, tuple[str, str]]:
    """What the newsletter of a month says to each."""
    world.later(days=1)
    edition_id = world.release("newsletter", Period.month(2026, month))
    world.send()
    return mails(world, edition_id)


def test_each_mail_has_its_readers_own_link(world: World) -> None:
    found = mails(world, EDITION)
    for to, person in (("giver", "p-giver"), ("ana", "p-sales")):
        for part in found[to]:
            link = part.partition("https://tandem.example.com/thanks/")[2]
            token, _, story = link.partition("/")
            assert read(world.store.secret, "thanks", token) == (person, EDITION)
            assert story.startswith("story-roadblock_beaten-SO-1")
            assert "tandem.invalid" not in part


def test_the_next_mail_tells_those_whom_thanks_are_for(world: World) -> None:
    thank(world, "You made my month")
    found = following(world)
    for to, heading in (("ana", "Dank an Sie"), ("jonas", "Thanks for you")):
        for part in found[to]:
            assert heading.casefold() in part.casefold()
            assert "You made my month" in part
            assert "Gil Over" in part
    assert all("You made my month" not in part for part in found["giver"])


def test_it_is_told_once(world: World) -> None:
    thank(world, "You made my month")
    following(world)
    assert all("Thanks for you" not in part for part in following(world, 6)["jonas"])


def test_nothing_is_told_that_was_taken_back(world: World) -> None:
    thank(world, "You made my month")
    thanking.take_back(world.store, "p-giver", STORY, world.now)
    assert all("Thanks for you" not in part for part in following(world)["jonas"])


def test_who_gets_no_mail_is_told_later(world: World) -> None:
    prefer(world.store, "p-ops", world.now, who="test", subscriptions={"newsletter": "never"})
    thank(world, "You made my month")
    assert "jonas" not in following(world)
    prefer(world.store, "p-ops", world.now, who="test", subscriptions={"newsletter": "every"})
    assert "You made my month" in following(world, 6)["jonas"][0]


def test_who_does_not_wish_to_be_named_is_not(world: World) -> None:
    prefer(world.store, "p-giver", world.now, who="test", naming="team")
    thank(world, "You made my month")
    text = following(world)["jonas"][0]
    assert "Someone in finance" in text
    assert "Gil" not in text


def test_who_is_never_to_be_named_is_a_colleague(world: World) -> None:
    prefer(world.store, "p-giver", world.now, who="test", naming="never")
    thank(world, "You made my month")
    text = following(world)["jonas"][0]
    assert "A colleague" in text
    assert "finance" not in text.partition("You made my month")[2][:60]


def test_the_next_newsletter_counts_thanks_and_shows_notes_as_agreed(world: World) -> None:
    thank(world, "Everyone may read this", shown=True)
    thank(world, "Only for you", person_id="p-ops")
    found = following(world)["giver"]
    for part in found:
        assert "Thanks were given 2 times, for one story." in " ".join(part.split())
        assert "“Everyone may read this”" in unescape(part)
        assert "Only for you" not in part


def test_a_note_that_was_taken_back_stops_the_release(world: World) -> None:
    thank(world, "Everyone may read this", shown=True)
    world.later(days=1)
    edition_id = world.compose("newsletter", Period.month(2026, 5))
    thanking.take_back(world.store, "p-giver", STORY, world.now + timedelta(minutes=1))
    with pytest.raises(EditionError, match="a note of thanks"):
        publishing.release(world.store, edition_id)
