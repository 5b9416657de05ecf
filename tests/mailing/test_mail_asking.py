"""Questions go out as all mail does: one clock after another, killed in between, no mail comes twice."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from services.publisher.asking import ask_on
from services.publisher.serving import Publisher
from shared import failpoints
from shared.mailing.deciding import pause, resume
from shared.people.choosing import prefer
from shared.store import ledger, questions
from tests.asking.company import company
from tests.databases import url_of
from tests.desk import HELPER, MONDAY, hand_in, traded
from tests.mailing.relay import ACCEPT_AND_DROP

if TYPE_CHECKING:
    from tests.mailing.relay import Relay
    from tests.mailing.world import World

ROOT = Path(__file__).parents[2]


@pytest.fixture
def asking(world: World, relay: Relay) -> World:
    """Two stories, each thanking another salesperson."""
    company(world.store)
    traded(world.store)
    hand_in(world.store)
    mei = {**HELPER, "person_id": "p-more", "name": "Mei Lin"}
    hand_in(world.store, draft_id="D-2", title="Ein zweiter Tag", thanks=[mei])
    world.to(relay)
    world.now = MONDAY + timedelta(hours=1)
    return world


def go(asking: World) -> None:
    """What a publisher does, once."""
    ask_on(asking.store, asking.chosen, asking.now)
    asking.send()


def test_a_question_is_one_mail_with_a_link_of_its_own(asking: World, relay: Relay) -> None:
    go(asking)
    for _ in range(3):
        asking.later(minutes=1)
        go(asking)
    assert dict(relay.recipients) == {"ana@example.com": 1, "mei@example.com": 1}
    with asking.store.reading() as connection:
        names = {each.person_id: each.question_id for each in questions.listed(connection)}
    links = set()
    for mail in relay.mails:
        text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
        [link] = set(re.findall(r"https://tandem\.example\.com/asked/\S+", text))
        assert link in html
        links.add(link)
        assert mail["Message-ID"].startswith(tuple(f"<{name}.questions-" for name in names.values()))
        assert mail["List-Id"] == "<questions.tandem.localhost>"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "/preferences/" in mail["List-Unsubscribe"]
        assert mail["Auto-Submitted"] == "auto-generated"
    assert len(links) == 2


def test_nothing_is_asked_while_mail_is_paused_and_nothing_is_lost(asking: World, relay: Relay) -> None:
    pause(asking.store, None, asking.now, who="test")
    go(asking)
    assert not relay.taken
    resume(asking.store, None, asking.now, timedelta(hours=48), who="test")
    go(asking)
    assert len(relay.taken) == 2


def test_a_pause_stops_what_is_queued(asking: World, relay: Relay) -> None:
    ask_on(asking.store, asking.chosen, asking.now)
    pause(asking.store, None, asking.now, who="test")
    asking.send()
    assert not relay.taken
    prefer(asking.store, "p-sales", asking.now, who="ana", subscriptions={"questions": "never"})
    resume(asking.store, None, asking.now, timedelta(hours=48), who="test")
    asking.send()
    assert dict(relay.recipients) == {"mei@example.com": 1}


def test_a_relay_that_takes_it_and_says_nothing_leaves_it_doubtful(asking: World, relay: Relay) -> None:
    relay.at_data = lambda _: ACCEPT_AND_DROP
    go(asking)
    relay.at_data = lambda _: "250 OK"
    for _ in range(3):
        asking.later(hours=1)
        go(asking)
    assert all(count == 1 for count in relay.recipients.values())
    assert {mail.state for mail in asking.mails()} == {"doubtful"}


@pytest.mark.parametrize("point", [*failpoints.ASKING, "after_started"])
def test_killed_at_any_point_nothing_is_asked_twice(asking: World, relay: Relay, point: str) -> None:
    arguments = [url_of(asking.store), str(relay.port), point, asking.now.isoformat()]
    done = subprocess.run([sys.executable, "-m", "tests.mailing.asking", *arguments], cwd=ROOT, check=False)
    assert done.returncode == 137
    for _ in range(2):
        asking.later(minutes=16)
        go(asking)
    assert all(count == 1 for count in relay.recipients.values())
    with asking.store.reading() as connection:
        asked = questions.listed(connection)
        mails = {mail.mail_id: mail.state for mail in ledger.listed(connection)}
    assert len(asked) == 2
    assert {each.question_id for each in asked} == mails.keys()
    assert set(mails.values()) <= {"sent", "doubtful"}
    if "doubtful" not in mails.values():
        assert len(relay.taken) == 2


def test_the_publisher_asks(asking: World, relay: Relay) -> None:
    """By itself, without any schedule."""
    publisher = Publisher(asking.chosen, asking.store, clock=lambda: asking.now)
    publisher._once(asking.now)  # noqa: SLF001 - one turn of its loop
    assert dict(relay.recipients) == {"ana@example.com": 1, "mei@example.com": 1}
