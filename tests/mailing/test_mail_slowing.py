"""Who shows no sign of use gets the newsletter once a quarter, is told so, and is never watched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from shared.editions.registry import EDITIONS
from shared.mailing.slowing import SLOWED
from shared.people.choosing import erase, prefer
from shared.periods import Period
from shared.store import signs, thanks
from tests.mailing.test_mail_bounces import mailed
from tests.mailing.world import listed

if TYPE_CHECKING:
    from tests.mailing.relay import Relay
    from tests.mailing.world import World

LINE = "once a quarter from now on"


@pytest.fixture
def silent(world: World) -> World:
    """Two people who got the newsletters of May to July, and did nothing."""
    world.people(listed(2))
    world.settings["mail_slow_down_after"] = 3
    for month in (5, 6, 7):
        mailed(world, f"newsletter-2026-0{month}")
        world.later(days=30)
    return world


def fates(world: World, month: int) -> dict[str, str]:
    edition = world.release("newsletter", Period.month(2026, month))
    return {row.person_id: row.reason or row.state for row in world.mails() if row.edition_id == edition}


def test_it_slows_down_and_stays_slow(silent: World) -> None:
    assert fates(silent, 8) == {"p-1": SLOWED, "p-2": SLOWED}
    silent.later(days=30)
    assert fates(silent, 9) == {"p-1": "queued", "p-2": "queued"}


def test_a_sign_or_a_choice_keeps_it_monthly(silent: World) -> None:
    with silent.store.noting() as connection:
        signs.note(connection, "p-1", silent.now)
    prefer(silent.store, "p-2", silent.now, who="p-2 by link", subscriptions={"newsletter": "every"})
    silent.later(days=1)
    assert fates(silent, 8) == {"p-1": "queued", "p-2": "queued"}


def test_a_thank_you_is_a_sign(silent: World) -> None:
    row = {"thanks_id": "t-1", "story_id": "s-1", "edition_id": "newsletter-2026-07", "person_id": "p-1"}
    row |= {"department": "sales", "note": "", "shown": False, "given_at": silent.now, "digest": b""}
    with silent.store.noting() as connection:
        thanks.put(connection, row | {"taken_back_at": None, "changed_at": silent.now}, [], [])
    assert fates(silent, 8) == {"p-1": "queued", "p-2": SLOWED}


def test_without_the_setting_nothing_slows_down(silent: World) -> None:
    silent.settings["mail_slow_down_after"] = None
    assert set(fates(silent, 8).values()) == {"queued"}


def test_it_is_told_in_the_mail_before_the_first_gap(world: World, relay: Relay) -> None:
    world.people(listed(2))
    world.to(relay, mail_slow_down_after=3)
    for month in (5, 6):
        mailed(world, f"newsletter-2026-0{month}")
        world.later(days=30)
    with world.store.noting() as connection:
        signs.note(connection, "p-2", world.now)
    edition = world.release("newsletter", Period.month(2026, 7))
    world.send(edition)
    told = {str(mail["To"]): mail for mail in relay.mails}
    for kind in ("plain", "html"):
        texts = {to: " ".join(str(mail.get_body((kind,)).get_content()).split()) for to, mail in told.items()}  # type: ignore[union-attr]
        assert {to: LINE in text for to, text in texts.items()} == {
            "Person 1 <p1@example.com>": True,
            "Person 2 <p2@example.com>": False,
        }


def test_nothing_is_kept_of_the_erased(silent: World) -> None:
    with silent.store.noting() as connection:
        signs.note(connection, "p-1", silent.now)
    erase(silent.store, "p-1", silent.now, who="p-1")
    with silent.store.reading() as connection:
        assert signs.last(connection, ["p-1"]) == {}


@pytest.mark.parametrize("name", ["newsletter", "leadership", "meeting_pack"])
def test_no_mail_fetches_anything_when_it_is_opened(world: World, relay: Relay, name: str) -> None:
    assert name in EDITIONS
    world.trade()
    roles = b"person_id,email,name,department,roles\nb-1,boss@example.com,Boss,management,leader;meeting\n"
    world.people(roles)
    world.to(relay)
    world.release(name)
    world.send()
    [mail] = relay.mails
    html = str(mail.get_body(("html",)).get_content())  # type: ignore[union-attr]
    assert re.findall(r"""(?:src|background|srcset)\s*=\s*["'](?!cid:)[^"']+""", html) == []
    assert re.findall(r"url\((?!['\"]?data:)[^)]*\)|@import|<link[^>]*stylesheet", html) == []
    assert 'width="1" height="1"' not in html
