"""Who gets an edition, as what kind of reader, and why others do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from shared import tables
from shared.editions.audiences import reader_of
from shared.editions.brand import Brand
from shared.editions.registry import EDITIONS
from shared.mailing.accounts import accounts_of, owned
from shared.mailing.audiences import AUDIENCES, reader
from shared.mailing.post import MailError
from shared.mailing.releasing import release
from shared.people.addresses import hashed
from shared.people.choosing import erase, prefer
from shared.people.model import Person
from shared.people.reading import everyone
from shared.periods import Period
from shared.publishing import get
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store import people
from tests import make
from tests.mailing.world import APRIL, EDITION, listed

if TYPE_CHECKING:
    from tests.mailing.world import World

STAFF = b"""person_id,email,name,department,roles
p-1,one@example.com,One,sales,
p-2,two@example.com,Two,logistics,
p-3,three@example.com,Three,finance,leader
p-4,four@example.com,Four,quality,meeting
"""


def reached(world: World, edition_id: str) -> set[str]:
    return {row.person_id for row in world.mails("queued") if row.edition_id == edition_id}


def why(world: World) -> dict[str, str]:
    return {row.person_id: row.reason for row in world.mails("excluded")}


def test_each_edition_goes_to_its_audience(world: World) -> None:
    world.people(STAFF)
    assert reached(world, world.release()) == {"p-1", "p-2", "p-3", "p-4"}
    assert reached(world, world.release("leadership")) == {"p-3"}
    with world.store.reading() as connection:
        staff = [person for some in everyone(connection) for person in some]
    takes = {name: [p.person_id for p in staff if of.takes(p)] for name, of in AUDIENCES.items()}
    assert takes == {
        "newsletter": ["p-1", "p-2", "p-3", "p-4"],
        "leadership": ["p-3"],
        "sales": ["p-1"],
        "operations": ["p-2", "p-4"],
        "meeting_pack": ["p-4"],
    }


def test_who_does_not_get_it_is_a_candidate_with_a_reason(world: World) -> None:
    world.people(STAFF)
    prefer(world.store, "p-1", world.now, who="p-1", subscriptions={"newsletter": "never"})
    prefer(world.store, "p-2", world.now, who="p-2", subscriptions={"newsletter": "monthly"})
    with world.store.noting() as connection:
        people.suppress(connection, hashed(world.store.secret, "FOUR@example.com"), "bounced", world.now)
    world.settings["mail_allowed"] = ("one@example.com", "two@example.com", "four@example.com")
    world.release()
    assert why(world) == {
        "p-1": "unsubscribed",
        "p-3": "not on the list of allowed addresses",
        "p-4": "bounced",
    }
    assert (world.sending().candidates, world.adds_up()) == (4, True)


def test_those_of_months_only_get_no_week(world: World) -> None:
    world.people(STAFF)
    prefer(world.store, "p-4", world.now, who="p-4", subscriptions={"operations": "monthly"})
    week = world.release("operations", Period.parse("2026-W16"))
    assert reached(world, week) == {"p-2"}
    assert why(world) == {"p-4": "wants those of months only"}


def test_an_audience_of_nobody_is_no_fault(world: World) -> None:
    world.release()
    assert (world.sending().state, world.sending().reason) == ("completed", "nobody is to get it")


def test_releasing_twice_changes_nothing_and_later_people_get_the_next(world: World) -> None:
    world.people(listed(3))
    edition_id = world.release()
    before = world.mails()
    world.people(listed(5))
    world.later(hours=1)
    release(world.store, edition_id, Brand(), world.chosen.post, world.now)
    assert world.mails() == before


def test_more_recipients_than_allowed_release_nothing(world: World) -> None:
    world.people(listed(5))
    world.settings["mail_most_recipients"] = 4
    with pytest.raises(MailError, match="TANDEM_MAIL_MOST_RECIPIENTS"):
        world.release()
    assert (world.mails(), world.sending()) == ([], None)
    assert get(world.store, EDITION).state == "composed"


def test_who_reads_the_same_shares_one_frozen_content(world: World) -> None:
    world.people(listed(50))
    world.people(STAFF.replace(b"p-", b"q-"))
    world.release()
    with world.store.reading() as connection:
        count = connection.scalar(select(func.count()).select_from(tables.contents))
    assert len(world.mails("queued")) == 54
    assert count == 1


def test_what_a_reader_may_see() -> None:
    ana = Person("p-1", "a@example.com", "Ana", "sales", language="de")
    everyone_reads = reader(ana, "newsletter", frozenset({"C-1"}))
    assert everyone_reads == reader_of("everyone", "de")
    assert reader(ana, "leadership", frozenset()) == reader_of("leadership", "de")
    own = reader(ana, "sales", frozenset({"C-1"}))
    assert (own.person_id, own.name, own.accounts) == ("p-1", "Ana", {"C-1"})
    assert (own.sees_money, own.sees_margin) == (True, False)


def test_every_edition_has_an_audience() -> None:
    assert set(AUDIENCES) == set(EDITIONS)


def test_each_salesperson_gets_a_digest_of_their_own(world: World) -> None:
    world.trade()
    world.people(
        b"person_id,email,name,department,customers\n"
        b"p-1,one@example.com,One,sales,C-1\np-2,two@example.com,Two,sales,C-2\n"
    )
    edition_id = world.release("sales", Period.parse("2026-W16"))
    one, two = (row.content for row in world.mails("queued"))
    assert edition_id == "sales-2026-W16"
    assert one != two


def test_whose_customers_are_whose(world: World) -> None:
    def owner(name: str) -> dict[str, str]:
        return {"person_id": name, "department": "sales"}

    events = [
        make.registered(customer_id="C-1", account_owner=owner("p-1")),
        make.registered(customer_id="C-2", account_owner=owner("p-1")),
        make.registered(customer_id="C-2", time=make.at("02-02"), account_owner=owner("p-2")),
        make.registered(customer_id="C-3"),
    ]
    record(world.store, make.raw(events), as_of=make.LATER, rules=DEFAULTS)
    listed_one = Person("p-3", None, None, "sales", customers=frozenset({"C-3", "C-9"}))
    staff = [Person("p-1", None, None, "sales"), Person("p-2", None, None, "sales"), listed_one]
    with world.store.reading() as connection:
        found = accounts_of(connection, staff, owned(connection))
    assert found == {"p-1": {"C-1"}, "p-2": {"C-2"}, "p-3": {"C-3", "C-9"}}


def test_an_erased_person_is_no_candidate(world: World) -> None:
    world.people(STAFF)
    erase(world.store, "p-2", world.now, who="test")
    world.release()
    assert world.sending().candidates == 3


@pytest.mark.parametrize(
    "name", ['Ana "the" Ruiz', "Ruiz, Ana", "عمر", "=?utf-8?q?x?=", "Zoë <z@example.org>", "李 雷", "a\\b"]
)
def test_any_name_makes_a_mail_to_its_own_address(world: World, name: str) -> None:
    row = name.replace('"', '""')
    world.people(f'person_id,email,name,department\np-1,a@example.com,"{row}",sales\n'.encode())
    world.settings["mail_folder"] = "unused"
    world.release()
    [mail] = world.mails("queued")
    assert mail.recipient.endswith("a@example.com>") or mail.recipient == "a@example.com"
    assert APRIL.name in mail.edition_id
