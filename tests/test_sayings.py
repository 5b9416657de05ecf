"""What code says in English is said in a reader's language, with what it is filled with."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.editions import reasons
from shared.events.catalogue import Rejected, parse
from shared.languages import CATALOGUES
from shared.sayings import said
from tests import make
from tests.bad_inputs import BAD_INPUTS
from tests.events.contract import COMMON, TYPES
from tests.events.test_read_alike import places
from tests.sayings import sayings

LANGUAGES = [path.stem for path in CATALOGUES.glob("*.po")]


WRONG = (
    True, 3, -5, 10**13, 1e300, 0.1234567, "", " ", "x" * 30_000, "a\nb", "a\u200bb", "A\u0308",
    "\U0001f600" * 200,
    "2026-02-30", "2026-13-01", "2026-01-01T25:00:00Z", "5", [], [1], {}, ["a", "a"],
)  # fmt: skip
_ENGLISH = re.compile(r"\b(?:the|should|than|which|with|or|and|line|column|expected|such|write)\b")
CHOSEN = reasons.chosen(Decimal("71.44"), 0, ["quality"], waits=False, pinned=True)
FOR_QUALITY = "der erste aus seinem Muster; seit einem Quartal nicht zu sehen: Qualität"
ROADBLOCK = "roadblock R-1: material shortage, high, 6 days late predicted (sales as communicator, system)"
PREDICTED = "Hindernis R-1: Materialengpass, hoch, 6 Tage zu spät erwartet (Vertrieb, Abstimmung, System)"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("otif_first_commit", "pünktlich und vollständig, erste Zusage"),
        ("the sender ended in the middle", "der Versand brach mittendrin ab"),
        ("the relay answered 250 2.0.0 ok", "das Relay antwortete 250 2.0.0 ok"),
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_an_event_cannot_be_read_is_said_without_a_word_of_english(language: str) -> None:
    reasons = set(_reasons())
    assert len(reasons) > 80
    for reason in sorted(reasons):
        told = said(reason, language)
        assert told != reason
        assert not _ENGLISH.search(told), (reason, told)


def test_a_reason_that_repeats_what_came_is_short() -> None:
    assert max(map(len, _reasons())) < 600


@cache
def _reasons() -> tuple[str, ...]:
    """Of every bad input, and of every value of every event that is replaced by what it cannot be."""
    raws = [each.raw for each in BAD_INPUTS if len(each.raw) < 100_000]
    for name, told in TYPES.items():
        event = make.event(name, make.at("03-02"), {**told.least, **told.more, **COMMON})
        for holder, key in list(places(event)):
            before = holder[key]
            for value in WRONG:
                holder[key] = value
                raws.append(orjson.dumps(event))
            holder[key] = before
    return tuple(reason for raw in raws if (reason := _reason(raw)) is not None)


def _reason(raw: bytes) -> str | None:
    try:
        parse(raw)
    except Rejected as rejected:
        return rejected.reason
    return None


@given(st.text(st.sampled_from("ab ;,()_%s:."), max_size=60), st.sampled_from(LANGUAGES))
def test_no_text_breaks_it(text: str, language: str) -> None:
    assert isinstance(said(text, language), str)


class _Anything(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "X-1"
