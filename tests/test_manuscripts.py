"""Manuscripts on every database: kept, put aside, brought back, handed in once, and forgotten."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from shared import handing_in, manuscripts, tables
from shared.people.choosing import erase
from shared.people.importing import import_people
from shared.people.reading import one
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store import manuscripts as kept
from shared.store import stories
from shared.stories.manuscript import Words
from tests import make
from tests.newsroom.writing import PEOPLE, jpeg

if TYPE_CHECKING:
    from shared.people.model import Person
    from shared.store.engine import Store

NOW = make.instant("03-16")
WORDS = Words(title="A crate", answers=("", "", "We drove it over.", "", ""), order_id="SO-1")


@pytest.fixture
def weber(store: Store) -> Person:
    import_people(store, PEOPLE.encode(), NOW)
    record(store, make.raw(make.win("SO-1", "C-1")), as_of=NOW, rules=DEFAULTS)
    with store.reading() as connection:
        return one(connection, "p-weber")


def test_a_manuscript_goes_its_way(store: Store, weber: Person) -> None:
    begun = manuscripts.begin(store, weber, "SO-1", NOW, DEFAULTS, "en")
    id_ = begun.manuscript_id
    saved = manuscripts.save(store, weber, id_, replace(WORDS, witness="p-ruiz"), NOW)
    assert saved is not None
    shown = manuscripts.add_photo(store, weber, id_, jpeg(), NOW)
    assert shown is not None
    [photo] = shown.words.photos
    with store.noting() as connection:
        assert kept.put_aside(connection, id_, replace(WORDS, title="Signed out"), NOW)
        assert not kept.put_aside(connection, "0" * 32, WORDS, NOW)
    found = manuscripts.opened(store, weber, id_)
    assert found is not None
    assert found[0].words.title == "Signed out"
    assert found[0].words.photos == (photo,), "no version takes a photo out"
    manuscripts.swap(store, weber, id_, NOW)
    words = replace(WORDS, photos=(replace(photo, alt="A crate"),))
    ready = manuscripts.save(store, weber, id_, words, NOW)
    assert ready is not None
    made = [handing_in.hand_in(store, weber, ready, NOW, DEFAULTS) for _ in range(2)]
    assert [each.outcome for each in made] == ["submitted", "known"]
    with store.reading() as connection:
        [story] = stories.of_author(connection, "p-weber")
        assert stories.of_author(connection, "p-web") == []
        assert story.content.photos == (photo.photo_id,)
        assert kept.photos(connection, story.content.photos)[photo.photo_id].alt == "A crate"
        assert (kept.content(connection, photo.photo_id) or b"").startswith(b"\xff\xd8")
    with store.noting() as connection:
        kept.forget(connection, "p-weber")
        assert kept.all_of(connection, "p-weber") == []
        assert kept.content(connection, photo.photo_id) is None


@pytest.mark.parametrize("gone", ["discarded", "erased"])
def test_a_photo_for_what_is_gone_meanwhile_is_not_kept(store: Store, weber: Person, gone: str) -> None:
    begun = manuscripts.begin(store, weber, "SO-1", NOW, DEFAULTS, "en")
    if gone == "discarded":
        assert manuscripts.discard(store, weber, begun.manuscript_id)
    else:
        erase(store, weber.person_id, NOW, who="test")
    assert manuscripts.add_photo(store, weber, begun.manuscript_id, jpeg(), NOW) is None
    with store.reading() as connection:
        assert connection.execute(select(tables.photos)).first() is None


def test_what_is_not_ready_names_each_field(store: Store, weber: Person) -> None:
    begun = manuscripts.begin(store, weber, "SO-1", NOW, DEFAULTS, "en")
    with pytest.raises(handing_in.NotReadyError) as caught:
        handing_in.hand_in(store, weber, replace(begun, words=Words(witness="p-lin")), NOW, DEFAULTS)
    assert set(caught.value.wrong) == {"order", "title", "answer-2", "witness"}
