"""Who takes back the wish to be named is not named in the archive either; what was mailed stays as it was."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from shared import archive, publishing, tables
from shared.archive import Shelf
from shared.editions.brand import Brand
from shared.editions.registry import compose
from shared.editions.sections import Note, Thanked
from shared.editions.withholding import Withheld, without
from shared.mailing.post import Post
from shared.mailing.releasing import release
from shared.people.choosing import erase, prefer
from shared.periods import Period
from shared.recording import record
from shared.rendering.writing import render_email, render_page, write
from shared.roles import Actor
from shared.rules import DEFAULTS
from tests import make
from tests.asking.company import company
from tests.desk import STORY, desk
from tests.editions.examples import material
from tests.make import instant
from tests.test_clearance import APRIL, FINAL, confirmed, told

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from shared.editions.model import Edition
    from shared.store.engine import Store

LATER = instant("05-11")
ALL = Shelf(frozenset({"newsletter"}))
OWN = "Ana Ruiz asked the customer, and Ana called again. Then we repacked."


def released(store: Store) -> Edition:
    """A newsletter with a story that a person wrote about Ana, who wished to be named."""
    company(store, "named")
    confirmed(store, title="What Ana Ruiz asked", body=OWN)
    desk(store).approve(STORY, Actor("p-editor", frozenset({"editor"})))
    edition = publishing.compose(store, "newsletter", APRIL, LATER, DEFAULTS, {})
    return release(store, edition.edition_id, Brand(), Post(), LATER)


def read(store: Store) -> Edition:
    with store.reading() as connection:
        found = archive.one_of(connection, ALL, "newsletter-2026-04")
    assert found is not None
    return found


def searched(store: Store, text: str) -> int:
    with store.reading() as connection:
        return archive.page_of(connection, ALL, text, 0, 9)[1]


def test_it_is_read_as_it_was_told_while_nobody_takes_it_back(store: Store) -> None:
    edition = released(store)
    assert read(store) == edition
    assert told(edition) == [("What Ana Ruiz asked", OWN)]
    assert searched(store, "ana ruiz") == 1


def test_a_later_opt_out_redacts_pages_search_and_what_is_told_first(store: Store) -> None:
    released(store)
    prefer(store, "p-sales", LATER, who="ana", naming="never")
    found = read(store)
    [(title, text)] = told(found)
    assert title == "What a colleague in sales asked"
    assert text == (
        "A colleague in sales asked the customer, and a colleague in sales called again. Then we repacked."
    )
    mail = render_email(found, Brand())
    for shown in (render_page(found, Brand()), mail.subject, mail.text, mail.html, found.headline):
        assert "Ana" not in shown
    assert searched(store, "ana ruiz") == 0
    with store.reading() as connection:
        latest = archive.latest(connection, "newsletter")
        assert latest == found
    assert "Ana" not in found.to_json()


def test_the_ledger_keeps_what_was_sent_byte_for_byte(store: Store) -> None:
    released(store)
    with store.reading() as connection:
        before = kept(connection)
    prefer(store, "p-sales", LATER, who="ana", naming="never")
    assert "Ana Ruiz" in publishing.get(store, "newsletter-2026-04").to_json()
    with store.reading() as connection:
        assert kept(connection) == before != []


def kept(connection: Connection) -> list[bytes]:
    """The frozen bodies of mails."""
    column = tables.contents.c
    return list(connection.scalars(select(column.body).order_by(column.digest)))


def test_who_wishes_it_again_is_named_again(store: Store) -> None:
    edition = released(store)
    for naming in ("never", "named"):
        prefer(store, "p-sales", LATER, who="ana", naming=naming)
    assert read(store) == edition


def test_an_objection_after_it_was_told_redacts_that_story(store: Store) -> None:
    released(store)
    desk(store, LATER).object(STORY, Actor("p-sales"))
    assert told(read(store))[0][0] == "What a colleague in sales asked"


def test_who_is_forgotten_is_forgotten_in_the_archive_too(store: Store) -> None:
    released(store)
    erase(store, "p-sales", LATER, who="test")
    assert "Ana" not in read(store).to_json()
    assert "Ana" not in publishing.get(store, "newsletter-2026-04").to_json()


def test_deeds_of_a_story_by_rule_lose_the_name_and_keep_the_team(store: Store) -> None:
    company(store, "named")
    record(store, make.raw(make.win()), as_of=FINAL, rules=DEFAULTS)
    edition = publishing.compose(store, "newsletter", Period.month(2026, 4), LATER, DEFAULTS, {})
    release(store, edition.edition_id, Brand(), Post(), LATER)
    assert "Ana Ruiz" in edition.to_json()
    prefer(store, "p-sales", LATER, who="ana", naming="never")
    found = read(store)
    assert "Ana Ruiz" not in found.to_json()
    [story] = found.stories
    assert all(deed.others for deed in story.facts.sales if not deed.who)
    assert "jemand aus dem Bereich Vertrieb" in story.texts["de"].full
    assert "a colleague in sales" in story.texts["en"].full.casefold()


@cache
def example() -> Edition:
    return write(compose("newsletter", material(told=1)))


@given(
    names=st.lists(
        st.from_regex(r"[A-Z][a-z]{2,8} [A-Z][a-zäöüß]{2,8}", fullmatch=True), min_size=1, max_size=3
    )
)
def test_any_name_goes_out_wherever_it_stands_and_nothing_else_changes(names: list[str]) -> None:
    edition = example()
    first, *others = edition.stories
    text = f"Then {names[0]} called, and {names[-1].upper()} too."
    told = edition.model_copy(update={"stories": (first.model_copy(update={"text": text}), *others)})
    found = without(told, [Withheld(name, "sales") for name in names])
    left = (found.stories[0].text or "").casefold()
    assert not any(name.casefold() in left for name in names)
    assert left.startswith("then a colleague in sales called, and a colleague in sales too.")
    assert without(edition, [Withheld("Nobody Atall", "sales")]) is edition


@pytest.mark.parametrize(
    ("name", "written"), [('Jo "Buzz" Lee', 'Jo "Buzz" Lee'), ("Ayşe Yılmaz", "Ayşe Yilmaz")]
)
def test_a_name_goes_out_however_it_is_written_down(name: str, written: str) -> None:
    """Marks are written otherwise in JSON, and few keyboards have a ı."""
    first, *others = example().stories
    told = example().model_copy(
        update={"stories": (first.model_copy(update={"text": f"Then {written} called."}), *others)}
    )
    found = without(told, [Withheld(name, "sales")])
    assert found.stories[0].text == "Then a colleague in sales called."


def test_nor_does_a_note_of_thanks_name_anybody() -> None:
    note = Note(thanks_id="t", text="Well done, Ana Ruíz!", by=None, department="finance")
    thanked = Thanked(given=1, stories=1, to_operations=0, to_sales=0, notes=(note,))
    found = without(example().model_copy(update={"thanked": thanked}), [Withheld("Ana Ruiz", "sales")])
    assert found.thanked is not None
    assert [each.text for each in found.thanked.notes] == ["Well done, a colleague in sales!"]
