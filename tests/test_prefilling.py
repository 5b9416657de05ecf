"""A first draft says what the records know, in the language of whoever writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared.prefilling import begun, known
from shared.projecting.reading import Reading
from shared.recording import record
from shared.rules import DEFAULTS
from shared.stories.submission import of_form
from tests import make

if TYPE_CHECKING:
    from shared.store.engine import Store

SAYS = {
    "en": (
        "Nordlicht Pumps, order SO-1, first promised for 12 March 2026.",
        "A transport failure was raised on 5 March 2026; 3 days of delay were foreseen.",
        "Delivered on 11 March 2026, as first promised.",
        "The sales team kept the customer informed.",
    ),
    "de": (
        "Nordlicht Pumps, Bestellung SO-1, zuerst zugesagt für den 12. März 2026.",
        "Ein Transportausfall wurde am 5. März 2026 gemeldet; 3 Tage Verzug waren absehbar.",
        "Geliefert am 11. März 2026, wie zuerst zugesagt.",
        "Das Vertriebsteam hielt den Kunden auf dem Laufenden.",
    ),
}


@pytest.fixture
def traded(store: Store) -> Store:
    events = [*make.win("SO-1", "C-1"), make.registered("C-1", name="Nordlicht Pumps")]
    record(store, make.raw(events), as_of=make.LATER, rules=DEFAULTS)
    return store


@pytest.mark.parametrize("language", SAYS)
def test_what_is_known_is_said_in_a_language(traded: Store, language: str) -> None:
    draft = begun(traded, "SO-1", make.LATER, DEFAULTS, language)
    assert draft is not None
    customer, threat, deed, helped, result, *rest = draft.answers
    assert (customer, threat, result) == SAYS[language][:3]
    assert SAYS[language][3] in helped
    assert (deed, *rest) == ("", "", "")
    body = of_form({"title": "T", "body": draft.markdown().partition("\n+++\n")[2], "by": {}}).data["body"]
    assert "## " not in body, "no question is told, in whatever language it was asked"


def test_the_help_of_one_side_is_told_alone(traded: Store) -> None:
    with traded.reading() as connection:
        reading = Reading(connection, make.LATER, DEFAULTS)
        told = {side: known(reading, "SO-1", "en", side) for side in ("sales", "operations")}
    sales, operations = told["sales"], told["operations"]
    assert sales is not None
    assert operations is not None
    assert "logistics team" not in sales.answers[3]
    assert "sales team" not in operations.answers[3]
    assert set(sales.people) == set(operations.people) == {"p-sales", "p-ops"}


def test_nobody_knows_an_order_that_was_never_placed(traded: Store) -> None:
    assert begun(traded, "SO-99", make.LATER, DEFAULTS) is None
