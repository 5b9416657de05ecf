"""What code says in English is said in a reader's language, with what it is filled with."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.editions import reasons
from shared.languages import CATALOGUES
from shared.sayings import said
from tests.sayings import sayings

LANGUAGES = [path.stem for path in CATALOGUES.glob("*.po")]


CHOSEN = reasons.chosen(Decimal("71.44"), 0, ["quality"], waits=False, pinned=True)
FOR_QUALITY = "der erste aus seinem Muster; seit einem Quartal nicht zu sehen: Qualität"
ROADBLOCK = "roadblock R-1: material shortage, high, 6 days late predicted (sales as communicator, system)"
PREDICTED = "Hindernis R-1: Materialengpass, hoch, 6 Tage zu spät erwartet (Vertrieb, Abstimmung, System)"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("otif_first_commit", "pünktlich und vollständig, erste Zusage"),
        ("no promise slip", "keine Zusage verschoben"),
        (CHOSEN, f"von der Redaktion gewählt; Stärke 71,4; {FOR_QUALITY}"),
        ("strength 71.4; first of its pattern", "Stärke 71,4; der erste aus seinem Muster"),
        (reasons.same_order("W-1"), "W-1 handelt von demselben Auftrag und verweist darauf"),
        ("more returned than accepted: line 1.5", "mehr zurückgegeben als angenommen: Position 1.5"),
        (ROADBLOCK, PREDICTED),
        ("What nobody of us says; and this", "What nobody of us says; and this"),
        ("editor or publisher", "Redaktion oder Herausgabe"),
        ("", ""),
    ],
)
def test_in_german(text: str, told: str) -> None:
    assert said(text, "de") == told
    assert said(text, "en") == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_saying_is_known_with_anything_in_its_holes(language: str) -> None:
    for text, where in sayings():
        if "%(" in text:
            filled = text % _Anything()
            assert said(filled, language) != filled, (text, where)


@given(st.text(st.sampled_from("ab ;,()_%s:."), max_size=60), st.sampled_from(LANGUAGES))
def test_no_text_breaks_it(text: str, language: str) -> None:
    assert isinstance(said(text, language), str)


class _Anything(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "X-1"
