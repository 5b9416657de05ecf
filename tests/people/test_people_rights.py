"""What people may ask: to be named or not, to be left alone, and to be forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from shared import tables
from shared.measuring import measure
from shared.people.choosing import erase, prefer
from shared.people.importing import import_people
from shared.people.model import PeopleError
from shared.people.reading import one
from shared.periods import Period
from shared.publishing import EditionError, compose, release
from shared.recording import record
from shared.rules import DEFAULTS
from tests import make

if TYPE_CHECKING:
    from shared.editions.model import Edition
    from shared.store.engine import Store

NOW = make.LATER
APRIL = Period.month(2026, 4)
SALES, OPS = "p-sales", "p-ops"
LIST = (
    "person_id,email,name,department\n"
    "p-sales,ana@example.com,Ana Ruiz,sales\np-ops,bo@example.com,Bo Li,logistics\n"
)


def tell(store: Store, *events: Any) -> None:
    record(store, make.raw(list(events)), as_of=NOW, rules=DEFAULTS)


def newsletter(store: Store) -> Edition:
    return compose(store, "newsletter", APRIL, make.days(APRIL.ends_at(DEFAULTS.zone), 4), DEFAULTS, {})


@pytest.fixture
def told(store: Store) -> Store:
    import_people(store, LIST.encode(), NOW)
    tell(store, *make.win())
    return store


def test_nobody_is_named_who_did_not_ask_for_it(told: Store) -> None:
    text = newsletter(told).to_json()
    assert "Ana" not in text
    assert "Bo Li" not in text


def test_who_wishes_it_is_named_and_the_other_is_not(told: Store) -> None:
    prefer(told, SALES, NOW, who="ana", naming="named")
    text = newsletter(told).to_json()
    assert "Ana Ruiz" in text
    assert "Bo Li" not in text


@pytest.mark.parametrize("naming", ["team", "never"])
def test_an_edition_with_a_name_that_was_taken_back_is_not_released(told: Store, naming: str) -> None:
    prefer(told, SALES, NOW, who="ana", naming="named")
    made = newsletter(told)
    prefer(told, SALES, NOW, who="ana", naming=naming)
    with pytest.raises(EditionError, match="compose newsletter-2026-04 again"):
        release(told, made.edition_id)
    assert "Ana" not in release(told, newsletter(told).edition_id).to_json()


def test_forgetting_takes_names_addresses_and_texts_and_no_figure(store: Store) -> None:
    import_people(store, LIST.encode(), NOW)
    by = {**make.SALES, "name": "Ana Ruiz"}
    said = make.feedback("complaint", make.at("05-10"), actor=by, text="Ana wrote this")
    tell(store, *make.win(), said)
    with store.reading() as connection:
        before = measure(connection, APRIL, NOW, DEFAULTS, {})
    gone = erase(store, SALES, NOW, who="test")
    assert (gone.name, gone.email, gone.erased_at) == (None, None, NOW)
    with store.reading() as connection:
        assert measure(connection, APRIL, NOW, DEFAULTS, {}) == before
        for table in (tables.people, tables.names, tables.texts, tables.subscriptions):
            assert "Ana" not in repr(connection.execute(select(table)).all())
        assert b"ana@example.com" not in b"".join(connection.scalars(select(tables.suppressions.c.address)))


def test_nothing_brings_the_forgotten_back(store: Store) -> None:
    import_people(store, LIST.encode(), NOW)
    erase(store, SALES, NOW, who="test")
    tell(store, *make.win(), make.placed(order_id="SO-7", actor={**make.SALES, "name": "Ana Ruiz"}))
    done = import_people(store, LIST.encode(), NOW)
    assert [(reject.line, reject.field) for reject in done.rejects] == [(2, "person_id")]
    with store.reading() as connection:
        assert "Ana" not in repr(connection.execute(select(tables.names)).all())
    with pytest.raises(PeopleError, match="erased"):
        prefer(store, SALES, NOW, who="test", naming="named")


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"naming": "loud"}, "named, team, never"),
        ({"language": "xx"}, "en"),
        ({"subscriptions": {"gazette": "never"}}, "newsletter"),
        ({"subscriptions": {"newsletter": "hourly"}}, "monthly"),
    ],
)
def test_a_wish_that_nobody_knows_is_refused(told: Store, wish: dict[str, Any], says: str) -> None:
    with pytest.raises(PeopleError, match=says):
        prefer(told, SALES, NOW, who="test", **wish)
    with told.reading() as connection:
        assert one(connection, SALES).chosen == frozenset()


def test_who_is_not_there_is_told_so(store: Store) -> None:
    for ask in (prefer, erase):
        with pytest.raises(PeopleError, match="people list"):
            ask(store, "p-0", NOW, who="test")
