"""What an editor is shown before a person's text is told."""

from __future__ import annotations

import pytest

from shared.history.folding import fold
from shared.rules import DEFAULTS
from shared.stories.concerns import MOST_WORDS, concerns
from shared.stories.order_figures import backing_of_orders
from tests import make
from tests.history.folding import folded

ORDER = folded(
    [
        make.placed(make.at("03-01"), make.line(unit_price="12.50")),
        make.confirmed("2026-03-12"),
        make.raised(),
        make.resolved(),
        make.delivered(60, make.at("03-10", "09:40")),
        make.delivered(40, make.at("03-11", "16:20")),
    ]
)
BACKING = backing_of_orders([ORDER])


def found(text: str) -> list[tuple[str, str]]:
    return [(each.kind, each.text) for each in concerns(text, BACKING)]


@pytest.mark.parametrize(
    "text",
    [
        "SO-1: 100 pieces, first promised for 12 March 2026, wanted for 2026-03-10.",
        "On 5 March 3 days were foreseen, three days late. It came in two parts, 60 and 40, on 11 March.",
        "At 09:40 the first 60 were there, at 16:20 the rest: 1 day early, worth 1,250.00.",
    ],
)
def test_what_the_order_backs(text: str) -> None:
    assert [each for each in found(text) if each[0] == "figure"] == []


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("We moved 250 pieces.", "250"),
        ("On 7 April it stood still.", "7 April"),
        ("Up by 12 % since.", "12 %"),
        ("It took seven calls.", "seven"),
        ("Es kostete sieben Anrufe.", "sieben"),
        ("It took 3 hours.", "3 hours"),
        ("It took 3 Stunden.", "3 Stunden"),
        ("Dozens of calls.", "Dozens"),
        ("Half of it was late.", "Half"),
        ("Von 1.500 Teilen", "1.500"),
        ("Order SO-77 helped.", "77"),
    ],
)
def test_figures_that_nothing_backs(text: str, figure: str) -> None:
    assert ("figure", figure) in found(text)


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("It went well because Ana called.", "cause", "because"),
        ("Dank Ana lief es.", "cause", "Dank"),
        ("A seamless delivery.", "word", "seamless"),
        ("“Thank you”, she said.", "quotation", "“”"),
        ("P\u0430ypal helped.", "letters", r"P\u0430ypal"),
        ("An\u200ba called.", "letters", r"An\u200ba"),
        ("word " * 200, "long", "200 words; a story reads best with at most 180"),
        ("word " * (MOST_WORDS + 1), "too_long", f"{MOST_WORDS + 1} words; at most {MOST_WORDS} are told"),
    ],
)
def test_other_concerns(text: str, kind: str, said: str) -> None:
    assert (kind, said) in found(text)


def test_each_is_told_once_and_a_plain_text_has_none() -> None:
    assert found("250 and 250 and 250") == [("figure", "250")]
    assert found("Ana called, and the shift repacked the crate before it left.") == []


def test_a_cause_is_no_banned_word_besides() -> None:
    assert found("because") == [("cause", "because")]


def test_which_of_them_stop_an_approval() -> None:
    told = {each.kind: each for each in concerns("“A” 7 because " + "w " * 501 + "P\u0430y", BACKING)}
    assert {kind for kind, each in told.items() if each.needs_change} == {"too_long"}
    assert {kind for kind, each in told.items() if each.needs_reason} == {"figure", "letters"}


def test_of_no_order_nothing_is_backed() -> None:
    nothing = backing_of_orders([fold("SO-0", (), DEFAULTS)])
    assert [each.text for each in concerns("12 March, 100 pieces", nothing)] == ["12 March", "100"]
